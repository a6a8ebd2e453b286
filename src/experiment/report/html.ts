/**
 * @file HTML as values: text put into a template is escaped, and only what this module made itself is not.
 */

import { escapeMarkup } from "../../plot/index.ts";

/** A piece of HTML. Plain data that looks like one is text. */
export class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
  static is(value: unknown): value is Markup {
    return typeof value === "object" && value !== null && #text in value;
  }
}

/** What a template takes; arrays are joined, undefined and false are nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/**
 * Template for HTML.
 *
 * @example html`<p title="${name}">${note}</p>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let out = strings[0];
  values.forEach((value, i) => {
    out += render(value) + strings[i + 1];
  });
  return new Markup(out);
}

/** Markup made elsewhere by our own code, such as a figure. */
export function trusted(markup: string): Markup {
  return new Markup(markup);
}

// Implementation

function render(value: Content): string {
  if (value === undefined || value === false) return "";
  if (Markup.is(value)) return value.toString();
  if (Array.isArray(value)) return value.map(render).join("");
  return escapeMarkup(String(value));
}
