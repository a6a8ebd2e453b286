import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNumberTable } from "./number-table.ts";

const read = (text: string, options: object = {}) => readNumberTable(text, { name: "w.csv", ...options });

describe("readNumberTable", () => {
  it.each([
    ["commas", "1,2,3\n4,5,6\n"],
    ["semicolons", "1; 2; 3\n4; 5; 6"],
    ["tabs", "1\t2\t3\r\n4\t5\t6\r\n"],
    ["blanks", " 1 2   3\n4 5 6 \n"],
    ["notes and blank lines", "# from a friend\n1,2,3\n\n% here\n4,5,6\n"],
    ["a row of names", "a,b,c\n1,2,3\n4,5,6\n"],
    ["a column of names", "V1,1,2,3\nV2,4,5,6\n"],
    ["both", '"",a,b,c\n"V1",1,2,3\n"V2",4,5,6\n'],
  ])("reads a matrix that is not square, with %s", (_, text) => {
    const { shape, values } = read(text);
    expect(shape).toEqual([2, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("takes rows and columns of numbers for names if told so", () => {
    const { shape, values } = read("0,1,2\n7,0.5,1e-3\n", { header: true, labelColumn: true });
    expect([shape, [...values]]).toEqual([
      [1, 2],
      [0.5, 1e-3],
    ]);
  });

  it("gives back every number that was written, bit for bit", () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(numbers, fc.constantFrom(",", ";", "\t", " "), (row, mark) => {
        const { values } = read(row.map((w) => (Object.is(w, -0) ? "-0" : String(w))).join(mark));
        expect(values).toEqual(Float64Array.from(row));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["", "the file holds no rows", "w.csv"],
    ["a,b\n", "the file holds no numbers", "w.csv"],
    ["1,2\n3,4\n5\n", "the row has 1 cell, the first one has 2", "w.csv:3:1"],
    ["1,o.2,3\n4,5,6\n", 'cell 2 is not a number, got "o.2"', "w.csv:1:3"],
    ["1,2\nx,3\n", 'cell 1 is not a number, got "x"', "w.csv:2:1"],
    ["1,2\n3,nan\n", "cell 2 is nan", "w.csv:2:3"],
    ["1,2\n3,1e999\n", "cell 2 is 1e999", "w.csv:2:3"],
    ["1,2\n3,  x y\n", 'cell 2 is not a number, got "x y"', "w.csv:2:5"],
    ["1,2\n,4\n", "cell 1 is empty", "w.csv:2:1"],
    ["1;2\n3;0,5\n", 'cell 2 is "0,5", with a decimal comma', "w.csv:2:3"],
    ['1,2\n"3,4\n', "a quote is not closed on its line", "w.csv:2:1"],
    ["1,2\n3,\n", "cell 2 is empty", "w.csv:2:3"],
  ])("refuses %j", (text, what, where) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ what, where }));
  });
});
