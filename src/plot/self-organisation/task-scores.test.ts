import { describe, expect, it } from "vitest";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { taskScores } from "./task-scores.ts";

const n = [4, 8, 12];
const sorn = { label: "SORN", values: [1, 0.99, 0.96], low: [1, 0.98, 0.9], high: [1, 1, 0.99] };
const control = { label: "static", values: [0.95, 0.8, Number.NaN] };

describe("taskScores", () => {
  it("draws line and dots for each network, spread where given, names at the ends", async () => {
    const figure = readFigure(await taskScores({ n, curves: [sorn, control] }));
    // Band, error bars, line, dots with their rim; without spread the last three.
    expect(figure.paths("SORN")).toHaveLength(5);
    expect(figure.paths("static")).toHaveLength(3);
    expect(figure.texts).toEqual(expect.arrayContaining(["SORN", "static", "4", "8", "12", "Word length n"]));
  });
  it("puts the network of interest on top", async () => {
    const svg = await taskScores({ n, curves: [sorn, control] });
    expect(svg.indexOf('aria-label="SORN"')).toBeGreaterThan(svg.indexOf('aria-label="static"'));
  });
  it("bears one word length and hostile names", async () => {
    readFigure(
      await taskScores({ n: [4], curves: [{ label: HOSTILE, values: [0.5], low: [0.4], high: [0.6] }] }),
    );
  });
  it("refuses nothing and lists that do not match", async () => {
    await expect(taskScores({ n: [], curves: [] })).rejects.toThrow(
      "taskScores: there is no word length to draw",
    );
    await expect(taskScores({ n, curves: [] })).rejects.toThrow("there is no curve to draw");
    await expect(taskScores({ n, curves: [{ label: "a", values: [1] }] })).rejects.toThrow(
      '"values" of a has 1 values for 3 points',
    );
    await expect(taskScores({ n: [4], curves: [{ label: "a", values: [Number.NaN] }] })).rejects.toThrow(
      "taskScores: no finite score to draw",
    );
  });
});
