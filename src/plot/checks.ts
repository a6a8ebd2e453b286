/**
 * @file What the figures of self-organisation refuse, said in one voice; and the range of what they draw.
 */

import { CajalError } from "../core/index.ts";

/** Stop with a message that says where and how to mend it. @throws CajalError always. */
export function refuse(where: string, what: string, code: string, hint?: string): never {
  throw new CajalError(what, { code, where, hint });
}

/** @throws CajalError `empty-figure` where a list has no entry. */
export function checkSome(where: string, list: ArrayLike<unknown>, what: string): void {
  if (list.length === 0) refuse(where, `there is no ${what} to draw`, "empty-figure", "Give at least one.");
}

/** A whole number ≥ 1. @param of - What it counts, ` of updates,`. @throws CajalError `out-of-range`. */
export function checkCount(where: string, name: string, value: number, of = ""): void {
  if (Number.isInteger(value) && value >= 1) return;
  refuse(where, `${name} is ${value}`, "out-of-range", `Give a whole number${of} ≥ 1.`);
}

/** All lists as long as the first. @throws CajalError `shape`. */
export function checkLengths(where: string, lists: Record<string, ArrayLike<unknown> | undefined>): void {
  const given = Object.entries(lists).filter((e): e is [string, ArrayLike<unknown>] => e[1] !== undefined);
  const [firstName, first] = given[0];
  for (const [name, list] of given) {
    if (list.length === first.length) continue;
    refuse(
      where,
      `${name} has ${list.length} values, ${firstName} has ${first.length}`,
      "shape",
      "Give one value for each point, NaN where there is none.",
    );
  }
}

/** Smallest and largest finite value; undefined if there is none. @param positive - Leave out what a log axis cannot show. */
export function rangeOf(
  lists: readonly (ArrayLike<number> | undefined)[],
  { positive = false } = {},
): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let i = 0; list !== undefined && i < list.length; i++) {
      const v = list[i];
      if (!Number.isFinite(v) || (positive && v <= 0)) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** As {@link rangeOf}. @throws CajalError `empty-figure` where nothing can be drawn. */
export function checkedRange(
  where: string,
  lists: readonly (ArrayLike<number> | undefined)[],
  { what, positive = false }: { what: string; positive?: boolean },
): [number, number] {
  const kind = positive ? "positive finite" : "finite";
  return (
    rangeOf(lists, { positive }) ??
    refuse(where, `no ${kind} ${what} to draw`, "empty-figure", `Give at least one ${kind} value.`)
  );
}

/** Ends of a logarithmic axis: the data with a little room, a decade at least so that it has ticks. */
export function logDomain([low, high]: readonly [number, number], room = 1.25): [number, number] {
  const centre = Math.sqrt(low) * Math.sqrt(high);
  const half = Math.max(Math.sqrt(high / low) * room, Math.sqrt(10));
  return [centre / half, centre * half];
}

/** Ends of a linear axis: the data with a little room, and 0 if it is near or asked for. */
export function linearDomain(
  [low, high]: readonly [number, number],
  { zero = false, room = 0.06 } = {},
): [number, number] {
  const from = zero ? Math.min(0, low) : low;
  const to = zero ? Math.max(0, high) : high;
  const pad = (to - from || Math.abs(to) || 1) * room;
  return [from === 0 ? 0 : from - pad, to === 0 ? 0 : to + pad];
}
