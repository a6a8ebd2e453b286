import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { intervalFigure } from "./interval-figure.ts";

const rng = createRng(6).stream("intervals");
const intervals = Array.from({ length: 3000 }, () => 1 + Math.floor(-10 * Math.log(1 - rng.uniform())));

describe("intervalFigure", () => {
  it("draws the histogram on both axes with the fit and says n, CV and what is cut off", async () => {
    const figure = readFigure(await intervalFigure({ intervals, fit: { rate: 0.1, from: 3 }, cv: 0.933 }));
    expect(figure.paths("histogram")).toHaveLength(1);
    expect(pieces(figure.paths("histogram")[0])).toBe(pieces(figure.paths("points")[0]));
    expect(figure.paths("fit")).toHaveLength(2);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["exponential, mean 10.0 steps from 3 on", "n = 3000, CV = 0.93"]),
    );
    expect(figure.texts.some((t) => /% beyond/.test(t))).toBe(true);
  });
  it("draws an exponential as a straight line on the logarithmic axis", async () => {
    const d = readFigure(await intervalFigure({ intervals, fit: { rate: 0.1 } })).paths("fit")[1];
    expect(d.match(/L/g)).toHaveLength(1);
  });
  it("bears one interval and hostile names", async () => {
    readFigure(await intervalFigure({ intervals: [4] }, { title: HOSTILE }));
  });
  it("refuses nothing and a rate that does not decay", async () => {
    await expect(intervalFigure({ intervals: [] })).rejects.toThrow(
      "intervalFigure: there is no interval to draw",
    );
    await expect(intervalFigure({ intervals, fit: { rate: 0 } })).rejects.toThrow(
      "intervalFigure: the rate of the exponential is 0. Give the decay per step, > 0.",
    );
  });
});
