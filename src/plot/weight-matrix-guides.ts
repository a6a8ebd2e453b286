/**
 * @file What stands around the cells of a weight matrix: strips and names of node types, or names of nodes.
 */

import { spread } from "./label-layout.ts";
import { COLOUR, FONT_SIZE, SERIES_COLOURS } from "./style.ts";
import { element, text } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";

/** Nodes of one type, in drawing order. */
export interface Block {
  /** Undefined where nodes have no type. */
  type: string | undefined;
  members: number[];
}

/** What is written beside the rows and columns: blocks of one node type, and names where they fit. */
export interface Guides {
  blocks: readonly Block[];
  /** Names of nodes in data order; left out where they would not fit. */
  labels?: readonly string[];
}

/** Group nodes by type, untyped ones last. One nameless block where no types are given. */
export function blocksOf(
  types: readonly (string | null | undefined)[] | undefined,
  n: number,
  order: readonly string[] = [],
): Block[] {
  const groups = new Map<string | undefined, number[]>(order.map((t) => [t, []]));
  const untyped: number[] = [];
  for (let i = 0; i < n; i++) {
    const type = types?.[i];
    if (type === undefined || type === null || type === "") untyped.push(i);
    else if (groups.has(type)) groups.get(type)?.push(i);
    else groups.set(type, [i]);
  }
  const blocks: Block[] = [...groups].map(([type, members]) => ({ type, members }));
  if (untyped.length) blocks.push({ type: undefined, members: untyped });
  return blocks.filter((b) => b.members.length > 0);
}

/** Room the guides need on each side of the cells [px]. */
export function guideSize({ blocks, labels }: Guides): { left: number; top: number; bottom: number } {
  const strip = hasTypes(blocks) ? STRIP + 3 : 0;
  if (labels) {
    const longest = Math.ceil(Math.max(...labels.map((l) => textWidth(fitText(l, MAX_NAME, 8), 8)))) + 5;
    return { left: longest + strip, top: strip, bottom: longest };
  }
  if (!hasTypes(blocks)) return { left: 3, top: 0, bottom: 3 };
  const longest = Math.max(...blocks.map((b) => textWidth(nameOf(b), FONT_SIZE.tick)));
  return { left: Math.ceil(longest) + 14 + strip, top: strip, bottom: 3 };
}

/** Strips in the colours of the types left of and above the cells, hairlines between types, and names. */
export function blockGuides(
  { blocks, labels }: Guides,
  { left, top, side }: { left: number; top: number; side: number },
): string {
  const order = blocks.flatMap((b) => b.members);
  const cell = side / order.length;
  if (!hasTypes(blocks))
    return labels
      ? nodeNames(
          order.map((i) => labels[i]),
          { left, top, side, gap: 3 },
        )
      : "";
  let start = 0;
  const spans = blocks.map((block, i) => {
    const span = {
      block,
      from: start * cell,
      to: (start + block.members.length) * cell,
      colour: colourOf(block, i),
    };
    start += block.members.length;
    return span;
  });
  const strips = spans.map(({ from, to, colour }) => {
    const gap = to - from > 3 ? 0.4 : 0;
    const length = to - from - 2 * gap;
    return (
      element("rect", {
        x: left - STRIP - 2,
        y: top + from + gap,
        width: STRIP,
        height: length,
        fill: colour,
      }) +
      element("rect", {
        x: left + from + gap,
        y: top - STRIP - 2,
        width: length,
        height: STRIP,
        fill: colour,
      })
    );
  });
  const lines = spans.slice(1).map(({ from }) => {
    const d = `M${r2(left)},${r2(top + from)}h${r2(side)}M${r2(left + from)},${r2(top)}v${r2(side)}`;
    return element("path", { d, stroke: COLOUR.axis, "stroke-width": 0.4, "stroke-opacity": 0.55 });
  });
  const names = labels
    ? nodeNames(
        order.map((i) => labels[i]),
        { left, top, side, gap: STRIP + 5 },
      )
    : typeNames(spans, { left, top, side });
  return strips.join("") + lines.join("") + names;
}

// Implementation

/** Width of a type's strip, and of the longest node name shown [px]. */
const STRIP = 5;
const MAX_NAME = 90;

function hasTypes(blocks: readonly Block[]): boolean {
  return blocks.some((b) => b.type !== undefined);
}

function nameOf({ type, members }: Block): string {
  return `${fitText(type ?? "no type", MAX_NAME, FONT_SIZE.tick)} (${members.length})`;
}

function colourOf({ type }: Block, i: number): string {
  return type === undefined ? COLOUR.grid : SERIES_COLOURS[i % SERIES_COLOURS.length];
}

interface Span {
  block: Block;
  from: number;
  to: number;
  colour: string;
}

/** Names of types left of their strips; where not all fit, the largest types are named. */
function typeNames(
  spans: readonly Span[],
  { left, top, side }: { left: number; top: number; side: number },
): string {
  const height = FONT_SIZE.tick + 1.5;
  const named = [...spans]
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, Math.floor(side / height))
    .sort((a, b) => a.from - b.from);
  const wanted = named.map((s) => top + (s.from + s.to) / 2);
  const centres = spread(
    wanted,
    named.map(() => height),
    [top, top + side],
  );
  return named
    .map((s, i) => {
      const x = left - STRIP - 4;
      const leader = element("path", {
        d: `M${r2(x)},${r2(wanted[i])}L${r2(x - 6)},${r2(centres[i])}`,
        stroke: COLOUR.axis,
        "stroke-width": 0.4,
      });
      return (
        leader + text(x - 8, centres[i] + FONT_SIZE.tick * 0.35, nameOf(s.block), { "text-anchor": "end" })
      );
    })
    .join("");
}

/** A name at each row and column. */
function nodeNames(
  names: readonly string[],
  { left, top, side, gap }: { left: number; top: number; side: number; gap: number },
): string {
  const cell = side / names.length;
  const size = Math.min(8, cell * 0.95);
  return names
    .map((name, i) => {
      const short = fitText(name, MAX_NAME, size);
      const at = (i + 0.5) * cell;
      const style = { "font-size": size, "text-anchor": "end" };
      return (
        text(left - gap, top + at + size * 0.35, short, style) +
        text(0, 0, short, {
          ...style,
          transform: `translate(${r2(left + at + size * 0.35)},${r2(top + side + 3)})rotate(-90)`,
        })
      );
    })
    .join("");
}

function r2(value: number): number {
  return Math.round(value * 100) / 100;
}
