/**
 * @file How repeats are drawn: each a thin line, their median bold, a band around it.
 */

import { type Box, freeLabel, type Surroundings, topPlaces } from "../free-label.ts";
import { formatNumber } from "../number-format.ts";
import { band, dots, line, named, type Plane } from "../plane.ts";
import { COLOUR } from "../style.ts";
import { type Repeat, type RepeatBand, updatesOf } from "./repeat-band.ts";

/** How one group of repeats is drawn. */
export interface RepeatMarks {
  label: string;
  colour: string;
  repeats: readonly Repeat[];
  band: RepeatBand;
  /** A line for each repeat; else the band speaks for them. */
  thin?: boolean;
  /** Dashes of the median, and its width [px]. */
  dash?: string;
  width?: number;
  /** A dot where each repeat was best. */
  minima?: readonly { update: number; value: number }[];
}

/** Band first, then single repeats, the median on top; one repeat alone is a line of medium width. */
export function repeatMarks(
  plane: Plane,
  { label, colour, repeats, band: b, thin, minima, dash, width }: RepeatMarks,
) {
  const many = repeats.length > 1;
  const around = many
    ? band(plane, { x: b.updates, low: b.low, high: b.high }, { fill: colour, opacity: 0.18 })
    : "";
  const lines =
    many && thin
      ? repeats.map((r) =>
          line(plane, { x: updatesOf(r), y: r.values }, { stroke: colour, width: 0.6, opacity: 0.45 }),
        )
      : [];
  return [
    named(`${label}: band`, around),
    named(`${label}: repeats`, ...lines),
    named(
      label,
      line(
        plane,
        { x: b.updates, y: b.median },
        { stroke: colour, width: width ?? (many ? 2.2 : 1.5), ...(dash && { dash }) },
      ),
      // A single point makes no line.
      b.updates.length === 1 ? dots(plane, { x: b.updates, y: b.median }, { r: 3, fill: colour }) : "",
    ),
    minima ? named(`${label}: minima`, minimumDots(plane, minima, colour)) : "",
  ].join("");
}

/** What the lines and bands of many repeats are, for a key. */
export function bandWords([low, high]: readonly [number, number]): string {
  const percent = (q: number) => Math.round(100 * q);
  if (low === 0 && high === 1) return "median, all";
  return `median, ${percent(low)}–${percent(high)} %`;
}

/** Says that values lie above the axes, and how far they reach; with the place that is then taken. */
export function cutNote(
  plane: Plane,
  highest: number,
  top: number,
  { curves, taken = [] }: Surroundings,
): { markup: string; taken: readonly Box[] } {
  if (!(highest > top)) return { markup: "", taken };
  const words = `values up to ${formatNumber(highest, 2)} cut off`;
  const { markup, box } = freeLabel(plane, words, { places: topPlaces(plane), curves, taken });
  return { markup, taken: [...taken, box] };
}

// Implementation

function minimumDots(plane: Plane, at: NonNullable<RepeatMarks["minima"]>, colour: string): string {
  const points = { x: at.map((m) => m.update), y: at.map((m) => m.value) };
  return dots(plane, points, { r: 2.4, fill: colour, edge: COLOUR.paper });
}
