/**
 * @file Values of a Python dictionary by type.
 */

import { nearest, type Span } from "../../core/index.ts";
import type { PythonLiteral } from "./python-literal.ts";

/** What numbers are allowed, all above 0. */
export interface NumberLimits {
  whole?: boolean;
  most?: number;
}

/** The values of one dictionary. */
export class IniDict {
  readonly #name: string;
  readonly #entries: ReadonlyMap<string, PythonLiteral>;
  readonly #refuse: (span: Span | undefined, what: string, hint?: string) => never;

  constructor(
    name: string,
    entries: ReadonlyMap<string, PythonLiteral>,
    refuse: (span: Span | undefined, what: string, hint?: string) => never,
  ) {
    this.#name = name;
    this.#entries = entries;
    this.#refuse = refuse;
  }

  choice<T extends string>(key: string, known: readonly T[], fallback: T | undefined): T {
    const literal = this.#entries.get(key);
    if (!literal && fallback !== undefined) return fallback;
    return this.#chosen(key, literal ?? this.#missing(key), known);
  }

  choices<T extends string>(key: string, known: readonly T[]): T[] {
    return this.#items(key).map((item) => this.#chosen(key, item, known));
  }

  whole(key: string, { fallback, most }: { fallback: number; most: number }): number {
    const literal = this.#entries.get(key);
    return literal ? this.#number(key, literal, { whole: true, most }) : fallback;
  }

  share(key: string, fallback: number): number {
    const literal = this.#entries.get(key);
    if (!literal) return fallback;
    const value = this.#number(key, literal, {});
    return value < 1 ? value : this.#refuse(literal.span, `"${key}" must lie between 0 and 1`);
  }

  truth(key: string, fallback: boolean): boolean {
    const literal = this.#entries.get(key);
    if (!literal) return fallback;
    if (literal.kind === "truth") return Boolean(literal.value);
    return this.#refuse(literal.span, `"${key}" must be True or False`);
  }

  numbers(key: string, limits: NumberLimits = {}): number[] {
    return this.#items(key).map((item) => this.#number(key, item, limits));
  }

  #items(key: string): readonly PythonLiteral[] {
    const literal = this.#entries.get(key) ?? this.#missing(key);
    const items = literal.kind === "list" || literal.kind === "tuple" ? literal.items : [literal];
    return items.length > 0 ? items : this.#refuse(literal.span, `"${key}" is an empty list`);
  }

  #number(key: string, literal: PythonLiteral, { whole = false, most = 1e15 }: NumberLimits): number {
    const value = literal.kind === "number" ? Number(literal.value) : Number.NaN;
    if (value > 0 && value <= most && (!whole || Number.isSafeInteger(value))) return value;
    const what = whole ? `a whole number from 1 to ${most}` : "a number above 0";
    return this.#refuse(literal.span, `"${key}" must be ${what}`);
  }

  #chosen<T extends string>(key: string, literal: PythonLiteral, known: readonly T[]): T {
    const text = literal.kind === "text" ? String(literal.value) : undefined;
    const found = known.find((name) => name === text);
    if (found !== undefined) return found;
    return this.#refuse(
      literal.span,
      `"${key}" must be one of ${known.join(", ")}`,
      nearWords(text ?? "", known),
    );
  }

  #missing(key: string): never {
    return this.#refuse(undefined, `"${key}" is missing in ${this.#name}`);
  }
}

/** The nearest known word as a hint. */
export function nearWords(text: string, known: readonly string[]): string | undefined {
  const found = nearest(text, known);
  return found === undefined ? undefined : `Did you mean "${found}"?`;
}
