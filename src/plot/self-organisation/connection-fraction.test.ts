import { describe, expect, it } from "vitest";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { connectionFraction, connectionPhases } from "./connection-fraction.ts";

const steps = [0, ...Array.from({ length: 90 }, (_, i) => 100 * 10 ** (i / 20))];
const story = (plateau: number) =>
  steps.map((t) => 0.012 + 0.09 * Math.exp(-t / 12_000) + plateau * (1 - Math.exp(-((t / 4e5) ** 2))));

describe("connectionFraction", () => {
  it("draws a line for each seed, their mean, the phases and their names", async () => {
    const figure = readFigure(
      await connectionFraction({ steps, seeds: [story(0.08), story(0.05), story(0.1)] }),
    );
    expect(figure.paths("seeds")).toHaveLength(3);
    expect(figure.paths("mean")).toHaveLength(1);
    expect(figure.count('g[aria-label="phases"] rect')).toBe(3);
    for (const t of ["decay", "growth", "plateau", "mean of 3 seeds", "each seed", "10²", "10⁵"]) {
      expect(figure.texts).toContain(t);
    }
  });
  it("draws one seed once, given phases, and escapes their names", async () => {
    const phases = [{ label: HOSTILE, from: 100, to: 1e6 }];
    const figure = readFigure(await connectionFraction({ steps, seeds: [story(0.1)], phases }));
    expect(figure.paths("seeds")).toEqual([]);
    expect(figure.texts).toContain(HOSTILE);
  });
  it("bears gaps and a network without connections", async () => {
    const gaps = story(0.1).map((v, i) => (i % 7 === 3 ? Number.NaN : v));
    readFigure(await connectionFraction({ steps, seeds: [gaps, story(0.1)] }));
    readFigure(await connectionFraction({ steps: [1, 2, 3], seeds: [[0, 0, 0]] }));
    readFigure(await connectionFraction({ steps: [5], seeds: [[0.1]] }));
  });
  it("refuses nothing and lists that do not match", async () => {
    await expect(connectionFraction({ steps: [], seeds: [[]] })).rejects.toThrow("there is no step to draw");
    await expect(connectionFraction({ steps, seeds: [] })).rejects.toThrow(
      "connectionFraction: there is no seed to draw. Give at least one.",
    );
    await expect(connectionFraction({ steps: [1, 2], seeds: [[1]] })).rejects.toThrow(
      "connectionFraction: seeds[0] has 1 values, steps has 2. Give one value for each point",
    );
    await expect(connectionFraction({ steps: [0], seeds: [[1]] })).rejects.toThrow(
      "no positive finite step to draw",
    );
  });
});

describe("connectionPhases", () => {
  it("reads decay, growth and plateau off a curve", () => {
    const [decay, growth, plateau] = connectionPhases(steps, story(0.08));
    expect([decay.label, growth.label, plateau.label]).toEqual(["decay", "growth", "plateau"]);
    expect(decay.to).toBeGreaterThan(3e4);
    expect(decay.to).toBeLessThan(1e5);
    expect(growth.to).toBeGreaterThan(4e5);
    expect(growth.to).toBeLessThan(1e6);
    expect(plateau.to).toBe(steps[steps.length - 1]);
  });
  it("sees only decay where the curve ends low, and no plateau where it still grows", () => {
    expect(connectionPhases([1, 2, 3, 4], [4, 3, 2, 1]).map((p) => p.label)).toEqual(["decay"]);
    expect(connectionPhases([1, 10, 100, 1000], [4, 1, 2, 9]).map((p) => p.label)).toEqual([
      "decay",
      "growth",
    ]);
    expect(connectionPhases([1, 2], [1, 2])).toEqual([]);
  });
});
