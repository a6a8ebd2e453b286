/**
 * @file Labels written at the ends of lines instead of a legend, pushed apart until none covers another.
 */

import { COLOUR, FONT_SIZE } from "./style.ts";
import { element, text } from "./svg.ts";
import { textWidth } from "./text-width.ts";

/** A label that wants to stand at a height. */
export interface EndLabel {
  /** Height of the line's end [px]. */
  y: number;
  colour: string;
  /** The name, bold if `strong`. */
  name: string;
  strong?: boolean;
  /** In a column: the swatch shows a band. */
  band?: boolean;
  /** A second, smaller line, e.g. what the bands are. */
  note?: string;
}

/** Width all labels need [px], gap to the axes included. */
export function endLabelWidth(labels: readonly Omit<EndLabel, "y">[]): number {
  const widths = labels.map(({ name, note, strong }) =>
    Math.max(
      textWidth(name, FONT_SIZE.label, strong ? "bold" : "normal"),
      textWidth(note ?? "", FONT_SIZE.tick),
    ),
  );
  return Math.ceil(Math.max(0, ...widths) + GAP + 4);
}

/**
 * Labels right of the axes.
 *
 * @param right - Right end of the axes [px].
 * @param range - Top and bottom between which labels may stand [px].
 */
export function endLabels(
  labels: readonly EndLabel[],
  right: number,
  range: readonly [number, number],
): string {
  const heights = labels.map(labelHeight);
  // Ends that touch keep the order given, most important first, rather than that of a hair's breadth.
  const wanted = labels.map((l, i) => {
    const first = labels.findIndex((other) => Math.abs(other.y - l.y) < 6);
    return first < i ? labels[first].y : l.y;
  });
  const centres = spread(wanted, heights, range);
  return labels
    .map((label, i) => {
      const moved = Math.abs(centres[i] - label.y) > 4;
      const leader = moved
        ? element("path", {
            d: `M${right + 1},${Math.round(label.y * 100) / 100}L${right + GAP - 4},${Math.round(centres[i] * 100) / 100}`,
            stroke: label.colour,
            "stroke-width": 0.5,
            fill: "none",
          })
        : "";
      return leader + labelText(label, right + GAP, centres[i] - heights[i] / 2);
    })
    .join("");
}

/**
 * Centres as near as possible to where they want to be, in the order given by their wishes, without overlap and, while
 * there is room, inside the range.
 *
 * @param wanted - Shape `(label)` [px].
 * @param heights - Shape `(label)` [px].
 */
export function spread(
  wanted: readonly number[],
  heights: readonly number[],
  [top, bottom]: readonly [number, number],
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // Clusters of touching labels, each placed as one block at the mean of its wishes (pool adjacent violators).
  const blocks: { members: number[]; height: number; centre: number }[] = [];
  const clamp = (centre: number, height: number) =>
    Math.max(top + height / 2, Math.min(bottom - height / 2, centre));
  for (const i of order) {
    blocks.push({ members: [i], height: heights[i], centre: clamp(wanted[i], heights[i]) });
    while (blocks.length > 1) {
      const last = blocks[blocks.length - 1];
      const before = blocks[blocks.length - 2];
      if (before.centre + before.height / 2 <= last.centre - last.height / 2 + 1e-9) break;
      const members = [...before.members, ...last.members];
      const height = before.height + last.height;
      let start = 0;
      let wish = 0;
      for (const m of members) {
        wish += wanted[m] - (start + heights[m] / 2 - height / 2);
        start += heights[m];
      }
      blocks.splice(-2, 2, { members, height, centre: clamp(wish / members.length, height) });
    }
  }
  const centres = new Array<number>(wanted.length);
  for (const { members, height, centre } of blocks) {
    let at = centre - height / 2;
    for (const m of members) {
      centres[m] = at + heights[m] / 2;
      at += heights[m];
    }
  }
  return centres;
}

/** A column of labels with a swatch each, where line ends lie too close to be told apart. */
export function labelColumn(labels: readonly Omit<EndLabel, "y">[], x: number, top: number): string {
  let y = top;
  return labels
    .map((label) => {
      const middle = y + FONT_SIZE.label / 2 + 1;
      const shade = { fill: label.colour, "fill-opacity": 0.35 };
      const band = label.band ? element("rect", { x, y: middle - 3.5, width: 10, height: 7, ...shade }) : "";
      const swatch = element("path", {
        d: `M${x},${Math.round(middle * 100) / 100}h10`,
        stroke: label.colour,
        "stroke-width": label.strong ? 2 : 1.25,
      });
      const markup = band + swatch + labelText(label, x + 14, y);
      y += labelHeight(label) + 1;
      return markup;
    })
    .join("");
}

// Implementation

/** Gap between the axes and their labels [px]. */
const GAP = 14;

function labelHeight({ note }: Omit<EndLabel, "y">): number {
  return FONT_SIZE.label + 2 + (note ? FONT_SIZE.tick + 2 : 0);
}

function labelText({ name, note, colour, strong }: Omit<EndLabel, "y">, x: number, top: number): string {
  const first = text(x, top + FONT_SIZE.label * 0.85 + 1, name, {
    fill: strong ? colour : COLOUR.ink,
    "font-size": FONT_SIZE.label,
    "font-weight": strong ? "bold" : undefined,
  });
  if (!note) return first;
  return first + text(x, top + FONT_SIZE.label + 2 + FONT_SIZE.tick * 0.85, note, { fill: COLOUR.quiet });
}
