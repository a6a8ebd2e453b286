import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { avalancheFigure } from "./avalanche-figure.ts";

const rng = createRng(4).stream("avalanches");
const powerLaw = (n: number) =>
  Array.from({ length: n }, () => Math.floor((1 - rng.uniform()) ** (-1 / 0.8)));
const panel = {
  pooled: { values: powerLaw(4000) },
  seeds: [{ values: powerLaw(900) }, { values: powerLaw(900) }],
  fit: { slope: -1.8, standardError: 0.005, from: 2, to: 1000, note: "R = +50" },
  surrogates: ["binomial", "AR(1)", "shuffled"].map((label) => ({
    label,
    sample: { values: powerLaw(500) },
  })),
};
const meanSize = { pooled: { x: [1, 2, 5, 10], y: [3, 7, 25, 60] }, fit: { slope: 1.3, from: 1, to: 10 } };

describe("avalancheFigure", () => {
  it("draws seeds, pooled, fit and surrogates in each panel, surrogates told apart", async () => {
    const figure = readFigure(await avalancheFigure({ size: panel, duration: panel, meanSize }));
    expect(figure.paths("seeds")).toHaveLength(4);
    expect(figure.paths("fit")).toHaveLength(3);
    expect(figure.paths("surrogates")).toHaveLength(6);
    expect(figure.count('g[aria-label="surrogates"] path[stroke-dasharray]')).toBe(4);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["τ = 1.800 ± 0.005", "α = 1.800 ± 0.005", "γ = 1.30", "R = +50", "AR(1)"]),
    );
    expect(figure.texts).toEqual(expect.arrayContaining(["pooled over 2 seeds", "each seed"]));
  });
  it("lays a fit of the right slope along the points", async () => {
    const x = [1, 10, 100];
    const pooled = { x, y: x.map((v) => 0.5 * v ** -1.5) };
    const figure = readFigure(
      await avalancheFigure({ size: { pooled, fit: { slope: -1.5, from: 1, to: 100 } } }),
    );
    const ends = (d: string) => {
      const at = [...d.matchAll(/([\d.]+),([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
      return [at[0], at[at.length - 1]].flat();
    };
    const [data, fit] = [ends(figure.paths("pooled")[0]), ends(figure.paths("fit")[0])];
    for (let i = 0; i < 4; i++) expect(Math.abs(data[i] - fit[i])).toBeLessThan(0.05);
  });
  it("names log ticks, draws a single panel, escapes labels", async () => {
    const surrogates = [{ label: HOSTILE, sample: { values: [1, 1, 2] } }];
    const size = { pooled: panel.pooled, surrogates };
    const figure = readFigure(await avalancheFigure({ size }, { width: "single", title: HOSTILE }));
    expect(figure.texts).toEqual(expect.arrayContaining(["10⁰", "10¹", "10²", "10⁻²"]));
    expect(figure.texts.some((t) => t.startsWith("</text>"))).toBe(true);
  });
  it("refuses nothing, no avalanche, and values where points are needed", async () => {
    await expect(avalancheFigure({})).rejects.toThrow("avalancheFigure: there is no distribution to draw");
    await expect(avalancheFigure({ size: { pooled: { values: [] } } })).rejects.toThrow(
      "avalancheFigure: size: no positive finite value to draw",
    );
    await expect(avalancheFigure({ meanSize: { pooled: { values: [1] } } })).rejects.toThrow(
      "avalancheFigure: meanSize.pooled: values have no duration to stand at. Give points",
    );
    await expect(avalancheFigure({ duration: { pooled: { x: [1], y: [] } } })).rejects.toThrow(
      "avalancheFigure: duration.pooled: y has 0 values, x has 1",
    );
  });
});
