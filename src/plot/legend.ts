/**
 * @file Keys to the marks of a figure: in rows below the panels, or in a column beside them.
 */

import { type LineStyle, square, stroked } from "./plane.ts";
import { COLOUR, FONT_SIZE } from "./style.ts";
import { element, shortNumber, text } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";

/** One entry. */
export interface LegendEntry {
  label: string;
  /** A quieter addition: in a row after the label, in a column below it. */
  note?: string;
  strong?: boolean;
  swatch:
    | ({ kind: "line"; dot?: boolean } & LineStyle)
    | { kind: "area"; fill: string; opacity?: number; line?: string }
    | { kind: "dot"; fill: string; edge?: string }
    | { kind: "square"; fill: string }
    /** A heading over the entries that follow. */
    | { kind: "none" };
}

/** Entries from left to right, broken into rows. @returns Markup from (0, 0), and its height [px]. */
export function legendRows(
  entries: readonly LegendEntry[],
  width: number,
  indent = 0,
): { markup: string; height: number } {
  let x = indent;
  let y = 0;
  const parts = entries.map((entry) => {
    const room = width - indent - SWATCH - 5;
    const label = fitText(entry.label, room, FONT_SIZE.tick);
    const labelWidth = textWidth(label, FONT_SIZE.tick, entry.strong ? "bold" : "normal");
    const note = entry.note ? fitText(entry.note, Math.max(20, room - labelWidth - 4), FONT_SIZE.tick) : "";
    const total = SWATCH + 5 + labelWidth + (note ? 4 + textWidth(note, FONT_SIZE.tick) : 0);
    if (x > indent && x + total > width) {
      x = indent;
      y += ROW;
    }
    const at = x;
    x += total + 14;
    const baseline = y + 10;
    const words = text(at + SWATCH + 5, baseline, label, {
      "font-weight": entry.strong ? "bold" : undefined,
    });
    const added = note ? text(at + SWATCH + 9 + labelWidth, baseline, note, { fill: COLOUR.quiet }) : "";
    return swatch(entry.swatch, at, baseline - 3) + words + added;
  });
  return { markup: parts.join(""), height: entries.length ? y + ROW + 2 : 0 };
}

/** Width a column of entries takes, at most `most` [px]. */
export function legendColumnWidth(entries: readonly LegendEntry[], most = 200): number {
  const widths = entries.map(({ label, note, strong }) =>
    Math.max(
      textWidth(label, FONT_SIZE.label, strong ? "bold" : "normal"),
      textWidth(note ?? "", FONT_SIZE.tick),
    ),
  );
  return Math.ceil(Math.min(most, Math.max(0, ...widths) + SWATCH + 6));
}

/** Entries below each other, notes on a line of their own. */
export function legendColumn(
  entries: readonly LegendEntry[],
  { x, y: top, width }: { x: number; y: number; width: number },
): string {
  const room = width - SWATCH - 5;
  let y = top;
  return entries
    .map((entry) => {
      const { label, note, strong } = entry;
      const baseline = y + FONT_SIZE.label * 0.85;
      y += FONT_SIZE.label + (note ? FONT_SIZE.tick + 7 : 5);
      if (entry.swatch.kind === "none") {
        const heading = fitText(label, width / 1.07, FONT_SIZE.label);
        return text(x, baseline, heading, { "font-size": FONT_SIZE.label, "font-weight": "bold" });
      }
      return (
        swatch(entry.swatch, x, baseline - 3.5) +
        text(x + SWATCH + 5, baseline, fitText(label, strong ? room / 1.07 : room, FONT_SIZE.label), {
          "font-size": FONT_SIZE.label,
          "font-weight": strong ? "bold" : undefined,
        }) +
        (note
          ? text(x + SWATCH + 5, baseline + FONT_SIZE.tick + 2.5, fitText(note, room, FONT_SIZE.tick), {
              fill: COLOUR.quiet,
            })
          : "")
      );
    })
    .join("");
}

// Implementation

/** Width of a swatch, and height of a row [px]. */
const SWATCH = 16;
const ROW = 14;

function swatch(style: LegendEntry["swatch"], x: number, y: number): string {
  const middle = x + SWATCH / 2;
  if (style.kind === "none") return "";
  if (style.kind === "dot") {
    return element("circle", {
      cx: middle,
      cy: y,
      r: 2.8,
      fill: style.fill,
      stroke: style.edge,
    });
  }
  if (style.kind === "square") return square(middle, y, { fill: style.fill });
  const d = `M${shortNumber(x)},${shortNumber(y)}h${SWATCH}`;
  if (style.kind === "area") {
    const box = { x, y: y - 4, width: SWATCH, height: 8, fill: style.fill, "fill-opacity": style.opacity };
    return element("rect", box) + (style.line ? stroked(d, { stroke: style.line }) : "");
  }
  const dot = style.dot ? element("circle", { cx: middle, cy: y, r: 2.2, fill: style.stroke }) : "";
  return stroked(d, style) + dot;
}
