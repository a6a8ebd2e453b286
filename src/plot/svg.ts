/**
 * @file SVG as strings: escaped elements, text, and the outer frame of a figure.
 */

import { COLOUR, FONT_FAMILY, FONT_SIZE, PIXELS_PER_CM } from "./style.ts";

/** Values of attributes; `undefined` leaves the attribute out. */
export type Attributes = Record<string, string | number | undefined>;

/** Text safe inside XML and HTML, content and quoted attributes alike; characters XML forbids become `\uFFFD`. */
export function escapeMarkup(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these, and lone surrogates, XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/gu, "\ufffd")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
      .replace(/'/g, "&#39;")
  );
}

/** An element with children that are already markup. */
export function element(tag: string, attributes: Attributes = {}, ...children: string[]): string {
  let open = `<${tag}`;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    open += ` ${name}="${typeof value === "number" ? shortNumber(value) : escapeMarkup(value)}"`;
  }
  return children.length ? `${open}>${children.join("")}</${tag}>` : `${open}/>`;
}

/** One line of text at a place [px]; the text is escaped here. */
export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeMarkup(content));
}

/** A number with at most two decimals, which is a fiftieth of a millimetre or less. */
export function shortNumber(value: number): string {
  const short = Math.round(value * 100) / 100;
  return Object.is(short, -0) ? "0" : String(short);
}

/**
 * A whole figure: its size in centimetres, a white ground, one font stack, nothing outside itself.
 *
 * @param size - Width and height [px].
 * @param label - What the figure shows, for readers who cannot see it.
 */
export function figure(
  size: { width: number; height: number },
  label: string,
  ...children: string[]
): string {
  const { width, height } = size;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: `${shortNumber(width / PIXELS_PER_CM)}cm`,
      height: `${shortNumber(height / PIXELS_PER_CM)}cm`,
      viewBox: `0 0 ${shortNumber(width)} ${shortNumber(height)}`,
      role: "img",
      "aria-label": label,
      "font-family": FONT_FAMILY,
      "font-size": FONT_SIZE.tick,
      fill: COLOUR.ink,
    },
    element("rect", { width, height, fill: COLOUR.paper }),
    ...children,
  );
}
