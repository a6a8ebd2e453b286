import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { points } from "../parse-svg.fixture.ts";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { textWidth } from "../text-width.ts";
import { lossComparison } from "./loss-comparison.ts";
import { minimumOf, repeatBand, smoothed } from "./repeat-band.ts";
import { trainingHistory } from "./training-history.ts";

const falling = (n: number, floor: number) => Array.from({ length: n }, (_, i) => floor + 1 / (i + 1));

describe("repeatBand", () => {
  it("is the median and quartiles of what each repeat had reached", () => {
    const band = repeatBand([
      { values: [4, 3, 2] },
      { values: [8] },
      { updates: [2, 4], values: [1, 0] },
      { values: [Number.NaN, 5] },
    ]);
    expect(band.updates).toEqual([1, 2, 3, 4]);
    // At update 1: 4 and 8; at 2: 3, 8, 1, 5; at 3: 2, 8, 1, 5; at 4: 2, 8, 0, 5.
    expect(band.median).toEqual([6, 4, 3.5, 3.5]);
    expect(band.low).toEqual([5, 2.5, 1.75, 1.5]);
    expect(band.high).toEqual([7, 5.75, 5.75, 5.75]);
  });
  it("lies between the smallest and the largest repeat", () => {
    const lists = fc.array(
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(lists, (values) => {
        const { low, median, high } = repeatBand(values.map((v) => ({ values: v })));
        for (let k = 0; k < 3; k++) {
          const at = values.map((v) => v[k]);
          const order = [Math.min(...at), low[k], median[k], high[k], Math.max(...at)];
          for (let i = 1; i < 5; i++) expect(order[i]).toBeGreaterThanOrEqual(order[i - 1] - 1e-12);
        }
      }),
    );
  });
});

describe("smoothed", () => {
  it("is the mean of the finite values of each window, computed anew", () => {
    const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (values, window) => {
        const { values: out } = smoothed({ values }, window);
        for (let i = 0; i < values.length; i++) {
          const own = values.slice(Math.max(0, i - window + 1), i + 1).filter(Number.isFinite);
          if (Number.isNaN(values[i])) expect(out[i]).toBeNaN();
          else expect(out[i]).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 9);
        }
      }),
    );
  });
});

describe("minimumOf", () => {
  it("is the first of the lowest finite values", () => {
    expect(minimumOf({ values: [3, 1, 1, Number.NaN] })).toEqual({ update: 2, value: 1 });
    expect(minimumOf({ updates: [25, 50], values: [3, 2] })).toEqual({ update: 50, value: 2 });
    expect(minimumOf({ values: [Number.NaN] })).toBeUndefined();
  });
});

describe("lossComparison", () => {
  it("draws repeats thin, their median, their band and their minima, with names of powers on the log axis", async () => {
    const figure = readFigure(
      await lossComparison({
        groups: [
          { label: "adam", repeats: [0.01, 0.02, 0.03].map((f) => ({ values: falling(300, f) })) },
          { label: HOSTILE, repeats: [{ values: falling(200, 0.1) }], colour: "#123456" },
        ],
        target: { value: 0.05 },
      }),
    );
    expect(figure.paths("adam: repeats")).toHaveLength(3);
    expect(figure.paths("adam")).toHaveLength(1);
    expect(figure.paths("adam: band")).toHaveLength(1);
    // Three dots, with a rim each.
    expect(figure.paths("adam: minima").map(pieces)).toEqual([3, 3]);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["adam", HOSTILE, "target 0.05", "0.02", "0.1", "1", "Loss", "Update"]),
    );
    expect(figure.texts).toContain("3 repeats: median, 25–75 %");
    expect(figure.description).toContain("adam lowest 0.0133 at update 300 of 3 repeats");
  });
  it("says once what is true of all groups", async () => {
    const repeats = [0.01, 0.02].map((f) => ({ values: falling(100, f) }));
    const groups = ["a", "b", "c"].map((label) => ({ label, repeats }));
    const said = (figure: { texts: string[] }) => figure.texts.filter((text) => text.includes("median"));
    expect(said(readFigure(await lossComparison({ groups })))).toEqual(["2 repeats each: median, 25–75 %"]);
    groups[1].repeats = repeats.slice(0, 1);
    expect(said(readFigure(await lossComparison({ groups })))).toEqual(
      new Array(2).fill("2 repeats: median, 25–75 %"),
    );
  });
  it("goes through the median at every update", async () => {
    const repeats = [0, 1, 5].map((shift) => ({ values: [4, 3, 2, 1].map((v) => v + shift) }));
    const figure = readFigure(await lossComparison({ groups: [{ label: "a", repeats }] }, { log: false }));
    const alone = readFigure(
      await lossComparison(
        {
          groups: [
            { label: "a", repeats },
            { label: "b", repeats: [repeats[1]] },
          ],
        },
        { log: false },
      ),
    );
    const y = (d: string) => points(d).map(([, height]) => height);
    expect(y(alone.paths("a")[0])).toEqual(y(alone.paths("b")[0]));
    expect(figure.paths("a")).toHaveLength(1);
  });
  it("leaves gaps where a log axis has no place, and stays small for long trainings", async () => {
    const svg = await lossComparison({
      groups: [
        {
          label: "a",
          repeats: [0.1, 0.2].map((f) => ({
            values: falling(50_000, f).map((v, i) => (i % 1000 === 0 ? 0 : v)),
          })),
        },
      ],
    });
    readFigure(svg);
    expect(svg.length).toBeLessThan(150_000);
  });
  it("does not let a loss that exploded at first press all others flat", async () => {
    const exploded = [1e7, 1e5, ...falling(200, 0.05)];
    const figure = readFigure(
      await lossComparison({ groups: [{ label: "a", repeats: [{ values: exploded }] }] }),
    );
    expect(figure.texts).toContain("values up to 1.0×10⁷ cut off");
    expect(figure.texts).not.toContain("10⁵");
    const usual = readFigure(
      await lossComparison({ groups: [{ label: "a", repeats: [{ values: falling(200, 0.1) }] }] }),
    );
    expect(usual.texts.some((t) => t.endsWith("cut off"))).toBe(false);
  });
  it("refuses nothing, unequal lists and no window", async () => {
    await expect(lossComparison({ groups: [] })).rejects.toThrow("lossComparison: there is no group to draw");
    await expect(lossComparison({ groups: [{ label: "a", repeats: [] }] })).rejects.toThrow(
      'lossComparison: "a": there is no repeat to draw',
    );
    const bad = { groups: [{ label: "a", repeats: [{ updates: [1], values: [1, 2] }] }] };
    await expect(lossComparison(bad)).rejects.toThrow('"a": updates has 1 values, values has 2');
    const good = { groups: [{ label: "a", repeats: [{ values: [1, 2] }] }] };
    await expect(lossComparison(good, { window: 0 })).rejects.toThrow(
      "window is 0. Give a whole number of updates",
    );
    const zero = { groups: [{ label: "a", repeats: [{ values: [0, 0] }] }] };
    await expect(lossComparison(zero)).rejects.toThrow("no positive finite loss to draw");
  });
});

describe("trainingHistory", () => {
  const loss = [0.01, 0.02].map((f) => ({ values: falling(400, f) }));
  it("writes what is cut and the line gradients are clipped at, neither over the other nor over the line", async () => {
    for (const low of [0.2, 0.02, 0.7]) {
      const values = [1e9, ...Array.from({ length: 400 }, (_, k) => (k % 7 === 0 ? 1 : low))];
      const svg = await trainingHistory({ gradientNorm: [{ values }], clip: 1 });
      const box = (words: string) => {
        const found = new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"([^>]*)>(${words}[^<]*)`).exec(svg);
        const [x, y, width] = [Number(found?.[1]), Number(found?.[2]), textWidth(found?.[4] ?? "", 9.3)];
        const left = found?.[3].includes('text-anchor="end"') ? x - width : x;
        return { left, right: left + width, top: y - 7, bottom: y + 2 };
      };
      const line = Number(/aria-label="clip"><path d="M[\d.]+,([\d.]+)H/.exec(svg)?.[1]);
      const [name, cut] = [box("clipped to 1"), box("values up to")];
      expect(
        name.right < cut.left || cut.right < name.left || name.bottom < cut.top || cut.bottom < name.top,
      ).toBe(true);
      for (const { top, bottom } of [name, cut]) expect(bottom < line || top > line).toBe(true);
    }
  });
  it("has a panel each for loss, answers and gradient", async () => {
    const figure = readFigure(
      await trainingHistory({
        loss,
        validationLoss: [{ updates: [100, 200], values: [0.5, 0.4] }],
        validationCorrect: [{ updates: [100, 200], values: [0.6, 0.9] }],
        target: 0.85,
        gradientNorm: loss,
        clip: 0.5,
      }),
    );
    for (const words of ["Loss", "Answers", "Gradient", "target 0.85", "clipped to 0.5", "validation"])
      expect(figure.texts).toContain(words);
    expect(figure.texts).toContain("mean of 4 updates; 2 repeats: median, 25–75 %");
    expect(figure.paths("training batches: repeats")).toHaveLength(4);
    expect(figure.paths("target")).toHaveLength(1);
    expect(figure.paths("clip")).toHaveLength(1);
  });
  it("draws a line in each panel where a stage of the curriculum begins, once for all repeats that share it", async () => {
    const figure = readFigure(
      await trainingHistory({
        loss,
        gradientNorm: loss,
        stages: [
          [0, 100],
          [0, 100, 250],
        ],
      }),
    );
    expect(figure.paths("stages")).toHaveLength(4);
    expect(figure.texts).toContain("a stage of the curriculum begins");
    const bare = await trainingHistory({ loss, gradientNorm: loss });
    expect(await trainingHistory({ loss, gradientNorm: loss, stages: [[0], []] })).toBe(bare);
  });
  it("leaves out what was not measured", async () => {
    const figure = readFigure(
      await trainingHistory({
        loss,
        fractionCorrect: [{ values: [Number.NaN] }],
        clip: 1e6,
        gradientNorm: [],
      }),
    );
    expect(figure.texts).not.toContain("Answers");
    expect(figure.texts).not.toContain("Gradient");
    expect(figure.description).toBe("Loss over 400 updates of 2 repeats.");
  });
  it("refuses an empty history", async () => {
    await expect(trainingHistory({ loss: [] })).rejects.toThrow(
      "trainingHistory: there is no history to draw",
    );
  });
});
