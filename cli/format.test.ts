import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatSeconds, formatValue, plural, wrapText } from "./format.ts";

describe("formatSeconds", () => {
  it.each([
    [0.04, "0.0 s"],
    [9.94, "9.9 s"],
    [9.96, "10 s"],
    [99.4, "99 s"],
    [99.6, "1 min 40 s"],
    [3599, "59 min 59 s"],
    [7500, "2 h 05 min"],
  ])("%d", (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});

describe("formatValue", () => {
  it.each([
    [0, "0"],
    [12, "12"],
    [12.345, "12.35"],
    [0.9, "0.90"],
    [0.00123, "0.0012"],
    [0.000123, "1.23e-4"],
    [123.456, "123.5"],
    [12345.6, "12\u202f346"],
    [1e7 + 0.5, "1.00e+7"],
    [Number.NaN, "NaN"],
  ])("%d", (value, text) => expect(formatValue(value)).toBe(text));
});

describe("other numbers", () => {
  it("have units", () => {
    expect(formatBytes(13_100_000)).toBe("14 MB");
    expect(formatBytes(1_240_000_000)).toBe("1.2 GB");
    expect(formatBytes(900)).toBe("1 kB");
    expect(formatCount(9999)).toBe("9999");
    expect(formatCount(1234567)).toBe("1\u202f234\u202f567");
    expect(plural(1, "job")).toBe("1 job");
    expect(plural(2, "copy", "copies")).toBe("2 copies");
  });
});

describe("wrapText", () => {
  it("fills lines of the output's width, and never cuts a word", () => {
    expect(wrapText("one two three four", { columns: 12 })).toBe("  one two\n  three\n  four");
    expect(wrapText("a-very-long-word b", { columns: 8 }, 0)).toBe("a-very-long-word\nb");
    expect(wrapText("", { columns: 8 })).toBe("  ");
  });

  it("takes 80 columns where they are not known", () => {
    for (const output of [{}, { columns: 0 }])
      expect(
        Math.max(
          ...wrapText("word ".repeat(99).trim(), output)
            .split("\n")
            .map((l) => l.length),
        ),
      ).toBe(76);
  });
});
