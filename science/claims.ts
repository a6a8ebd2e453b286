/**
 * @file What a study finds: claims with what was wanted and what was measured, printed as a table and kept as Markdown.
 */

import { writeFileSync } from "node:fs";
import Table from "cli-table3";

/** One acceptance check. */
export interface Claim {
  /** Of the acceptance list, e.g. `S4`. */
  id: string;
  claim: string;
  wanted: string;
  measured: string;
  holds: boolean;
}

/** Collects the claims of all studies. */
export class Findings {
  readonly claims: Claim[] = [];
  readonly #notes: string[] = [];
  readonly #tables: string[] = [];

  /** A number that must lie in an interval. */
  within(id: string, claim: string, value: number, [low, high]: readonly [number, number], digits = 3): void {
    this.holds(id, claim, {
      wanted: `${low} … ${high}`,
      measured: value.toFixed(digits),
      holds: value >= low && value <= high,
    });
  }

  /** A number of every seed, each of which must lie in an interval. */
  allWithin(
    id: string,
    claim: string,
    values: readonly number[],
    [low, high]: readonly [number, number],
    digits: number,
  ): void {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    this.holds(id, values.length > 1 ? `${claim}; ${values.length} seeds` : claim, {
      wanted: `${low} … ${high}`,
      measured:
        values.length > 1 ? `${least.toFixed(digits)} … ${most.toFixed(digits)}` : least.toFixed(digits),
      holds: least >= low && most <= high,
    });
  }

  /** A claim judged by the study. */
  holds(id: string, claim: string, { wanted, measured, holds }: Omit<Claim, "id" | "claim">): void {
    this.claims.push({ id, claim, wanted, measured, holds });
    console.error(`  ${holds ? "holds " : "MISSES"}  ${id}  ${claim}: ${measured} (wanted ${wanted})`);
  }

  /** A line under the table. */
  note(text: string): void {
    this.#notes.push(text);
    console.error(`  note    ${text}`);
  }

  /** Numbers of single networks, below the claims. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    this.#tables.push([line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n"));
  }

  /** The table for a terminal. */
  toString(): string {
    const table = new Table({
      head: ["id", "claim", "wanted", "measured", "holds"],
      style: { head: [], border: [] },
    });
    for (const c of this.claims) table.push([c.id, c.claim, c.wanted, c.measured, c.holds ? "yes" : "NO"]);
    return [table.toString(), ...this.#tables, ...this.#notes].join("\n");
  }

  /** Write everything as Markdown, after an introduction. */
  write(file: string, introduction: string): void {
    writeFileSync(file, `${introduction}\n\n${this.markdown()}\n`);
  }

  /** Claims, tables and notes as Markdown. */
  markdown(): string {
    const rows = this.claims.map(
      (c) => `| ${c.id} | ${c.claim} | ${c.wanted} | ${c.measured} | ${c.holds ? "yes" : "**no**"} |`,
    );
    const table = ["| id | claim | wanted | measured | holds |", "|---|---|---|---|---|", ...rows].join("\n");
    const notes = this.#notes.map((n) => `- ${n}`).join("\n");
    return [table, ...this.#tables, notes].join("\n\n");
  }
}

/** Mean of some numbers. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}

/** Standard deviation of some numbers, of the population. */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += (values[k] - centre) ** 2;
  return Math.sqrt(sum / values.length);
}
