/**
 * @file One number for each repeat of a group, whatever the number of cells: repeats are what is drawn anew, and
 * cells of one repeat share its draws.
 */

import { type SampleSummary, summarizeSample } from "../../analysis/index.ts";
import type { ComparedGroup } from "./groups.ts";
import { settingsOf } from "./groups.ts";

/** A metric in a group. */
export interface GroupMetric {
  /** Of each repeat, the mean over cells; shape `(repeat)`. */
  values: number[];
  summary: SampleSummary;
  /** Repeats without a value in at least one cell, left out. */
  missing: number;
}

/** A metric of every repeat of a group. */
export function groupMetric(group: ComparedGroup, metric: string): GroupMetric {
  const units = new Map<string, number[]>();
  for (const { unit, metrics } of group.cells)
    units.set(unit, [...(units.get(unit) ?? []), metrics[metric] ?? Number.NaN]);
  const cells = settingsOf(group).size;
  // A mean over other cells than those of the other repeats would be another quantity.
  const whole = [...units.values()].filter((own) => own.length === cells && own.every(Number.isFinite));
  const values = whole.map((own) => own.reduce((sum, v) => sum + v, 0) / own.length);
  return { values, summary: summarizeSample(values), missing: units.size - values.length };
}

/** Repeats of a group. */
export function unitsOf({ cells }: Pick<ComparedGroup, "cells">): number {
  return new Set(cells.map(({ unit }) => unit)).size;
}
