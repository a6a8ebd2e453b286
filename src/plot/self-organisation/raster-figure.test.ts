import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { gridPath } from "./raster-bits.ts";
import { avalanchesOf, rasterFigure } from "./raster-figure.ts";

/** Random spikes in both forms. */
function spikes(units: number, steps: number, rate = 0.1) {
  const rng = createRng(1).stream("raster");
  const bytes = Math.ceil(units / 8);
  const rows = new Uint8Array(steps * bytes);
  const list = { step: [] as number[], unit: [] as number[] };
  for (let t = 0; t < steps; t++) {
    for (let u = 0; u < units; u++) {
      if (rng.uniform() >= rate) continue;
      rows[t * bytes + (u >> 3)] |= 1 << (u & 7);
      list.step.push(t);
      list.unit.push(u);
    }
  }
  return { bits: { kind: "bits", rows } as const, list: { kind: "list", ...list } as const };
}

describe("rasterFigure", () => {
  it("draws each spike once in one path, the same from a list and from bits", async () => {
    const { bits, list } = spikes(21, 50);
    const svg = await rasterFigure({ units: 21, steps: 50, spikes: bits }, { theta: 2 });
    const [d, ...others] = readFigure(svg).paths("spikes");
    expect(others).toEqual([]);
    expect(d.match(/h/g)).toHaveLength(list.step.length);
    expect(await rasterFigure({ units: 21, steps: 50, spikes: list }, { theta: 2 })).toBe(svg);
  });
  it("shades as many avalanches as it counts, and names θ", async () => {
    const activity = [0, 3, 5, 2, 0, 4, 2, 2, 9];
    const data = {
      units: 9,
      steps: 9,
      spikes: { kind: "list", step: [1], unit: [0] },
      activity,
    } as const;
    const figure = readFigure(await rasterFigure(data, { theta: 2 }));
    expect(avalanchesOf(activity, 2)).toEqual([
      [1, 3],
      [5, 6],
      [8, 9],
    ]);
    expect(pieces(figure.paths("avalanches")[0])).toBe(3);
    expect(figure.texts).toEqual(expect.arrayContaining(["θ = 2", "3 avalanches", "Active units"]));
    expect(readFigure(await rasterFigure(data)).paths("threshold")).toEqual([]);
  });
  it("shows a window in steps counted from the first", async () => {
    const { list, bits } = spikes(16, 40);
    const inside = list.step.filter((t) => t >= 10 && t < 20).length;
    for (const s of [bits, { ...list, step: list.step.map((t) => t + 1_000_000) }]) {
      const figure = readFigure(
        await rasterFigure(
          { units: 16, steps: 40, firstStep: 1_000_000, spikes: s },
          { from: 1_000_010, to: 1_000_020 },
        ),
      );
      expect(figure.paths("spikes")[0].match(/h/g)).toHaveLength(inside);
      // Ticks far from 0 are told apart.
      expect(new Set(figure.texts.filter((t) => t.startsWith("1\u202f000"))).size).toBeGreaterThan(2);
    }
  });
  it("stays small for long recordings and says that it leaves steps out", async () => {
    const { bits } = spikes(200, 20_000);
    const svg = await rasterFigure({ units: 200, steps: 20_000, spikes: bits }, { theta: 20 });
    expect(svg.length).toBeLessThan(150_000);
    expect(readFigure(svg).texts.some((t) => /^shown: 1 of \d+ steps$/.test(t))).toBe(true);
  });
  it("escapes what it is told to be called", async () => {
    const data = { units: 1, steps: 2, spikes: { kind: "list", step: [], unit: [] } } as const;
    const figure = readFigure(await rasterFigure(data, { title: HOSTILE, description: HOSTILE }));
    expect(figure.description).toBe(HOSTILE);
  });
  it("refuses nothing, windows outside, wrong lengths and unknown units", async () => {
    const none = { kind: "list", step: [], unit: [] } as const;
    await expect(rasterFigure({ units: 0, steps: 1, spikes: none })).rejects.toThrow(
      "rasterFigure: there is no unit to draw. Give at least one.",
    );
    await expect(rasterFigure({ units: 1, steps: 0, spikes: none })).rejects.toThrow(
      "there is no step to draw",
    );
    await expect(rasterFigure({ units: 1, steps: 5, spikes: none }, { to: 9 })).rejects.toThrow(
      "rasterFigure: steps 0 … 9 are not in the recording. It holds steps 0 … 5.",
    );
    await expect(rasterFigure({ units: 1, steps: 5, spikes: none, activity: [1] })).rejects.toThrow(
      "rasterFigure: activity has 1 values, the recording has 5.",
    );
    await expect(
      rasterFigure({ units: 9, steps: 5, spikes: { kind: "bits", rows: new Uint8Array(9) } }),
    ).rejects.toThrow("9 bytes do not hold 5 steps of 9 units. A step takes ceil(units / 8) = 2 bytes.");
    await expect(
      rasterFigure({ units: 2, steps: 5, spikes: { kind: "list", step: [0], unit: [2] } }),
    ).rejects.toThrow("spike 0 is of unit 2, there are 2");
  });
});

describe("gridPath", () => {
  it("holds exactly the filled cells, joined or not", () => {
    const grids = fc.record({
      rows: fc.constant(5),
      columns: fc.constant(17),
      cells: fc.uint8Array({ min: 0, max: 1, minLength: 85, maxLength: 85 }),
      length: fc.constantFrom(1, 0.8, 0.37),
    });
    fc.assert(
      fc.property(grids, ({ rows, columns, cells, length }) => {
        const size = { stepsPerColumn: 1, unitsPerRow: 1, activity: new Float64Array(0) };
        const d = gridPath({ ...size, rows, columns, cells }, length);
        const found = new Uint8Array(85);
        let [x, y] = [0, 0];
        for (const [, kind, dx, dy] of d.matchAll(/([Mmh])(-?[\d.]+)(?: (\d+))?/g)) {
          if (kind === "M") [x, y] = [Number(dx), Number(dy)];
          else if (kind === "m") x += Number(dx);
          else {
            for (let c = Math.round(x); c < x + Number(dx) - 1e-6; c++) found[y * columns + c] = 1;
            x += Number(dx);
          }
        }
        expect([...found]).toEqual([...cells]);
      }),
    );
  });
});
