/**
 * @file Tokens to statements: a Pratt parser for the equation language. Both `^` and `**` are powers, conditionals are
 * `if a : b else: c`, flags stand after the colon that ends a line.
 */

import type { Span } from "../../core/index.ts";
import { type Token, tokenize } from "./lexer.ts";
import { type Source, sourceError } from "./source.ts";
import type {
  ArithmeticOperator,
  AssignOperator,
  CompareOperator,
  Expression,
  Flag,
  Statement,
} from "./syntax.ts";

/** Statements of a model, in order. @throws CajalError with line, caret and mend. */
export function parseEquations(source: Source): Statement[] {
  const cursor = new Cursor(source);
  const statements: Statement[] = [];
  cursor.skipNewlines();
  while (cursor.peek().kind !== "end") {
    statements.push(parseStatement(cursor));
    if (cursor.peek().kind !== "end") cursor.expectNewline();
    cursor.skipNewlines();
  }
  return statements;
}

/** One expression that fills the whole text, e.g. a stop condition. */
export function parseExpressionText(source: Source): Expression {
  const cursor = new Cursor(source);
  cursor.skipNewlines();
  const expression = parseExpression(cursor);
  cursor.skipNewlines();
  if (cursor.peek().kind !== "end") throw cursor.unexpected("the end");
  return expression;
}

// Implementation

/** How tightly each operator binds; power is right-associative and above unary minus. */
const PRECEDENCE: Record<string, number> = {
  or: 1,
  and: 2,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "==": 4,
  "!=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "^": 8,
};
const NOT_PRECEDENCE = 3;
const COMPARE_PRECEDENCE = 4;
const MINUS_PRECEDENCE = 7;
/** Nesting beyond this is hostile, not a model; it would exhaust the stack. */
const MAXIMUM_DEPTH = 200;

class Cursor {
  readonly source: Source;
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(source: Source) {
    this.source = source;
    this.#tokens = tokenize(source);
  }

  peek(): Token {
    return this.#tokens[this.#at];
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at++;
    return token;
  }

  is(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.kind === "symbol" || token.kind === "name");
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string, hint?: string): Token {
    if (!this.is(text)) throw this.unexpected(`"${text}"`, hint);
    return this.next();
  }

  expectNewline(): void {
    if (this.peek().kind !== "newline") throw this.unexpected("the end of the line");
  }

  skipNewlines(): void {
    while (this.peek().kind === "newline") this.#at++;
  }

  /** A conditional may break before its `else`. */
  skipNewlinesBefore(word: string): void {
    let ahead = this.#at;
    while (this.#tokens[ahead].kind === "newline") ahead++;
    if (this.#tokens[ahead].text === word) this.#at = ahead;
  }

  nested<T>(parse: () => T): T {
    if (++this.#depth > MAXIMUM_DEPTH) {
      throw sourceError(this.source, this.peek().span, {
        code: "too-deep",
        what: `expression nested more than ${MAXIMUM_DEPTH} deep`,
        hint: "Split it over several lines.",
      });
    }
    const result = parse();
    this.#depth--;
    return result;
  }

  unexpected(wanted: string, hint?: string) {
    const token = this.peek();
    const got =
      token.kind === "newline"
        ? "the end of the line"
        : token.kind === "end"
          ? token.text
          : `"${token.text}"`;
    return sourceError(this.source, token.span, {
      code: "syntax",
      what: `expected ${wanted}, got ${got}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function parseStatement(cursor: Cursor): Statement {
  const start = cursor.peek().span.start;
  const left = parseExpression(cursor);
  const operator = cursor.peek();
  if (!["=", "+=", "-=", "*=", "/="].includes(operator.text)) {
    throw cursor.unexpected(`"=" after the left side`, `Each line reads "variable = …" or "… dx/dt … = …".`);
  }
  cursor.next();
  const right = parseExpression(cursor);
  const flags = cursor.accept(":") ? parseFlags(cursor) : [];
  const span = { start, end: right.span.end };
  const gradients = gradientsOf(left);
  const stray = gradientsOf(right)[0];
  if (stray) {
    throw sourceError(cursor.source, stray.span, {
      code: "gradient-on-right",
      what: `d${stray.variable}/dt stands on the right of "="`,
      hint: `Move it to the left, e.g. "d${stray.variable}/dt = …".`,
    });
  }
  if (gradients.length === 0) return assignment(cursor, left, operator, { value: right, flags, span });
  const other = gradients.find((g) => g.variable !== gradients[0].variable);
  if (other || operator.text !== "=") {
    throw sourceError(cursor.source, (other ?? gradients[0]).span, {
      code: "two-gradients",
      what: other
        ? "one line holds the gradients of two variables"
        : `a gradient needs "=", not "${operator.text}"`,
      hint: "Write one ODE per line, with one gradient.",
    });
  }
  const [{ variable, span: variableSpan }] = gradients;
  return { kind: "ode", variable, variableSpan, left, right, flags, span };
}

function assignment(
  cursor: Cursor,
  left: Expression,
  operator: Token,
  rest: { value: Expression; flags: Flag[]; span: Span },
): Statement {
  if (left.kind === "member") {
    throw sourceError(cursor.source, left.span, {
      code: "bad-left-side",
      what: `"${left.object}.${left.name}" belongs to a neuron and cannot be assigned`,
      hint: `A synapse changes its weight "w" and variables of its own; neurons are changed by their own equations.`,
    });
  }
  if (left.kind !== "name") {
    throw sourceError(cursor.source, left.span, {
      code: "bad-left-side",
      what: "the left side is neither a variable nor holds a gradient",
      hint: `Write "x = …" or "tau * dx/dt = …".`,
    });
  }
  return {
    kind: "assign",
    variable: left.name,
    variableSpan: left.span,
    operator: operator.text as AssignOperator,
    ...rest,
  };
}

function parseFlags(cursor: Cursor): Flag[] {
  const flags: Flag[] = [];
  do {
    const name = cursor.next();
    if (name.kind !== "name") {
      throw sourceError(cursor.source, name.span, {
        code: "bad-flag",
        what: `expected a flag after ":", got "${name.text}"`,
        hint: "Flags are init=, min=, max=, prune=, a method, or population.",
      });
    }
    // Names with a dash or digits after it, such as runge-kutta4, are read as one flag.
    let text = name.text;
    while (cursor.is("-")) {
      cursor.next();
      text += `-${cursor.next().text}`;
    }
    const span = { ...name.span };
    const flag: Flag = { name: text, span };
    if (cursor.accept("=")) {
      flag.value = parseExpression(cursor);
      span.end = flag.value.span.end;
    }
    flags.push(flag);
  } while (cursor.accept(","));
  return flags;
}

function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => (cursor.is("if") ? parseConditional(cursor) : parseOperators(cursor, 0)));
}

function parseConditional(cursor: Cursor): Expression {
  const { start } = cursor.next().span;
  const test = parseExpression(cursor);
  cursor.expect(":", "A conditional reads: if condition: value else: value.");
  const then = parseExpression(cursor);
  cursor.skipNewlinesBefore("else");
  cursor.skipNewlinesBefore("elif");
  if (cursor.is("elif")) {
    const otherwise = cursor.nested(() => parseConditional(cursor));
    return { kind: "conditional", test, then, otherwise, span: { start, end: otherwise.span.end } };
  }
  cursor.expect("else", "Every if needs an else: the value must be defined in both cases.");
  cursor.expect(":", "A conditional reads: if condition: value else: value.");
  const otherwise = parseExpression(cursor);
  return { kind: "conditional", test, then, otherwise, span: { start, end: otherwise.span.end } };
}

function parseOperators(cursor: Cursor, minimum: number): Expression {
  let left = parseUnary(cursor);
  for (;;) {
    const token = cursor.peek();
    const precedence = token.kind === "symbol" || token.kind === "name" ? PRECEDENCE[token.text] : undefined;
    if (precedence === undefined || precedence < minimum) return left;
    cursor.next();
    const rightMinimum = token.text === "^" ? MINUS_PRECEDENCE : precedence + 1;
    const right = cursor.nested(() => parseOperators(cursor, rightMinimum));
    left = join(token, left, right);
    if (precedence === COMPARE_PRECEDENCE && PRECEDENCE[cursor.peek().text] === COMPARE_PRECEDENCE) {
      throw sourceError(cursor.source, cursor.peek().span, {
        code: "chained-comparison",
        what: "comparisons cannot be chained",
        hint: `Write "a < b and b < c".`,
      });
    }
  }
}

function join(token: Token, left: Expression, right: Expression): Expression {
  const span = { start: left.span.start, end: right.span.end };
  const operator = token.text;
  if (operator === "and" || operator === "or") return { kind: "logical", operator, left, right, span };
  if (PRECEDENCE[operator] === COMPARE_PRECEDENCE) {
    return { kind: "compare", operator: operator as CompareOperator, left, right, span };
  }
  return { kind: "binary", operator: operator as ArithmeticOperator, left, right, span };
}

function parseUnary(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (cursor.accept("+")) return cursor.nested(() => parseOperators(cursor, MINUS_PRECEDENCE));
  if (cursor.accept("-") || cursor.accept("not")) {
    const operator = token.text as "-" | "not";
    const operand = cursor.nested(() =>
      parseOperators(cursor, operator === "-" ? MINUS_PRECEDENCE : NOT_PRECEDENCE),
    );
    return { kind: "unary", operator, operand, span: { start: token.span.start, end: operand.span.end } };
  }
  return parsePrimary(cursor);
}

function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.peek();
  const { span } = token;
  if (token.kind === "number") {
    cursor.next();
    return { kind: "number", value: Number(token.text), span };
  }
  if (token.kind === "gradient") {
    cursor.next();
    return { kind: "gradient", variable: token.text, span };
  }
  if (cursor.accept("(")) {
    const inner = parseExpression(cursor);
    const close = cursor.expect(")");
    return { ...inner, span: { start: span.start, end: close.span.end } };
  }
  if (token.kind !== "name" || ["else", "elif", "and", "or", "if"].includes(token.text)) {
    throw cursor.unexpected("a value");
  }
  return parseNamed(cursor, cursor.next());
}

function parseNamed(cursor: Cursor, token: Token): Expression {
  const { span } = token;
  if (token.text === "True" || token.text === "False") {
    return { kind: "boolean", value: token.text === "True", span };
  }
  if (cursor.accept(".")) {
    const name = cursor.next();
    if (name.kind !== "name") throw cursor.unexpected("a variable's name");
    if (cursor.is("(")) {
      const hint = `Store the value in a variable of the neuron, e.g. "drive = sum(exc)", and read ${token.text}.drive.`;
      throw cursor.unexpected("an operator or the end of the line", hint);
    }
    return {
      kind: "member",
      object: token.text,
      name: name.text,
      span: { start: span.start, end: name.span.end },
    };
  }
  if (!cursor.accept("(")) return { kind: "name", name: token.text, span };
  const list: Expression[] = [];
  if (!cursor.is(")")) {
    do list.push(parseExpression(cursor));
    while (cursor.accept(","));
  }
  const close = cursor.expect(")");
  return {
    kind: "call",
    callee: token.text,
    calleeSpan: span,
    arguments: list,
    span: { start: span.start, end: close.span.end },
  };
}

function gradientsOf(e: Expression): Extract<Expression, { kind: "gradient" }>[] {
  switch (e.kind) {
    case "gradient":
      return [e];
    case "unary":
      return gradientsOf(e.operand);
    case "binary":
    case "compare":
    case "logical":
      return [...gradientsOf(e.left), ...gradientsOf(e.right)];
    case "conditional":
      return [...gradientsOf(e.test), ...gradientsOf(e.then), ...gradientsOf(e.otherwise)];
    case "call":
      return e.arguments.flatMap(gradientsOf);
    default:
      return [];
  }
}
