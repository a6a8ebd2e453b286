import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { parseEquations } from "./parser.ts";
import type { Expression } from "./syntax.ts";

const parse = (text: string) => parseEquations({ title: 'neuron "n"', text });

/** Fully parenthesised text of an expression: shows how it was grouped. */
function grouped(e: Expression): string {
  switch (e.kind) {
    case "number":
    case "boolean":
      return String(e.value);
    case "name":
      return e.name;
    case "gradient":
      return `d${e.variable}`;
    case "member":
      return `${e.object}.${e.name}`;
    case "unary":
      return `(${e.operator} ${grouped(e.operand)})`;
    case "conditional":
      return `[${grouped(e.test)} ? ${grouped(e.then)} : ${grouped(e.otherwise)}]`;
    case "call":
      return `${e.callee}(${e.arguments.map(grouped).join(", ")})`;
    default:
      return `(${grouped(e.left)} ${e.operator} ${grouped(e.right)})`;
  }
}

function right(text: string): string {
  const [s] = parse(`y = ${text}`);
  return grouped(s.kind === "assign" ? s.value : s.right);
}

describe("parseEquations", () => {
  it.each([
    ["1 + 2 * 3", "(1 + (2 * 3))"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b / c", "((a / b) / c)"],
    ["2 ^ 3 ** 2", "(2 ^ (3 ^ 2))"],
    ["-x ^ 2", "(- (x ^ 2))"],
    ["2 ^ -1", "(2 ^ (- 1))"],
    ["-a * b", "((- a) * b)"],
    ["a < b and not c >= d or e", "(((a < b) and (not (c >= d))) or e)"],
    ["if a > 0: b else: if c: d else: e", "[(a > 0) ? b : [c ? d : e]]"],
    ["if a: 1 elif b: 2 else: 3", "[a ? 1 : [b ? 2 : 3]]"],
    ["f(x, 2 * y)", "f(x, (2 * y))"],
    ["1e-3 + .5", "(0.001 + 0.5)"],
  ])("groups %s", (text, expected) => {
    expect(right(text)).toBe(expected);
  });

  it("reads the gradient anywhere on the left, and flags after the colon", () => {
    const [ode] = parse("tau * dx / dt + x = I : init = 0.5, exponential, min=-1");
    expect(ode).toMatchObject({ kind: "ode", variable: "x" });
    expect(ode.flags.map((f) => f.name)).toEqual(["init", "exponential", "min"]);
  });

  it("keeps the colon of a conditional apart from the colon of the flags", () => {
    const [s] = parse("x = if a > 0: 1 else: 2 : max=3");
    expect(s.flags.map((f) => f.name)).toEqual(["max"]);
  });

  it("goes on after an operator at the end of a line, inside parentheses, and before else", () => {
    expect(parse("x = 1 +\n 2\ny = (3\n + 4)\nz = if a: 1\n else: 2")).toHaveLength(3);
  });

  it("ignores comments and empty lines, and takes ; for a line's end", () => {
    expect(parse("# a\n\nx = 1 # b\n y = 2; z = 3")).toHaveLength(3);
  });

  it.each([
    ["x = (1 + 2", "unbalanced-parenthesis", '"(" is never closed'],
    ["x = 1 + 2)", "unbalanced-parenthesis", '")" closes nothing'],
    ["x = 1 + * 3", "syntax", 'expected a value, got "*"'],
    ["x = 2y", "bad-number", '"2y" is neither a number nor a name'],
    ["x = 1 $ 2", "bad-character", 'unexpected character "$"'],
    ["x + 1 = 2", "bad-left-side", "the left side is neither a variable nor holds a gradient"],
    ["x = dy/dt", "gradient-on-right", 'dy/dt stands on the right of "="'],
    ["dx/dt + dy/dt = 1", "two-gradients", "one line holds the gradients of two variables"],
    ["dx/dt += 1", "two-gradients", 'a gradient needs "=", not "+="'],
    ["x = if a: 1", "syntax", 'expected "else", got end of the equations'],
    ["x = a < b < c", "chained-comparison", "comparisons cannot be chained"],
    ["x = 1 2", "syntax", 'expected the end of the line, got "2"'],
    ["x", "syntax", 'expected "=" after the left side, got end of the equations'],
  ])("refuses %s", (text, code, what) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code, what }));
  });

  it("shows line, caret and mend", () => {
    expect(() => parse("y = 1\nx = (1 + 2")).toThrow(
      ['neuron "n", line 2: "(" is never closed', "  x = (1 + 2", "      ^", '  Add ")".'].join("\n"),
    );
  });

  it("throws nothing but CajalError on any text", () => {
    const piece = fc.constantFrom(
      "x",
      "dx/dt",
      "=",
      "+",
      "-",
      "^",
      "(",
      ")",
      ":",
      "if",
      "else",
      "1",
      "\n",
      ",",
      ".",
      "and",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 30 }).map((p) => p.join(" ")),
        ),
        (text) => {
          try {
            parse(text);
          } catch (error) {
            if (!(error instanceof CajalError)) throw error;
          }
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("refuses nesting that would exhaust the stack", () => {
    const deep = `x = ${"(".repeat(5000)}1${")".repeat(5000)}`;
    expect(() => parse(deep)).toThrow(expect.objectContaining({ code: "too-deep" }));
    expect(() => parse(`x = ${"-".repeat(5000)}1`)).toThrow(expect.objectContaining({ code: "too-deep" }));
  });
});
