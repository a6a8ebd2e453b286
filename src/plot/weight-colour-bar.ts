/**
 * @file The colour bar beside a weight matrix.
 */

import { log } from "../core/index.ts";
import { formatNumber } from "./number-format.ts";
import { dataUri, encodePng } from "./png.ts";
import { COLOUR, FONT_SIZE } from "./style.ts";
import { element, text } from "./svg.ts";
import { textWidth } from "./text-width.ts";
import { logTicks } from "./ticks.ts";
import type { WeightScale } from "./weight-scale.ts";

/** Room the bar, its ticks and its name need right of the matrix [px]. */
export function colourBarWidth(scale: WeightScale): number {
  const widest = Math.max(...marksOf(scale).map((m) => textWidth(m.label, FONT_SIZE.tick)));
  return Math.ceil(16 + BAR + 6 + widest + FONT_SIZE.label + 10);
}

/**
 * The bar: large on top; for signed weights the negative half hangs below, large at the bottom.
 *
 * @param at - Left, top and height of the bar [px].
 */
export function colourBar(
  scale: WeightScale,
  { x, top, height }: { x: number; top: number; height: number },
  label: string,
): string {
  const half = scale.signed ? height / 2 - GAP / 2 : height;
  const levels = (scale.palette.length - 1) / (scale.signed ? 2 : 1);
  const strip = (from: number, y: number, down: boolean) => {
    const pixels = Uint8Array.from({ length: levels }, (_, i) => from + (down ? levels - 1 - i : i));
    return element("image", {
      x,
      y,
      width: BAR,
      height: half,
      preserveAspectRatio: "none",
      "image-rendering": "pixelated",
      href: dataUri(encodePng(pixels, { width: 1, height: levels }, scale.palette)),
    });
  };
  const span = log(scale.high / scale.low);
  const placeOf = (magnitude: number, negative: boolean) => {
    const t = span > 0 ? log(magnitude / scale.low) / span : 0.5;
    return negative ? top + height - half + t * half : top + half - t * half;
  };
  const marks = marksOf(scale).map(({ magnitude, negative, label: name }) => {
    const y = placeOf(magnitude, negative);
    const tick = element("path", {
      d: `M${Math.round((x + BAR) * 100) / 100},${Math.round(y * 100) / 100}h3`,
      stroke: COLOUR.axis,
      "stroke-width": 0.75,
    });
    return tick + text(x + BAR + 6, y + FONT_SIZE.tick * 0.35, name);
  });
  const nameX =
    x +
    BAR +
    6 +
    Math.max(...marksOf(scale).map((m) => textWidth(m.label, FONT_SIZE.tick))) +
    FONT_SIZE.label;
  return [
    strip(1, top, true),
    scale.signed ? strip(1 + levels, top + height - half, false) : "",
    ...marks,
    text(0, 0, label, {
      "font-size": FONT_SIZE.label,
      "text-anchor": "middle",
      transform: `translate(${Math.round(nameX + 3)},${Math.round(top + height / 2)})rotate(-90)`,
    }),
  ].join("");
}

// Implementation

/** Width of the bar, and gap between the halves of a signed one [px]. */
const BAR = 9;
const GAP = 8;

function marksOf({ low, high, signed, clipped }: WeightScale): {
  magnitude: number;
  negative: boolean;
  label: string;
}[] {
  const decades = low < high ? logTicks(low, high) : { values: [high], labels: [formatNumber(high)] };
  const { values, labels } =
    decades.values.length > 1 || low === high
      ? decades
      : { values: [low, high], labels: [low, high].map((v) => formatNumber(v)) };
  const positive = values.map((magnitude, i) => ({
    magnitude,
    negative: false,
    label: clipped && i === 0 && magnitude <= low * 1.0001 ? `≤ ${labels[i]}` : labels[i],
  }));
  if (!signed) return positive;
  return [
    ...positive,
    ...values.map((magnitude, i) => ({ magnitude, negative: true, label: `−${labels[i]}` })),
  ];
}
