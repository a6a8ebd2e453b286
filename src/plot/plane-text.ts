/**
 * @file Words among the marks of a panel: notes in its corners, names beside its dots.
 */

import type { Plane } from "./plane.ts";
import { COLOUR } from "./style.ts";
import { text } from "./svg.ts";
import { textWidth } from "./text-width.ts";

/** Lines of text in a corner of the axes, on a white edge so that what lies behind does not cut them. */
export function note(
  { frame }: Plane,
  lines: readonly { text: string; fill?: string; strong?: boolean }[],
  { corner, size }: { corner: "top-left" | "top-right" | "bottom-left"; size: number },
): string {
  const right = corner === "top-right";
  const x = right ? frame.right - 3 : frame.left + 6;
  const first =
    corner === "bottom-left" ? frame.bottom - 5 - (lines.length - 1) * (size + 3) : frame.top + size;
  return lines
    .map((l, i) =>
      halo(x, first + i * (size + 3), l.text, {
        fill: l.fill,
        anchor: right ? "end" : "start",
        size,
        strong: l.strong,
      }),
    )
    .join("");
}

/** Text on a white edge. */
export function halo(
  x: number,
  y: number,
  content: string,
  {
    fill = COLOUR.ink,
    anchor = "start",
    size,
    strong,
  }: { fill?: string; anchor?: "start" | "middle" | "end"; size: number; strong?: boolean },
): string {
  return text(x, y, content, {
    fill,
    "font-size": size,
    "font-weight": strong ? "bold" : undefined,
    "text-anchor": anchor === "start" ? undefined : anchor,
    stroke: COLOUR.paper,
    "stroke-width": 2.5,
    "stroke-linejoin": "round",
    "paint-order": "stroke",
  });
}

/** Where the middle of a text must stand so that all of it is between two places [px]. */
export function keepInside(x: number, content: string, size: number, [low, high]: readonly [number, number]) {
  const half = textWidth(content, size) / 2;
  return Math.max(low + half, Math.min(high - half, x));
}
