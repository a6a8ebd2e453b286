/**
 * @file What a learning curve is summed up by: its minimum, where that was, and when the loss first came close to it.
 */

import type { Curve } from "./compared-run.ts";

/** Numbers of one curve of loss; NaN where it has no finite value. */
export interface LearningNumbers {
  minimumLoss: number;
  updateOfMinimum: number;
  /** First update whose loss lies within 1 % of the curve's own range above its minimum. */
  updateNearMinimum: number;
}

/** Share of the range that counts as close. */
const NEAR = 0.01;

/** Sum up a curve. @param until - Updates after this one do not count. */
export function learningNumbers(
  { updates, values }: Curve,
  until = Number.POSITIVE_INFINITY,
): LearningNumbers {
  const finite: number[] = [];
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i]) && updates[i] <= until) finite.push(i);
  if (finite.length === 0) {
    return { minimumLoss: Number.NaN, updateOfMinimum: Number.NaN, updateNearMinimum: Number.NaN };
  }
  const best = finite.reduce((a, b) => (values[b] < values[a] ? b : a));
  const highest = finite.reduce((most, i) => Math.max(most, values[i]), values[best]);
  const limit = values[best] + NEAR * (highest - values[best]);
  const near = finite.find((i) => values[i] <= limit)!;
  return {
    minimumLoss: values[best],
    updateOfMinimum: updates[best],
    updateNearMinimum: updates[near],
  };
}

/** The part of a curve up to an update. */
export function curveUntil({ updates, values }: Curve, until: number): Curve {
  let count = 0;
  while (count < values.length && updates[count] <= until) count++;
  return {
    updates: Array.from(updates).slice(0, count),
    values: Array.from(values).slice(0, count),
  };
}
