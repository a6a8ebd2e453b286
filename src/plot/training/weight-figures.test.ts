import { describe, expect, it } from "vitest";
import { dense, eigenvalues } from "../../core/index.ts";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { eigenvalueSpectrum } from "./eigenvalue-spectrum.ts";
import { heatColour, heatImage, magnitudeScale, scaleFor, signedScale } from "./heat-scale.ts";
import { orderedWeights } from "./ordered-weights.ts";
import { signedWeights } from "./signed-weights.ts";
import { groupName, unitGroups } from "./unit-groups.ts";

const N = 6;
const signs = [1, -1, 1, 1, -1, 1];
const areas = [1, 1, 0, 0, 0, 1];
const weights = (gain: number) =>
  dense(
    N,
    N,
    Array.from({ length: N * N }, (_, k) => gain * signs[k % N] * (1 + (k % N))),
  );

describe("unitGroups", () => {
  it("puts areas together, excitation before inhibition, the strongest first", () => {
    const groups = unitGroups(weights(1), { signs, areas });
    expect(groups.map((g) => [g.area, g.sign, g.members])).toEqual([
      [0, 1, [3, 2]],
      [0, -1, [4]],
      [1, 1, [5, 0]],
      [1, -1, [1]],
    ]);
    expect(unitGroups(weights(1))).toEqual([{ area: 0, sign: 0, members: [5, 4, 3, 2, 1, 0] }]);
  });
  it("are named as far as something tells them apart", () => {
    const areaNames = ["V1"];
    expect(groupName({ area: 0, sign: 1 }, { areaNames, isMany: true })).toBe("V1 E");
    expect(groupName({ area: 1, sign: -1 }, { areaNames, isMany: true })).toBe("area 2 I");
    expect(groupName({ area: 0, sign: 0 }, { areaNames, isMany: false })).toBe("");
  });
});

describe("heat scales", () => {
  it("are white at 0, deep at the ends, grey where there is no number", () => {
    const signed = signedScale(2);
    expect(heatColour(signed, 0)).toBe("#ffffff");
    expect(heatColour(signed, 9)).toBe(heatColour(signed, 2));
    expect(heatColour(signed, -2)).toBe("#5e2204");
    expect(heatColour(signed, Number.NaN)).toBe("#c4c4c4");
    const log = magnitudeScale([0.01, 1], { log: true });
    expect(log.place(0.1)).toBeCloseTo(0.5, 12);
    expect(heatColour(log, 0)).toBe("#c4c4c4");
    expect(scaleFor([-1, 3])?.low).toBe(-3);
    expect(scaleFor([0.5, 3])?.low).toBe(0);
    expect(scaleFor(undefined)).toBeUndefined();
  });
  it("pool large matrices into one picture of at most a thousand pixels a side", () => {
    const href = heatImage({ rows: 1, columns: 2500 }, signedScale(1), (_, j) => (j === 77 ? 1 : 0));
    expect(href).toMatch(/^data:image\/png;base64,/);
    const png = Buffer.from(href.slice(href.indexOf(",") + 1), "base64");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([834, 1]);
  });
});

describe("orderedWeights", () => {
  it("draws before and after on one scale, with strips, names and borders", async () => {
    const figure = readFigure(
      await orderedWeights({
        matrices: [
          { title: "before", weights: weights(0.1) },
          { title: HOSTILE, weights: weights(1) },
        ],
        signs,
        areas,
        areaNames: ["V1", "M1"],
      }),
    );
    for (const name of ["before", HOSTILE, "V1 E", "V1 I", "M1 E", "M1 I", "Presynaptic unit (6)"])
      expect(figure.texts).toContain(name);
    expect(figure.all('g[aria-label="before"] image')).toHaveLength(1);
    // A frame, and four groups with two strips each.
    expect(figure.all('g[aria-label="before"] rect')).toHaveLength(9);
    expect(figure.all('g[aria-label="before"] path')).toHaveLength(3);
    expect(figure.all('g[aria-label="before"] path[stroke-dasharray]')).toHaveLength(2);
    expect(figure.description).toContain("2 V1 E, 1 V1 I, 2 M1 E, 1 M1 I");
  });
  it("has no strips where nothing tells units apart, and stands an empty matrix of zeros", async () => {
    const figure = readFigure(
      await orderedWeights({ matrices: [{ title: "w", weights: dense(3, 3) }] }, { width: 9 }),
    );
    expect(figure.all('g[aria-label="w"] rect')).toHaveLength(1);
  });
  it("refuses matrices that do not fit", async () => {
    await expect(orderedWeights({ matrices: [] })).rejects.toThrow(
      "orderedWeights: there is no matrix to draw",
    );
    await expect(orderedWeights({ matrices: [{ title: "w", weights: dense(2, 3) }] })).rejects.toThrow(
      'orderedWeights: "w": the matrix is 2 × 3, not square',
    );
    const two = [
      { title: "a", weights: dense(2, 2) },
      { title: "b", weights: dense(3, 3) },
    ];
    await expect(orderedWeights({ matrices: two })).rejects.toThrow(
      '"b": the matrix has 3 units, the first one 2',
    );
    await expect(orderedWeights({ matrices: two.slice(0, 1), signs: [1] })).rejects.toThrow(
      "signs has 1 values",
    );
    await expect(orderedWeights({ matrices: two.slice(0, 1) }, { limit: 0 })).rejects.toThrow("limit is 0");
  });
});

describe("eigenvalueSpectrum", () => {
  it("draws every eigenvalue and a round unit circle", async () => {
    const spectra = [0.1, 0.05].map((gain) => ({ title: `gain ${gain}`, ...eigenvalues(weights(gain)) }));
    const figure = readFigure(await eigenvalueSpectrum({ spectra }));
    expect(figure.paths("eigenvalues").map(pieces)).toEqual([N, N]);
    const circles = figure.all('g[aria-label="unit circle"] circle');
    expect(circles).toHaveLength(2);
    // w[post, pre] = 0.1 · s[pre] · (1 + pre) has rank 1: its only eigenvalue is the trace, 0.1 · (1 − 2 + 3 + 4 − 5 + 6).
    expect(figure.texts).toContain("gain 0.1: spectral radius 0.700");
  });
  it("has one unit of length on both axes", async () => {
    const re = [-1, 1, 0, 0, 0.5];
    const im = [0, 0, 1, -1, 0.5];
    const figure = readFigure(await eigenvalueSpectrum({ spectra: [{ title: "a", re, im }] }, { width: 14 }));
    const [d] = figure.paths("eigenvalues");
    const at = [...d.matchAll(/M([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(at[1][0] - at[0][0]).toBeCloseTo(at[3][1] - at[2][1], 1);
    const radius = Number(figure.all('g[aria-label="unit circle"] circle')[0].getAttribute("r"));
    expect(radius * 2).toBeCloseTo(at[1][0] - at[0][0], 1);
  });
  it("refuses lists of unequal length", async () => {
    await expect(eigenvalueSpectrum({ spectra: [{ title: "a", re: [1], im: [] }] })).rejects.toThrow(
      'eigenvalueSpectrum: "a": im has 0 values, re has 1',
    );
    await expect(eigenvalueSpectrum({ spectra: [] })).rejects.toThrow("there is no spectrum to draw");
  });
});

describe("signedWeights", () => {
  it("counts signs apart and says how many weights are zero", async () => {
    const figure = readFigure(
      await signedWeights({
        samples: [
          { title: "before", weights: [0, 0, 0.1, 0.2, -0.3] },
          { title: "after", weights: [0, 0.4, 0.5, -0.1, -0.2] },
        ],
      }),
    );
    expect(figure.paths("positive").map(pieces)).toEqual([2, 2]);
    expect(figure.paths("negative").map(pieces)).toEqual([1, 2]);
    for (const words of ["2 zero", "2 positive, mean 0.15", "1 negative, mean −0.30", "positive (excites)"])
      expect(figure.texts).toContain(words);
  });
  it("writes its three lines above the highest bar", async () => {
    const even = Array.from({ length: 600 }, (_, k) => (k - 299.5) / 600);
    const svg = await signedWeights({ samples: [{ title: "a", weights: [...even, 0] }] });
    const lowest = Number(/y="([\d.]+)"[^>]*>1 zero/.exec(svg)?.[1]);
    const bars = readFigure(svg).paths("positive")[0];
    expect(Math.min(...[...bars.matchAll(/V([\d.]+)H/g)].map((m) => Number(m[1])))).toBeGreaterThan(
      lowest + 2,
    );
  });
  it("stands the weights of a large network", async () => {
    const many = Float64Array.from({ length: 250_000 }, (_, k) => ((k % 7) - 3) / 10);
    const svg = await signedWeights({ samples: [{ title: "large", weights: many }] });
    expect(readFigure(svg).paths("positive")).toHaveLength(1);
    expect(svg.length).toBeLessThan(20_000);
  });
  it("stands weights that are all zero, and refuses none", async () => {
    expect(readFigure(await signedWeights({ samples: [{ title: "a", weights: [0, 0] }] })).texts).toContain(
      "2 zero",
    );
    await expect(signedWeights({ samples: [{ title: "a", weights: [] }] })).rejects.toThrow(
      "no finite weight to draw",
    );
    await expect(signedWeights({ samples: [{ title: "a", weights: [1] }] }, { bins: 0 })).rejects.toThrow(
      "bins is 0",
    );
  });
});
