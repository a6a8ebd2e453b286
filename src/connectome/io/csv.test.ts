import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsvMatrix } from "./csv.ts";
import { cellKind, guessSeparator, type Separator, splitRows } from "./delimited.ts";

const values = (text: string, options = {}) => [...readCsvMatrix(text, options).matrix.values];

describe("splitRows", () => {
  const cells = (text: string, separator?: Separator) =>
    splitRows(text, { name: "t", separator }).rows.map((r) => r.cells);

  it("knows quotes, blanks, comments, blank lines and every line end", () => {
    expect(cells('# note\r\n"a, b" , c\r\n\r\n% note\n  1,"say ""x"""\r2,3')).toEqual([
      ["a, b", "c"],
      ["1", 'say "x"'],
      ["2", "3"],
    ]);
  });

  it("splits at runs of blanks and tabs", () => {
    expect(cells("  1   2\t3\n'a' \"b c\" d\n")).toEqual([
      ["1", "2", "3"],
      ["'a'", "b c", "d"],
    ]);
  });

  it("says where a cell starts", () => {
    const [row] = splitRows('ab, "c" ,d', { name: "t" }).rows;
    expect(row.columns).toEqual([1, 5, 10]);
    expect(splitRows("  ab   c", { name: "t" }).rows[0].columns).toEqual([3, 8]);
  });

  it("refuses a short ragged file as ragged, where it was once read as one column", () => {
    expect(() => readCsvMatrix("1,2\n3", { name: "t" })).toThrow(
      /the row has 2 cells, the other rows have 1/,
    );
  });

  it("ignores a separator at the end of every row, but not of some", () => {
    expect(cells("1,2,\n3,4,\n")).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
    expect(cells("1,2,\n3,4,5\n")).toEqual([
      ["1", "2", ""],
      ["3", "4", "5"],
    ]);
  });

  it.each([
    ["a\tb,c\nd\te", "\t"],
    ["0,5;1\n2;3,5", ";"],
    ["# a;b;c\nx, y\n1, 2", ","],
    ['"a,b" c\nd e', " "],
    ["1 2\n3 4", " "],
    ["7", " "],
    ["1,2\n3", ","],
    ["1;2\n3\n4", ";"],
  ])("guesses the separator of %j", (text, separator) => {
    expect(guessSeparator(text.split("\n"))).toBe(separator);
  });

  it.each([
    ["", "csv-empty", "t: the file holds no rows. Is it the right file?"],
    ["# only\n\n", "csv-empty", undefined],
    [
      '1,2\n3,"4',
      "csv-quote",
      't:2:3: a quote is not closed on its line. Write a quote inside a quoted cell twice: "".',
    ],
    [
      '1,"2"x',
      "csv-quote",
      't:1:6: "x" follows a closing quote. Write a quote inside a quoted cell twice: "".',
    ],
  ])("refuses %j", (text, code, message) => {
    expect(() => splitRows(text, { name: "t" })).toThrow(
      expect.objectContaining({ code, ...(message && { message }) }),
    );
  });
});

describe("cellKind", () => {
  it.each([
    ["number", ["1", "-2.", "+.5", "1e-3", "1.5D+2", "007"]],
    ["not-finite", ["NaN", "-inf", "NA", "n/a", "Infinity", "null"]],
    ["text", ["V1", "0x10", "1_000", "1e", "1,5", ".", "-", "1 2", "--1", "9/46d", "24c"]],
    ["blank", [""]],
  ])("%s", (kind, texts) => {
    for (const text of texts) expect(cellKind(text), text).toBe(kind);
  });
});

describe("readCsvMatrix", () => {
  const plain = [0, 1, 2, 3, 0, 4, 5, 6, 0];
  const labels = ["V1", "24c", "10"];

  it.each([
    ["plain", "0,1,2\n3,0,4\n5,6,0", undefined],
    ["header", "V1,24c,10\n0,1,2\n3,0,4\n5,6,0", labels],
    ["label column", "V1;0;1;2\n24c;3;0;4\n10;5;6;0", labels],
    ["both", "area\tV1\t24c\t10\nV1\t0\t1\t2\n24c\t3\t0\t4\n10\t5\t6\t0", labels],
    ["both, blank corner", ",V1,24c,10\nV1,0,1,2\n24c,3,0,4\n10,5,6,0", labels],
    ["both as R writes them", "V1 24c 10\nV1 0 1 2\n24c 3 0 4\n10 5 6 0", labels],
    ["both with quotes", '"","V1","24c","10"\n"V1",0,1,2\n"24c",3,0,4\n"10",5,6,0\n', labels],
    ["numbers for labels", ",7,8,9\n7,0,1,2\n8,3,0,4\n9,5,6,0", ["7", "8", "9"]],
    ["numbers for labels under a name", "id,7,8,9\n7,0,1,2\n8,3,0,4\n9,5,6,0", ["7", "8", "9"]],
    ["a data frame's numbering and names", ",V1,24c,10\n0,0,1,2\n1,3,0,4\n2,5,6,0", labels],
    ["a header of numbers", "1,2,3\n0,1,2\n3,0,4\n5,6,0", ["1", "2", "3"]],
    ["a column of numbers", "0 0 1 2\n1 3 0 4\n2 5 6 0", ["0", "1", "2"]],
    ["names and numbering from 1", ",1,2,3\nV1,0,1,2\n24c,3,0,4\n10,5,6,0", labels],
  ])("%s", (_, text, expected) => {
    const { matrix, labels: found } = readCsvMatrix(text);
    expect([...matrix.values]).toEqual(plain);
    expect(found).toEqual(expected);
  });

  it("takes a header of numbers when told to", () => {
    expect(readCsvMatrix("7,2\n3,4\n5,6", { header: true })).toMatchObject({ labels: ["7", "2"] });
    expect(readCsvMatrix("7 3 4\n2 5 6", { labelColumn: true })).toMatchObject({ labels: ["7", "2"] });
  });

  it("reads a single number", () => {
    expect(values("2.5\n")).toEqual([2.5]);
  });

  it("ignores the diagonal on request", () => {
    expect(values("NaN,1\n2,nan", { diagonal: "zero" })).toEqual([0, 1, 2, 0]);
    expect(values("x,1\n2,9", { diagonal: "zero", header: false, labelColumn: false })).toEqual([0, 1, 2, 0]);
  });

  it.each([
    [
      "1,2\n3,4,5\n6,7",
      "csv-ragged",
      "m.csv:2:5: the row has 3 cells, the other rows have 2. Give every row the same number of cells; write 0 where there is no edge.",
    ],
    [
      "1,2,3\n4,5,6\n7,8",
      "csv-ragged",
      "m.csv:3:3: the row has 2 cells, the other rows have 3. Give every row the same number of cells; write 0 where there is no edge.",
    ],
    [
      "1,2\n3,4,5\n6,7,8",
      "csv-ragged",
      "m.csv:1:3: the row has 2 cells, the other rows have 3. Give every row the same number of cells; write 0 where there is no edge.",
    ],
    // A row or column too many must not be swallowed as labels.
    [
      "7,2\n3,4\n5,6",
      "not-square",
      'm.csv: the matrix has 3 rows and 2 columns. If it is a list of edges (source, target, weight), pass format: "edge-list".',
    ],
    [
      "1,2,3\n8,5,6",
      "not-square",
      'm.csv: the matrix has 2 rows and 3 columns. If it is a list of edges (source, target, weight), pass format: "edge-list".',
    ],
    [
      "1,2,3",
      "not-square",
      'm.csv: the matrix has 1 row and 3 columns. If it is a list of edges (source, target, weight), pass format: "edge-list".',
    ],
    [
      "0,1,2\n3,0,x4\n5,6,0",
      "csv-not-a-number",
      'm.csv:2:5: cell 3 is not a number, got "x4". Only a first row and a first column may hold labels.',
    ],
    [
      "0,1,2\n3o,0,4\n5,6,0",
      "csv-not-a-number",
      'm.csv:2:1: cell 1 is not a number, got "3o". Only a first row and a first column may hold labels.',
    ],
    [
      "0,1\n2,",
      "csv-not-a-number",
      'm.csv:2:3: cell 2 is empty. Write 0, or ignore the diagonal with diagonal: "zero".',
    ],
    [
      "0,5;1\n2;0",
      "csv-decimal-comma",
      'm.csv:1:1: cell 1 is "0,5", with a decimal comma. Use decimal points.',
    ],
    [
      "NaN,1\n2,0",
      "nan-weights",
      'm.csv:1:1: cell 1 is NaN. Write 0, or ignore the diagonal with diagonal: "zero".',
    ],
    ["0,-Inf\n2,0", "nan-weights", "m.csv:1:3: cell 2 is -Inf. Write 0 where there is no edge."],
    ["0,1e999\n2,0", "nan-weights", "m.csv:1:3: cell 2 is 1e999. Write 0 where there is no edge."],
    [
      "a,b\n0,1\n2,3\n4,5",
      "not-square",
      "m.csv: the matrix has 3 rows and 2 columns. Give one row and one column per node; state header and labelColumn if they are misread (line 1: a b).",
    ],
    [
      "0,1,2\n0,2,1\n1,2,3\n1,3,1\n1,4,1",
      "not-square",
      'm.csv: the matrix has 5 rows and 3 columns. If it is a list of edges (source, target, weight), pass format: "edge-list".',
    ],
    [
      ",a,b\na,0,1\nc,2,0",
      "csv-label-mismatch",
      'm.csv: label 2 is "b" in the first row but "c" in the first column. Rows and columns must name the same nodes in the same order.',
    ],
  ])("refuses %j", (text, code, message) => {
    expect(() => readCsvMatrix(text, { name: "m.csv" })).toThrow(expect.objectContaining({ code, message }));
  });

  it("reads back any matrix, any separator, with and without labels", () => {
    const size = fc.integer({ min: 1, max: 5 });
    const square = size.chain((n) =>
      fc.array(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => (v === 0 ? 0 : v)),
        { minLength: n * n, maxLength: n * n },
      ),
    );
    fc.assert(
      fc.property(
        square,
        fc.constantFrom(",", ";", "\t", " "),
        fc.boolean(),
        fc.boolean(),
        (all, mark, header, column) => {
          const n = Math.sqrt(all.length);
          const names = Array.from({ length: n }, (_, i) => `n${i}`);
          const lines = names.map((name, i) => [
            ...(column ? [name] : []),
            ...all.slice(i * n, i * n + n).map(String),
          ]);
          if (header) lines.unshift([...(column ? ["area"] : []), ...names]);
          const text = lines.map((line) => line.join(mark)).join("\n");
          const { matrix, labels } = readCsvMatrix(text, { header, labelColumn: column });
          expect(matrix.values).toEqual(Float64Array.from(all));
          expect(labels).toEqual(header || column ? names : undefined);
          // Left to itself the reader finds the same, but for the one-node file that is two cells long.
          if (n > 1) expect(readCsvMatrix(text)).toEqual({ matrix, ...(labels && { labels }) });
        },
      ),
    );
  });
});
