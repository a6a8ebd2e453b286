import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { parseIni } from "./ini.ts";

const read = (text: string) => parseIni(text, { name: "config.ini" });
const valuesOf = (text: string) =>
  Object.fromEntries(
    [...read(text).sections].map(([section, { values }]) => [
      section,
      Object.fromEntries([...values].map(([key, value]) => [key, value.text])),
    ]),
  );

describe("parseIni", () => {
  it("reads sections, both separators, comments, empty values and lines that go on", () => {
    const text = `\ufeff# a comment
[net]
Net_Name = Marmoset
rnn_size: 55
; another
[combosparams]
combos_params = {'lr': [1e-4],
    # between
  'optimizer': ['Adam']}
pretrained =
`;
    expect(valuesOf(text)).toEqual({
      net: { net_name: "Marmoset", rnn_size: "55" },
      combosparams: {
        combos_params: "{'lr': [1e-4],\n    # between\n  'optimizer': ['Adam']}",
        pretrained: "",
      },
    });
  });

  it("knows where each value stands", () => {
    const text = "[a]\nkey =  5\nlong =\n  [1,\n   2]\n";
    const { values } = read(text).sections.get("a")!;
    const spans = ["key", "long"].map((key) => values.get(key)!.span);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(["5", "[1,\n   2]"]);
  });

  it.each([
    ["[a\n", "config.ini:1:1: a section needs a name in brackets"],
    ["[]\n", "config.ini:1:1: a section needs a name in brackets"],
    ["key = 1\n", "config.ini:1:1: a key stands before the first section"],
    ["[a]\nx = 1\n[a]\n", "config.ini:3:1: section [a] stands here twice"],
    ["[a]\nnonsense\n", "config.ini:2:1: this line is neither a section nor a key"],
    ["[a]\n= 1\n", "config.ini:2:1: a value has no key"],
    ["[a]\nx = 1\nX = 2\n", 'config.ini:3:1: "x" is given twice in [a]'],
  ])("refuses %j", (text, said) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "bad-ini" }));
    expect(() => read(text)).toThrow(said);
  });

  it("shows the line with a caret", () => {
    expect(() => read("[a]\nx = 1\nX = 2\n")).toThrowErrorMatchingInlineSnapshot(`
      [CajalError: config.ini:3:1: "x" is given twice in [a]
          2 │ x = 1
          3 │ X = 2
            │ ^
        Keep one.]
    `);
  });

  it("reads any text or says what is wrong with it", () => {
    const line = fc.array(fc.constantFrom(..."[]=:#; \tab1\r"), { maxLength: 12 }).map((l) => l.join(""));
    const text = fc.oneof(
      fc.string(),
      fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n")),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          for (const { values } of read(given).sections.values())
            for (const { text: value, span } of values.values())
              if (value !== "") expect(given.slice(span.start, span.end)).toBe(value);
        } catch (error) {
          expect(error).toBeInstanceOf(CajalError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
