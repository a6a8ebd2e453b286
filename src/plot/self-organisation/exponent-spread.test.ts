import { describe, expect, it } from "vitest";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { exponentSpread } from "./exponent-spread.ts";

const row = {
  label: "α (duration)",
  seeds: [1.5, 1.42, 0.8, 2.09],
  pooled: { value: 1.365, low: 1.35, high: 1.38 },
  surrogates: [
    { label: "binomial", low: 0.18, high: 0.25 },
    { label: "AR(1)", low: 1.38, high: 1.47 },
  ],
  reference: { label: "paper", value: 1.45 },
};

describe("exponentSpread", () => {
  it("draws a dot for each seed, the pooled value, a bar for each surrogate", async () => {
    const figure = readFigure(await exponentSpread({ rows: [row, { label: "γ", seeds: [1.3] }] }));
    expect(figure.count('g[aria-label="seeds"] circle')).toBe(5);
    expect(figure.count('g[aria-label="surrogates"] rect')).toBe(2);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["α (duration)", "γ", "pooled 1.365", "binomial", "AR(1)", "paper", "Exponent"]),
    );
  });
  it("orders dots as their values and shares one axis among rows", async () => {
    const figure = readFigure(await exponentSpread({ rows: [row, { label: "again", seeds: row.seeds }] }));
    const x = figure.all('g[aria-label="seeds"] circle').map((c) => Number(c.getAttribute("cx")));
    expect(x.slice(0, 4)).toEqual(x.slice(4));
    expect(x[2] < x[1] && x[1] < x[0] && x[0] < x[3]).toBe(true);
  });
  it("bears a failed fit, a single value and hostile names", async () => {
    const failed = { label: HOSTILE, seeds: [Number.NaN], pooled: { value: Number.NaN } };
    readFigure(await exponentSpread({ rows: [row, failed] }));
    readFigure(await exponentSpread({ rows: [{ label: "γ", seeds: [1.3] }] }, { xLabel: HOSTILE }));
  });
  it("refuses nothing", async () => {
    await expect(exponentSpread({ rows: [] })).rejects.toThrow(
      "exponentSpread: there is no exponent to draw",
    );
    await expect(exponentSpread({ rows: [{ label: "a", seeds: [] }] })).rejects.toThrow(
      "exponentSpread: no finite exponent to draw",
    );
  });
});
