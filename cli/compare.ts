/**
 * @file `cajal compare`: groups of runs beside each other.
 */

import { relative, resolve } from "node:path";
import pc from "picocolors";
import {
  type Comparison,
  compareRuns,
  metricHead,
  metricMeaning,
  packageVersion,
  renderComparison,
  writeDurably,
} from "../src/experiment/index.ts";
import { formatCount, formatFixed, formatNumber, formatSigned } from "../src/plot/index.ts";
import { USUAL_COLUMNS, visibleLength, wrapText } from "./format.ts";
import type { CommandIo, Output } from "./io.ts";
import { readingRuns } from "./missing-file.ts";
import { type Column, formatTable } from "./table.ts";

/** Options of `cajal compare`. */
export interface CompareCommandOptions {
  metric?: string[];
  until?: number;
  out?: string;
  json?: boolean;
  command?: string;
}

/** Compare groups. @returns The exit code. */
export async function compareCommand(
  groups: readonly string[],
  { metric, until, out, json, command }: CompareCommandOptions,
  io: CommandIo,
): Promise<number> {
  const comparing = compareRuns(groups, {
    ...(metric && { metrics: metric }),
    ...(until !== undefined && { until }),
    resolve: (folder) => resolve(io.cwd, folder),
  });
  const comparison = await readingRuns(comparing, io);
  const text = json ? io.err : io.out;
  print(comparison, text);
  if (out !== undefined) {
    const file = resolve(io.cwd, out);
    await writeDurably(file, await renderComparison(comparison, { command, version: packageVersion() }));
    text.write(`${relative(io.cwd, file)}\n`);
  }
  if (json) io.out.write(`${JSON.stringify(plain(comparison))}\n`);
  return 0;
}

// Implementation

/** Without single curves, which are long; the bands are in each group. */
function plain({ curves: _, ...rest }: Comparison): object {
  return rest;
}

function print(comparison: Comparison, text: Output): void {
  const { cautions, tests, metrics, further } = comparison;
  const { table, shown } = fitting(comparison, text);
  text.write(`${table}\n`);
  const notes = [
    "median (quartiles) over repeats",
    ...metrics.slice(0, shown).flatMap((metric) => {
      const meaning = metricMeaning(metric);
      return meaning ? [`${metricHead(metric)}: ${meaning}`] : [];
    }),
  ];
  text.write(`${pc.dim(wrapText(notes.join("; "), text))}\n\n`);
  if (tests.length > 0) {
    text.write(`${testTable(comparison)}\n`);
    const words =
      "difference of means; g: Hedges' g [95 %]; δ: Cliff's delta; p: Mann–Whitney, two-sided; Holm: corrected for all pairs of a metric";
    text.write(`${pc.dim(wrapText(words, text))}\n\n`);
  }
  for (const caution of cautions) text.write(`${pc.yellow("note")}  ${caution}\n`);
  const hidden = [...metrics.slice(shown), ...further];
  if (hidden.length > 0)
    text.write(`${pc.dim(wrapText(`Not in this table, see --metric: ${hidden.join(", ")}`, text, 0))}\n`);
  if (cautions.length > 0 || hidden.length > 0) text.write("\n");
}

/** As many metrics as fit the width; the rest is on the page and in JSON. */
function fitting(comparison: Comparison, text: Output): { table: string; shown: number } {
  const width = text.columns || USUAL_COLUMNS;
  for (let shown = comparison.metrics.length; ; shown--) {
    const table = groupTable(comparison, shown);
    if (shown <= 1 || table.split("\n").every((line) => visibleLength(line) < width)) return { table, shown };
  }
}

function groupTable({ groups, metrics }: Comparison, shown: number): string {
  const columns: Column[] = [
    { head: "group" },
    { head: "repeats", align: "right" },
    ...metrics.slice(0, shown).map((metric) => ({ head: metricHead(metric), align: "right" as const })),
  ];
  const rows = groups.map(({ label, repeats, metrics: own }) => [
    label,
    String(repeats),
    ...metrics.slice(0, shown).map((metric) => {
      const { median, q25, q75, count } = own[metric].summary;
      if (count === 0) return "–";
      return shortNumber(median) + (count > 1 ? ` (${shortNumber(q25)}–${shortNumber(q75)})` : "");
    }),
  ]);
  return formatTable(columns, rows);
}

function testTable({ tests }: Comparison): string {
  const right = (head: string): Column => ({ head, align: "right" });
  const columns: Column[] = [
    { head: "metric" },
    { head: "groups" },
    ...["difference", "g", "δ", "p", "Holm"].map(right),
  ];
  const rows = tests.map((test, i) => [
    tests[i - 1]?.metric === test.metric ? "" : metricHead(test.metric),
    `${test.a} – ${test.b}`,
    formatSigned(test.difference),
    formatFixed(test.g, 2) +
      (Number.isFinite(test.low) ? ` [${formatFixed(test.low, 2)}, ${formatFixed(test.high, 2)}]` : ""),
    formatFixed(test.cliffsDelta, 2),
    formatP(test.p),
    formatP(test.pHolm),
  ]);
  return formatTable(columns, rows);
}

const shortNumber = (value: number): string =>
  Number.isInteger(value) ? formatCount(value) : formatNumber(value);
const formatP = (p: number): string => (p < 0.001 ? p.toExponential(1) : p.toFixed(p < 0.1 ? 3 : 2));
