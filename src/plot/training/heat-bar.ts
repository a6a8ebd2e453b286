/**
 * @file The colour bar beside a picture of many cells.
 */

import { stroked } from "../plane.ts";
import { dataUri, encodePng } from "../png.ts";
import { COLOUR, FONT_SIZE } from "../style.ts";
import { element, shortNumber, text } from "../svg.ts";
import { textWidth } from "../text-width.ts";
import { linearTicks, logTicks, type Ticks } from "../ticks.ts";
import type { HeatScale } from "./heat-scale.ts";

/** Room the bar, its ticks and its name need right of what it explains [px]. */
export function heatBarWidth(scale: HeatScale): number {
  const widest = Math.max(0, ...ticksOf(scale).labels.map((l) => textWidth(l, FONT_SIZE.tick)));
  return Math.ceil(GAP + BAR + 6 + widest + FONT_SIZE.label + 11);
}

/** The bar, its high end on top. @param at - Right end of the picture, top and height [px]. */
export function heatBar(
  scale: HeatScale,
  { right, top, height }: { right: number; top: number; height: number },
  label: string,
): string {
  const x = right + GAP;
  // The last colour stands for missing numbers.
  const levels = scale.palette.length - 1;
  const strip = Uint8Array.from({ length: levels }, (_, i) => levels - 1 - i);
  const { values, labels } = ticksOf(scale);
  const widest = Math.max(0, ...labels.map((l) => textWidth(l, FONT_SIZE.tick)));
  const marks = values.map((v, i) => {
    const y = top + (1 - scale.place(v)) * height;
    const tick = stroked(`M${shortNumber(x + BAR)},${shortNumber(y)}h3`, {
      stroke: COLOUR.axis,
      width: 0.75,
    });
    return tick + text(x + BAR + 6, y + FONT_SIZE.tick * 0.35, labels[i]);
  });
  const box = { x, y: top, width: BAR, height };
  const nameX = Math.round(x + BAR + 6 + widest + FONT_SIZE.label + 4);
  return element(
    "g",
    { "aria-label": "colour bar" },
    element("image", {
      ...box,
      preserveAspectRatio: "none",
      href: dataUri(encodePng(strip, { width: 1, height: levels }, scale.palette)),
    }),
    element("rect", { ...box, fill: "none", stroke: COLOUR.axis, "stroke-width": 0.5 }),
    ...marks,
    text(0, 0, label, {
      "font-size": FONT_SIZE.label,
      "text-anchor": "middle",
      transform: `translate(${nameX},${Math.round(top + height / 2)})rotate(-90)`,
    }),
  );
}

// Implementation

/** Gap before the bar and its width [px]. */
const GAP = 12;
const BAR = 9;

function ticksOf({ low, high, log }: HeatScale): Ticks {
  return log ? logTicks(low, high) : linearTicks(low, high, 4);
}
