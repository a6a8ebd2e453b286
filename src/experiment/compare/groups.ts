/**
 * @file From what was asked for to groups: cells of runs under a label.
 */

import { basename } from "node:path";
import { CajalError, suggest } from "../../core/index.ts";
import { shownPath } from "../shown-path.ts";
import type { FactorValue } from "../spec/factors.ts";
import type { ComparedCell, ComparedRun } from "./compared-run.ts";
import type { FactorChoice } from "./group-choice.ts";

/** Cells that are compared as one. */
export interface ComparedGroup {
  label: string;
  run: ComparedRun;
  /** What was chosen, by column. */
  where: Record<string, FactorValue>;
  cells: ComparedCell[];
}

/** A run and the conditions on it. */
export interface ChosenRun {
  run: ComparedRun;
  where: readonly FactorChoice[];
}

/**
 * The groups of a comparison, in the order asked for.
 *
 * @throws CajalError `no-such-factor`, `no-such-value`, `empty-group`, `one-group`, `different-kinds`.
 */
export function groupsOf(chosen: readonly ChosenRun[]): ComparedGroup[] {
  const folders = new Set(chosen.map(({ run }) => run.folder));
  const groups = chosen.flatMap((choice) => splitRun(choice, { several: folders.size > 1 }));
  checkKinds(groups);
  if (groups.length < 2) {
    const { run } = chosen[0];
    const factors = run.varying.length > 0 ? run.varying : undefined;
    const own = `${shownPath(run.folder)}:${factors?.[0]}`;
    throw new CajalError("there is one group, and nothing to compare it with", {
      code: "one-group",
      hint: factors
        ? `Name a second run, or split this one by a factor: ${own} (factors: ${factors.join(", ")}).`
        : "Name a second run; this one has no factors to split it by.",
    });
  }
  return withDistinctLabels(groups);
}

/** Cells of a group under each combination of the factors that vary within it, by its words. */
export function settingsOf({ cells }: Pick<ComparedGroup, "cells">): Map<string, ComparedCell[]> {
  const varying = varyingWithin(cells);
  const settings = new Map<string, ComparedCell[]>();
  for (const cell of cells) {
    const words = varying.map((name) => factorWords(name, cell.factors[name])).join(", ");
    settings.set(words, [...(settings.get(words) ?? []), cell]);
  }
  return settings;
}

/** Factors with more than one value among cells. */
export function varyingWithin(cells: readonly ComparedCell[]): string[] {
  const names = new Set(cells.flatMap(({ factors }) => Object.keys(factors)));
  return [...names].filter((name) => new Set(cells.map(({ factors }) => factors[name])).size > 1);
}

// Implementation

function splitRun({ run, where }: ChosenRun, { several }: { several: boolean }): ComparedGroup[] {
  const columns = columnsOf(run);
  const conditions = where.map(({ factor, value }) => ({ column: columnOf(run, factor, columns), value }));
  let cells = run.cells;
  const chosen: Record<string, FactorValue> = {};
  for (const { column, value } of conditions) {
    if (value === undefined) continue;
    const found = knownValue(run, { column, value, cells: run.cells });
    chosen[column] = found;
    cells = cells.filter(({ factors }) => factors[column] === found);
  }
  const shown = where.map(({ factor, value }) => `${factor}=${value}`).join(",");
  if (cells.length === 0) {
    throw new CajalError(`no job of ${shownPath(run.folder)} has ${shown || "a result"}`, {
      code: "empty-group",
      hint: shown ? "Each condition is met by some, but not all together." : "All its jobs failed.",
    });
  }
  const splits = conditions.flatMap(({ column, value }) => (value === undefined ? [column] : []));
  // Networks of one run, such as a connectome and its null models, were made to be compared.
  const networks = new Set(cells.map(({ factors }) => factors.network));
  if (networks.size > 1 && !splits.includes("network")) splits.unshift("network");
  return partsOf(cells, splits).map((part) => {
    const values = { ...chosen, ...part.values };
    const words = Object.entries(values).map(([name, value]) =>
      name === "network" ? String(value) : factorWords(name, value),
    );
    const folder = several || words.length === 0 ? [basename(run.folder)] : [];
    return { label: [...folder, ...words].join(", "), run, where: values, cells: part.cells };
  });
}

function partsOf(cells: ComparedCell[], splits: readonly string[]) {
  let parts: { values: Record<string, FactorValue>; cells: ComparedCell[] }[] = [{ values: {}, cells }];
  for (const column of splits) {
    parts = parts.flatMap((part) => {
      const values = new Set(part.cells.map(({ factors }) => factors[column]));
      return [...values].map((value) => ({
        values: { ...part.values, [column]: value },
        cells: part.cells.filter(({ factors }) => factors[column] === value),
      }));
    });
  }
  return parts;
}

function columnsOf({ cells }: ComparedRun): string[] {
  return [...new Set(cells.flatMap(({ factors }) => Object.keys(factors)))];
}

/** A factor by its column, or by its whole path whose last part is the column. */
function columnOf(run: ComparedRun, factor: string, columns: readonly string[]): string {
  const last = factor.split(".").at(-1)!;
  const found = columns.find((c) => c === factor) ?? columns.find((c) => c === last);
  if (found !== undefined) return found;
  throw new CajalError(`${shownPath(run.folder)} has no factor "${factor}"`, {
    code: "no-such-factor",
    hint: suggest(factor, columns),
  });
}

function knownValue(
  run: ComparedRun,
  { column, value, cells }: { column: string; value: string; cells: readonly ComparedCell[] },
): FactorValue {
  const values = [...new Set(cells.map(({ factors }) => factors[column]))];
  // 1e-3 and 0.001 are one number.
  const found = values.find((v) => (typeof v === "number" ? v === Number(value) : v === value));
  if (found !== undefined) return found;
  throw new CajalError(`no job of ${shownPath(run.folder)} has ${column} = ${value}`, {
    code: "no-such-value",
    hint: suggest(value, values.map(String)),
  });
}

function checkKinds(groups: readonly ComparedGroup[]): void {
  const [first, ...rest] = groups;
  const other = rest.find(({ run }) => run.kind !== first.run.kind);
  if (!other) return;
  const what = ({ run }: ComparedGroup) => `${shownPath(run.folder)} is of kind ${run.kind}`;
  throw new CajalError(`${what(first)}, ${what(other)}`, {
    code: "different-kinds",
    hint: "Compare runs of one kind: their metrics mean different things.",
  });
}

function withDistinctLabels(groups: ComparedGroup[]): ComparedGroup[] {
  const labels = groups.map(({ label }) => label);
  // Two folders of one name lie in different places.
  const clash = new Set(labels.filter((label, i) => labels.indexOf(label) !== i));
  const longer = groups.map(({ label, run }) =>
    clash.has(label) ? label.replace(basename(run.folder), shownPath(run.folder)) : label,
  );
  return groups.map((group, i) => {
    const before = longer.slice(0, i).filter((label) => label === longer[i]).length;
    return { ...group, label: before > 0 ? `${longer[i]} (${before + 1})` : longer[i] };
  });
}

function factorWords(name: string, value: FactorValue): string {
  return `${name} ${value}`;
}
