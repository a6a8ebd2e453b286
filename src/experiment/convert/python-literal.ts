/**
 * @file A reader of Python literals: numbers, texts, True, False, None, lists, tuples, dicts. Nothing is evaluated: a
 * name, a call or an operator is an error with its place.
 */

import type { Span } from "../../core/index.ts";

/** A literal with its place, so that what it means can be complained of too. */
export type PythonLiteral =
  | { kind: "number" | "text" | "truth" | "none"; value: number | string | boolean | null; span: Span }
  | { kind: "list" | "tuple"; items: readonly PythonLiteral[]; span: Span }
  | { kind: "dict"; entries: readonly DictEntry[]; span: Span };

/** One line of a dict. */
export interface DictEntry {
  key: PythonLiteral;
  value: PythonLiteral;
}

/** What is wrong with a text that is no literal, and where in it. */
export interface LiteralProblem {
  what: string;
  hint: string;
  span: Span;
}

/** Lists within lists deeper than this are a slip, and would fill the stack. */
const DEEPEST = 32;

/**
 * Read one literal; blanks, line breaks and `#` comments may stand anywhere between its parts.
 *
 * @example readPythonLiteral("{'lr': [1e-4, 1e-6]}")
 */
export function readPythonLiteral(text: string): { literal: PythonLiteral } | { problem: LiteralProblem } {
  try {
    const reader = new Reader(text);
    const literal = reader.value(0);
    reader.end();
    return { literal };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.problem };
    throw error;
  }
}

/** The plain value: lists and tuples as arrays, dicts as maps from the text of their keys. */
export function plainValue(literal: PythonLiteral): unknown {
  if (literal.kind === "dict")
    return Object.fromEntries(literal.entries.map(({ key, value }) => [keyText(key), plainValue(value)]));
  if (literal.kind === "list" || literal.kind === "tuple") return literal.items.map(plainValue);
  return (literal as { value: unknown }).value;
}

/** A key as text, as Python's `str` shows it. */
export function keyText(key: PythonLiteral): string {
  return String(plainValue(key));
}

// Implementation

class Refused extends Error {
  readonly problem: LiteralProblem;
  constructor(problem: LiteralProblem) {
    super(problem.what);
    this.problem = problem;
  }
}

const NUMBER = /^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+)?/;
const WORDS = { True: true, False: false, None: null } as const;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): PythonLiteral {
    this.#skip();
    const start = this.#at;
    if (depth > DEEPEST) this.#refuse("lists within lists go too deep", `At most ${DEEPEST} levels.`, 1);
    const sign = this.#text[start];
    if (sign === "[") return this.#sequence("list", "]", depth);
    if (sign === "(") return this.#tuple(depth);
    if (sign === "{") return this.#dict(depth);
    if (sign === "'" || sign === '"') return this.#quoted(sign);
    const number = NUMBER.exec(this.#text.slice(start, start + 400))?.[0];
    if (number !== undefined) return this.#number(number);
    return this.#word();
  }

  end(): void {
    this.#skip();
    if (this.#at >= this.#text.length) return;
    const what = "something follows the value";
    this.#refuse(what, "Only plain values are read: nothing is computed.", this.#text.length - this.#at);
  }

  #number(text: string): PythonLiteral {
    const start = this.#at;
    this.#at += text.length;
    const value = Number(text.replaceAll("_", ""));
    // "3x" and "1.2.3" begin like numbers.
    if (/[\w.]/.test(this.#text[this.#at] ?? "")) {
      this.#at = start;
      this.#refuse("this is not a number", "Write it as 5, 0.8 or 1e-4.", this.#wordLength());
    }
    if (!Number.isFinite(value)) {
      this.#at = start;
      this.#refuse("this number is too large", "Write it as 5, 0.8 or 1e-4.", text.length);
    }
    return { kind: "number", value, span: { start, end: this.#at } };
  }

  #word(): PythonLiteral {
    const start = this.#at;
    const length = this.#wordLength();
    const word = this.#text.slice(start, start + length);
    if (Object.hasOwn(WORDS, word)) {
      this.#at += length;
      const value = WORDS[word as keyof typeof WORDS];
      return { kind: value === null ? "none" : "truth", value, span: { start, end: this.#at } };
    }
    const what = length === 0 ? "a value is missing" : `"${word}" is not a plain value`;
    const hint = "Known: numbers, 'texts', True, False, None, [lists], (tuples), {'key': value}.";
    return this.#refuse(what, hint, Math.max(1, length));
  }

  #quoted(quote: string): PythonLiteral {
    const start = this.#at++;
    let value = "";
    for (;;) {
      const letter = this.#text[this.#at];
      if (letter === undefined || letter === "\n") {
        this.#at = start;
        this.#refuse("the text has no closing quote", `Close it with ${quote} on its own line.`, 1);
      }
      this.#at++;
      if (letter === quote) return { kind: "text", value, span: { start, end: this.#at } };
      if (letter !== "\\") value += letter;
      else {
        const next = this.#text[this.#at++] ?? "";
        // As in Python, a backslash before anything else stands for itself.
        value += ESCAPES[next] ?? `\\${next}`;
      }
    }
  }

  #tuple(depth: number): PythonLiteral {
    const { items, span, commas } = this.#items(")", depth);
    // (x) is x in brackets; a tuple of one needs its comma.
    return items.length === 1 && commas === 0 ? items[0] : { kind: "tuple", items, span };
  }

  #sequence(kind: "list", close: string, depth: number): PythonLiteral {
    const { items, span } = this.#items(close, depth);
    return { kind, items, span };
  }

  #items(close: string, depth: number): { items: PythonLiteral[]; span: Span; commas: number } {
    const start = this.#at++;
    const items: PythonLiteral[] = [];
    let commas = 0;
    for (;;) {
      this.#skip();
      if (this.#take(close)) return { items, commas, span: { start, end: this.#at } };
      if (items.length > commas) this.#refuse(`"," or "${close}" is missing`, `Close what opened before.`, 1);
      items.push(this.value(depth + 1));
      this.#skip();
      if (this.#take(",")) commas++;
    }
  }

  #dict(depth: number): PythonLiteral {
    const start = this.#at++;
    const entries: DictEntry[] = [];
    let commas = 0;
    for (;;) {
      this.#skip();
      if (this.#take("}")) return { kind: "dict", entries, span: { start, end: this.#at } };
      if (entries.length > commas) this.#refuse('"," or "}" is missing', "Close what opened before.", 1);
      const key = this.value(depth + 1);
      this.#skip();
      if (!this.#take(":")) this.#refuse('":" is missing after the key', "Write it as 'key': value.", 1);
      entries.push({ key, value: this.value(depth + 1) });
      this.#skip();
      if (this.#take(",")) commas++;
    }
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #skip(): void {
    for (;;) {
      const letter = this.#text[this.#at];
      if (letter === "#") {
        const end = this.#text.indexOf("\n", this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else if (letter !== undefined && /\s/.test(letter)) this.#at++;
      else return;
    }
  }

  #wordLength(): number {
    return /^[\w.]*/.exec(this.#text.slice(this.#at, this.#at + 80))![0].length;
  }

  #refuse(what: string, hint: string, length: number): never {
    const start = Math.min(this.#at, Math.max(0, this.#text.length - 1));
    throw new Refused({ what, hint, span: { start, end: start + Math.max(1, length) } });
  }
}
