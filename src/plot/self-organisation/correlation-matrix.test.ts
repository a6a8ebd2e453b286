import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { correlationMatrix } from "./correlation-matrix.ts";

const matrix = (rows: readonly (readonly number[])[]) => ({
  rows: rows.length,
  columns: rows.length,
  values: rows.flat(),
});
const three = matrix([
  [1, 0.5, -0.2],
  [0.5, 1, Number.NaN],
  [-0.2, Number.NaN, 1],
]);

/** Colour of the cell at (row, column). */
function cellsOf(svg: string, n: number) {
  const href = readFigure(svg).all("image")[0].getAttribute("href") ?? "";
  const png = Buffer.from(href.split(",")[1], "base64");
  const side = png.readUInt32BE(16);
  const chunk = (name: string) => {
    const at = png.indexOf(name);
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  const raw = inflateSync(chunk("IDAT"));
  const palette = chunk("PLTE");
  return (i: number, j: number) => {
    const zoom = side / n;
    const index = raw[Math.floor((i + 0.5) * zoom) * (side + 1) + 1 + Math.floor((j + 0.5) * zoom)];
    return [...palette.subarray(3 * index, 3 * index + 3)];
  };
}

describe("correlationMatrix", () => {
  it("shows sign by hue, 0 white, missing grey, and nothing above the diagonal", async () => {
    const at = cellsOf(await correlationMatrix({ correlations: three }), 3);
    const [r, , b] = at(1, 0);
    expect(b).toBeGreaterThan(r);
    const [red, , blue] = at(2, 0);
    expect(red).toBeGreaterThan(blue);
    expect(at(2, 1)).toEqual([196, 196, 196]);
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [0, 2],
    ]) {
      expect(at(i, j)).toEqual([255, 255, 255]);
    }
  });
  it("shows both triangles alike when asked for all", async () => {
    const at = cellsOf(await correlationMatrix({ correlations: three }, { triangle: "full" }), 3);
    expect(at(0, 1)).toEqual(at(1, 0));
    expect(at(0, 2)).toEqual(at(2, 0));
  });
  it("names units, sums up the pairs and says where colours are cut", async () => {
    const labels = ["a", HOSTILE.slice(0, 12), "c"];
    const figure = readFigure(await correlationMatrix({ correlations: three, labels }, { limit: 0.3 }));
    expect(figure.texts).toEqual(
      expect.arrayContaining(["mean 0.15 over 2 pairs", "Correlation r, cut at ±0.30", "Unit (3)"]),
    );
    expect(figure.texts.filter((t) => t === "a")).toHaveLength(2);
    const typed = readFigure(await correlationMatrix({ correlations: three, types: ["e", "i", "e"] }));
    expect(typed.texts).toEqual(expect.arrayContaining(["e (2)", "i (1)"]));
  });
  it("bears one unit and units that never fired", async () => {
    readFigure(await correlationMatrix({ correlations: matrix([[1]]) }));
    const none = matrix([
      [Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN],
    ]);
    readFigure(await correlationMatrix({ correlations: none }));
  });
  it("refuses what is no square matrix", async () => {
    await expect(correlationMatrix({ correlations: matrix([]) })).rejects.toThrow(
      "correlationMatrix: the matrix is empty",
    );
    await expect(correlationMatrix({ correlations: { rows: 2, columns: 3, values: [] } })).rejects.toThrow(
      "is 2 × 3, not square",
    );
    await expect(correlationMatrix({ correlations: { rows: 2, columns: 2, values: [1] } })).rejects.toThrow(
      "1 values do not fill 2 × 2",
    );
    await expect(correlationMatrix({ correlations: three, labels: ["a"] })).rejects.toThrow(
      "labels has 1 values, units has 3",
    );
    await expect(correlationMatrix({ correlations: three }, { limit: 0 })).rejects.toThrow("limit is 0");
  });
});
