/**
 * @file The drawing inside an SVG element as a string that is the same in Node and in every browser: attributes in
 * alphabetical order, numbers short, colours explicit, no classes, no style sheet.
 */

import { COLOUR } from "./style.ts";
import { escapeMarkup, shortNumber } from "./svg.ts";

/** Attributes that say nothing once the style sheet they refer to is gone. */
const DROPPED = new Set(["class", "style", "xmlns", "xmlns:xlink", "aria-hidden", "font-variant"]);
const DROPPED_TAGS = new Set(["style", "script", "title"]);
/** Attributes that hold text rather than coordinates. */
const VERBATIM = new Set(["aria-label", "id", "href"]);

/**
 * Markup of an element's children, and its inherited attributes on a group around them.
 *
 * @param svg - An `<svg>` made by Plot, of any document.
 */
export function serializeDrawing(svg: Element): string {
  const inherited = attributesOf(svg, new Set(["fill", "font-size", "text-anchor", "stroke"]));
  const marks = Array.from(svg.childNodes).map((child) => nodeMarkup(child, true));
  return `<g${inherited}>${marks.join("")}</g>`;
}

// Implementation

const ELEMENT_NODE = 1;
const TEXT_NODE = 3;

function nodeMarkup(node: Node, isMark = false): string {
  if (node.nodeType === TEXT_NODE) return escapeMarkup(node.textContent ?? "");
  return node.nodeType === ELEMENT_NODE ? elementMarkup(node as Element, isMark) : "";
}

function elementMarkup(node: Element, isMark: boolean): string {
  const tag = node.localName;
  if (DROPPED_TAGS.has(tag)) return "";
  const inside = Array.from(node.childNodes)
    .map((child) => nodeMarkup(child))
    .join("");
  // A group that lost all it held would only be noise.
  if (tag === "g" && inside === "") return "";
  const attributes = attributesOf(node);
  const open = `<${tag}${isMark ? withoutHalfPixels(attributes) : attributes}`;
  return inside === "" ? `${open}/>` : `${open}>${inside}</${tag}>`;
}

/**
 * Where a screen pixel is a CSS pixel, Plot moves every mark by half a pixel to sharpen its lines; in Node and on finer
 * screens it does not. Figures are printed, so they do without, everywhere.
 */
function withoutHalfPixels(attributes: string): string {
  return attributes.replace(
    / transform="translate\((-?\d+(?:\.5)?),(-?\d+(?:\.5)?)\)"/,
    (_, x: string, y: string) => {
      const [a, b] = [x, y].map((v) => Math.floor(Number(v)));
      return a === 0 && b === 0 ? "" : ` transform="translate(${a},${b})"`;
    },
  );
}

function attributesOf(node: Element, only?: Set<string>): string {
  return Array.from(node.attributes)
    .filter(({ name }) => (only ? only.has(name) : !DROPPED.has(name)))
    .map(({ name, value }) => ({ name, value: VERBATIM.has(name) ? value : shorten(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => ` ${name}="${escapeMarkup(value)}"`)
    .join("");
}

/** Long decimals cut to two places; the page's own colours replaced by the figure's. */
function shorten(value: string): string {
  if (value === "currentColor") return COLOUR.ink;
  if (value === "var(--plot-background)") return COLOUR.paper;
  return value.replace(/-?\d+\.\d{3,}(e[-+]?\d+)?/g, (n) => shortNumber(Number(n)));
}
