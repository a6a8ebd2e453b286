import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { type FittedDensity, weightDistribution } from "./weight-distribution.ts";

const rng = createRng(2).stream("weights");
const weights = Array.from({ length: 800 }, () => Math.exp(-2.5 + 0.5 * rng.normal()));
const fits: FittedDensity[] = [
  { label: "normal", aic: -100, density: { kind: "normal", mean: 0.09, sd: 0.05 } },
  { label: "log-normal", aic: -250.5, density: { kind: "lognormal", mu: -2.5, sigma: 0.5 } },
  { label: "gamma", density: { kind: "gamma", shape: 4, scale: 0.023 } },
  { label: "sampled", density: { kind: "sampled", x: [0.01, 0.1, 0.3], y: [0, 10, 1] } },
];

describe("weightDistribution", () => {
  it("draws the data twice as bars and ticks, and every fit on both axes", async () => {
    const figure = readFigure(await weightDistribution({ weights, fits }));
    expect(figure.paths("histogram")).toHaveLength(2);
    expect(figure.paths("fits")).toHaveLength(8);
    expect(pieces(figure.paths("data")[1])).toBe(800);
  });
  it("orders the legend by AIC, best first and bold, with the distance to it", async () => {
    const { texts, all } = readFigure(await weightDistribution({ weights, fits }));
    expect(texts).toEqual(expect.arrayContaining(["AIC −250.5", "AIC −100.0 (+150.5)", "data, n = 800"]));
    expect(texts.indexOf("log-normal")).toBeLessThan(texts.indexOf("normal"));
    const bold = all("text").find((t) => t.textContent === "log-normal");
    expect(bold?.getAttribute("font-weight")).toBe("bold");
  });
  it("scales a true density onto its histogram: bars and curve enclose the same area", async () => {
    // A sampled curve that is the density itself must give what the parameters give.
    const x = Array.from({ length: 4000 }, (_, i) => 0.0005 + i * 0.0005);
    const y = x.map((w) => Math.exp(-((Math.log(w) + 2.5) ** 2) / 0.5) / (w * 0.5 * Math.sqrt(2 * Math.PI)));
    const heights = async (density: FittedDensity["density"]) => {
      const d = readFigure(
        await weightDistribution({ weights, fits: [{ label: "f", density }], fittedFrom: 0.02 }),
      ).paths("fits");
      return d.map((p) => Math.min(...[...p.matchAll(/,([\d.]+)/g)].map((m) => Number(m[1]))));
    };
    const sampled = await heights({ kind: "sampled", x, y });
    const exact = await heights({ kind: "lognormal", mu: -2.5, sigma: 0.5 });
    for (const i of [0, 1]) expect(Math.abs(sampled[i] - exact[i])).toBeLessThan(0.2);
  });
  it("bears one weight, equal weights, zeros, and no fits; escapes labels", async () => {
    readFigure(await weightDistribution({ weights: [0.1], fits: [] }));
    readFigure(await weightDistribution({ weights: [0.1, 0.1, 0, Number.NaN], fits }));
    const hostile = [{ ...fits[1], label: HOSTILE }];
    const figure = readFigure(await weightDistribution({ weights, fits: hostile }, { valueLabel: HOSTILE }));
    expect(figure.texts).toContain(HOSTILE);
  });
  it("refuses nothing, curves that do not match and a fit of no data", async () => {
    await expect(weightDistribution({ weights: [], fits })).rejects.toThrow("there is no weight to draw");
    await expect(weightDistribution({ weights: [0], fits })).rejects.toThrow(
      "weightDistribution: no positive finite weight to draw",
    );
    await expect(weightDistribution({ weights, fits, fittedFrom: 9 })).rejects.toThrow("fittedFrom is 9");
    const density = { kind: "sampled", x: [1], y: [1, 2] } as const;
    await expect(weightDistribution({ weights, fits: [{ label: "f", density }] })).rejects.toThrow(
      'weightDistribution: fit "f": y has 2 values, x has 1',
    );
  });
});
