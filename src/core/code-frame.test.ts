import { describe, expect, it } from "vitest";
import { codeFrame, lineColumn } from "./code-frame.ts";

const TEXT = "first: 1\nsecond:\t22\nthird: 3\n";
const span = (word: string, text = TEXT) => ({
  start: text.indexOf(word),
  end: text.indexOf(word) + word.length,
});

describe("lineColumn", () => {
  it("counts both from 1", () => {
    expect(lineColumn(TEXT, 0)).toEqual({ line: 1, column: 1 });
    expect(lineColumn(TEXT, TEXT.indexOf("22"))).toEqual({ line: 2, column: 9 });
  });
});

describe("codeFrame", () => {
  it("shows the line and carets, a tab as one blank", () => {
    expect(codeFrame(TEXT, span("22"), { note: "too many" })).toBe("  second: 22\n          ^^ too many");
  });

  it("shows lines before it with their numbers", () => {
    expect(codeFrame(TEXT, span("third"), { context: 1 })).toBe(
      "    2 │ second: 22\n    3 │ third: 3\n      │ ^^^^^",
    );
  });

  it("ends the carets with the line", () => {
    expect(codeFrame(TEXT, { start: 0, end: TEXT.length })).toBe("  first: 1\n  ^^^^^^^^");
  });

  it("cuts a long line around the place, and the lines before it alike", () => {
    for (const place of [0, 40, 90, 500, 3000, 4990]) {
      const long = `${"a".repeat(place)}WRONG${"b".repeat(5000 - place)}`;
      const text = `${"c".repeat(400)}\nshort\n${long}`;
      const lines = codeFrame(text, span("WRONG", text), { context: 2 }).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(8 + 120);
      const [, , shown, carets] = lines;
      expect(shown.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("WRONG");
      expect(shown.endsWith("…")).toBe(place < 4900);
      expect(shown.slice(8).startsWith("…")).toBe(place > 60);
    }
  });

  it("does not let carets of a long span run over", () => {
    const lines = codeFrame("x".repeat(5000), { start: 0, end: 5000 }).split("\n");
    expect(lines[1]).toBe(`  ${"^".repeat(120)}`);
  });
});
