import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainValue, readPythonLiteral } from "./python-literal.ts";

/** The value, or what is wrong with the text and the letters it points at. */
function read(text: string): unknown {
  const result = readPythonLiteral(text);
  if ("literal" in result) return plainValue(result.literal);
  const { what, span } = result.problem;
  return `${what}: ${text.slice(span.start, span.end)}`;
}

/** A value as Python's repr writes it. */
function repr(value: unknown): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value as object)
      .map(([key, v]) => `${repr(key)}: ${repr(v)}`)
      .join(", ")}}`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  return `'${String(value).replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
}

describe("readPythonLiteral", () => {
  it.each([
    ["5", 5],
    ["-1e-4", -1e-4],
    ["1_000", 1000],
    [".5", 0.5],
    ["5.", 5],
    ["True", true],
    ["None", null],
    ["'a\\'b'", "a'b"],
    ['"n\\n\\d"', "n\n\\d"],
    ["[]", []],
    ["()", []],
    ["(1)", 1],
    ["(1,)", [1]],
    ["[1, 2,]", [1, 2]],
    ["{'lr': [1e-4, 1e-6], # two\n 'optimizer': ['Adam']}", { lr: [1e-4, 1e-6], optimizer: ["Adam"] }],
    ["{2: 'two'}", { 2: "two" }],
  ])("reads %s", (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ["__import__('os').system('rm')", '"__import__" is not a plain value: __import__'],
    ["range(3)", '"range" is not a plain value: range'],
    ["1 + 1", "something follows the value: + 1"],
    ["3x", "this is not a number: 3x"],
    ["1.2.3", "this is not a number: 1.2.3"],
    ["1e999", "this number is too large: 1e999"],
    ["[1 2]", '"," or "]" is missing: 2'],
    ["[1,,2]", "a value is missing: ,"],
    ["{'a' 1}", '":" is missing after the key: 1'],
    ["'abc", "the text has no closing quote: '"],
    ["", "a value is missing: "],
    ["[".repeat(40), "lists within lists go too deep: ["],
  ])("refuses %s", (text, said) => {
    expect(read(text)).toBe(said);
  });

  it("reads back what Python would print", () => {
    const leaf = fc.oneof(
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string(),
    );
    const key = fc.string().filter((name) => name !== "__proto__");
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(key, tie("any"), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (v) => {
        expect(read(repr(v))).toEqual(v);
      }),
    );
  });

  it("never throws and points into the text, whatever it is given", () => {
    const near = fc.array(fc.constantFrom(..."[](){}'\",:#\\ \n\t-+.eE_019aTrueFalseNone"), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          near.map((letters) => letters.join("")),
        ),
        (text) => {
          const result = readPythonLiteral(text);
          const span = "literal" in result ? result.literal.span : result.problem.span;
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.start).toBeLessThanOrEqual(text.length);
          expect(span.end).toBeGreaterThan(span.start);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
