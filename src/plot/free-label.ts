/**
 * @file Words among curves: of some places that would do, the one where they cover least.
 */

import type { Plane, Points } from "./plane.ts";
import { halo } from "./plane-text.ts";
import { COLOUR, FONT_SIZE } from "./style.ts";
import { textWidth } from "./text-width.ts";

/** A rectangle [px]. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where a line of text may stand: its end or start, and its baseline [px]. */
export interface LabelPlace {
  x: number;
  y: number;
  anchor: "start" | "end";
}

/** What words should not cover. */
export interface Surroundings {
  /** In data units. */
  curves: readonly Points[];
  /** Other words and lines [px]. */
  taken?: readonly Box[];
}

/** A line of quiet text at the first of the places where it covers least of curves and words. */
export function freeLabel(
  plane: Plane,
  content: string,
  { places, curves, taken = [] }: Surroundings & { places: readonly LabelPlace[] },
): { markup: string; box: Box } {
  const points = curves.flatMap((curve) => pixelsOf(plane, curve));
  const size = FONT_SIZE.tick;
  const width = textWidth(content, size);
  const tried = places.map((place) => {
    const left = place.anchor === "start" ? place.x : place.x - width;
    const box = { left, right: left + width, top: place.y - 0.8 * size, bottom: place.y + 0.25 * size };
    const covered = points.filter(([x, y]) => isInside(box, x, y)).length;
    const words = taken.filter((other) => overlaps(box, other)).length;
    // Words over words cannot be read at all.
    return { place, box, cost: covered + 1e4 * words };
  });
  const { place, box } = tried.reduce((a, b) => (b.cost < a.cost ? b : a));
  const look = { fill: COLOUR.quiet, size, anchor: place.anchor } as const;
  return { markup: halo(place.x, place.y, content, look), box };
}

/** Places for the name of a level line: above or below it, at its right end, its left end or between. */
export function levelPlaces({ frame, ...plane }: Plane, level: number): LabelPlace[] {
  const at = plane.y(level);
  const heights = [at - 4, at + FONT_SIZE.tick + 1].filter(
    (y) => y - FONT_SIZE.tick >= frame.top - 1 && y <= frame.bottom - 2,
  );
  return acrossPlaces(frame, heights);
}

/** Places in the rows under the top of the axes. */
export function topPlaces({ frame }: Plane, rows = 3): LabelPlace[] {
  const heights = Array.from(
    { length: rows },
    (_, i) => frame.top + FONT_SIZE.tick + i * (FONT_SIZE.tick + 3),
  );
  return acrossPlaces(frame, heights);
}

// Implementation

function acrossPlaces({ left, right }: Plane["frame"], heights: readonly number[]): LabelPlace[] {
  const starts: Omit<LabelPlace, "y">[] = [
    { x: right - 3, anchor: "end" },
    { x: left + 6, anchor: "start" },
    { x: left + 0.3 * (right - left), anchor: "start" },
    { x: left + 0.8 * (right - left), anchor: "end" },
  ];
  return starts.flatMap((start) => heights.map((y) => ({ ...start, y })));
}

/** Pixels along a curve, close enough that none of it slips between them. */
function pixelsOf(plane: Plane, { x, y }: Points): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [plane.x(x[i]), plane.y(y[i])];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    const before = i > 0 ? [plane.x(x[i - 1]), plane.y(y[i - 1])] : [];
    const isJoined = before.length > 0 && before.every(Number.isFinite);
    const pieces = isJoined ? Math.min(400, Math.ceil(Math.hypot(px - before[0], py - before[1]) / 2)) : 1;
    for (let k = 1; k <= pieces; k++) {
      const t = k / pieces;
      out.push(isJoined ? [before[0] + t * (px - before[0]), before[1] + t * (py - before[1])] : [px, py]);
    }
  }
  return out;
}

function isInside(box: Box, x: number, y: number): boolean {
  return x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1;
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
