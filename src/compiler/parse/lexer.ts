/**
 * @file Model text to tokens. `dx/dt` is one token; newlines end a statement except inside parentheses or after an
 * operator; `#` starts a comment.
 */

import type { Span } from "../../core/index.ts";
import { type Source, sourceError } from "./source.ts";

/** What a token is. */
export type TokenKind = "number" | "name" | "gradient" | "symbol" | "newline" | "end";

/** One word of the text. */
export interface Token {
  kind: TokenKind;
  /** The characters read; for a gradient, the name of its variable. */
  text: string;
  span: Span;
}

/** Tokens of `source`, ending with one `end` token. @throws CajalError `bad-character`, `bad-number`, `unbalanced-parenthesis`. */
export function tokenize(source: Source): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  let at = 0;
  while (at < source.text.length) {
    const token = readToken(source, at);
    at = token.span.end;
    if (token.kind === "symbol") balance(source, token, open);
    if (token.kind === "newline" && (open.length > 0 || continues(tokens.at(-1)))) continue;
    if (token.text !== "") tokens.push(token);
  }
  if (open.length > 0) {
    throw sourceError(source, open[0].span, {
      code: "unbalanced-parenthesis",
      what: `"(" is never closed`,
      hint: `Add ")".`,
    });
  }
  const end = source.text.length;
  tokens.push({ kind: "end", text: "end of the equations", span: { start: end, end } });
  return tokens;
}

// Implementation

const SPACE = /[ \t\r]+|#[^\n]*/y;
const NEWLINE = /[\n;]/y;
const GRADIENT = /d([A-Za-z_]\w*)[ \t]*\/[ \t]*dt(?!\w)/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /\*\*|[<>=!+\-*/]=|[-+*/^()<>=,:.]/y;

function readToken(source: Source, at: number): Token {
  const text = source.text;
  const read = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const token = (kind: TokenKind, matched: string, shown = matched): Token => ({
    kind,
    text: shown,
    span: { start: at, end: at + matched.length },
  });
  const space = read(SPACE);
  if (space) return token("symbol", space[0], "");
  const newline = read(NEWLINE);
  if (newline) return token("newline", newline[0]);
  const gradient = read(GRADIENT);
  if (gradient) return token("gradient", gradient[0], gradient[1]);
  const name = read(NAME);
  if (name) return token("name", name[0]);
  const number = read(NUMBER);
  if (number) return checkedNumber(source, token("number", number[0]));
  const symbol = read(SYMBOL);
  if (symbol) return token("symbol", symbol[0], symbol[0] === "**" ? "^" : symbol[0]);
  throw sourceError(
    source,
    { start: at, end: at + 1 },
    {
      code: "bad-character",
      what: `unexpected character ${JSON.stringify(text[at])}`,
      hint: "Equations are written with names, numbers and + - * / ^ ( ) , : = < >.",
    },
  );
}

function checkedNumber(source: Source, token: Token): Token {
  const next = source.text[token.span.end] ?? "";
  if (/[\w.]/.test(next)) {
    throw sourceError(source, token.span, {
      code: "bad-number",
      what: `"${token.text}${next}" is neither a number nor a name`,
      hint: `Write a product as ${token.text} * ${next}…, and start names with a letter.`,
    });
  }
  return token;
}

function balance(source: Source, token: Token, open: Token[]): void {
  if (token.text === "(") open.push(token);
  if (token.text === ")" && open.pop() === undefined) {
    throw sourceError(source, token.span, {
      code: "unbalanced-parenthesis",
      what: `")" closes nothing`,
      hint: `Remove it, or add "(" before it.`,
    });
  }
}

/** A line that ends in an operator goes on in the next one. */
function continues(last: Token | undefined): boolean {
  return last !== undefined && last.kind === "symbol" && /^(?:[-+*/^,=<>]|[<>=!+\-*/]=)$/.test(last.text);
}
