import { describe, expect, it } from "vitest";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { type ShownTrial, trialPicture } from "./trial-picture.ts";
import { unitRows } from "./unit-rows.ts";

const STEPS = 10;
const UNITS = 4;

function trial(title: string, options: Partial<ShownTrial> = {}): ShownTrial {
  const fill = (columns: number, of: (step: number, column: number) => number) =>
    Array.from({ length: STEPS * columns }, (_, i) => of(Math.floor(i / columns), i % columns));
  return {
    title,
    steps: STEPS,
    periods: [
      { name: "wait", from: 0, to: 4 },
      { name: "answer", from: 4, to: STEPS },
    ],
    inputs: fill(2, (k, c) => k + c),
    outputs: fill(1, (k) => k / 10),
    targets: fill(1, () => 1),
    mask: fill(1, (k) => (k < 6 ? 0 : 1)),
    // Unit u is most active at step 8 − 2u.
    activity: fill(UNITS, (k, u) => (k === 8 - 2 * u ? 1 : 0.1)),
    ...options,
  };
}
const data = { inputNames: ["left", "right"], outputNames: ["go"], units: UNITS, dt: 20 };

describe("trialPicture", () => {
  it("shows inputs, outputs, targets where they count, and all units, a column for each trial", async () => {
    const figure = readFigure(
      await trialPicture({
        ...data,
        trials: [trial("one"), trial(HOSTILE)],
        unitTypes: ["E", "E", "E", "I"],
      }),
    );
    expect(figure.paths("Input")).toHaveLength(4);
    expect(figure.paths("Output")).toHaveLength(4);
    const dashed = figure.all('g[aria-label="Output"] path[stroke-dasharray]');
    expect(dashed).toHaveLength(2);
    // The target starts at step 6 of 10: right of the output's start.
    const start = (d: string | null | undefined) => Number(/^M([\d.]+)/.exec(d ?? "")?.[1]);
    expect(start(dashed[0].getAttribute("d"))).toBeGreaterThan(start(figure.paths("Output")[0]) + 50);
    expect(figure.all('g[aria-label="Unit (4)"] image')).toHaveLength(2);
    expect(figure.paths("periods")).toHaveLength(6);
    expect(figure.texts).toEqual(
      expect.arrayContaining([
        "one",
        HOSTILE,
        "wait",
        "answer",
        "left",
        "go",
        "E",
        "I",
        "Time (ms)",
        "Activity",
      ]),
    );
  });
  it("shows many channels as heat maps, and long trials in seconds", async () => {
    const many = Array.from({ length: 8 }, (_, k) => `c${k}`);
    const eight = new Float64Array(STEPS * 8).map((_, i) => (i % 3) - 1);
    const one = trial("one", { inputs: eight, outputs: eight, targets: eight, mask: eight.map(() => 1) });
    const figure = readFigure(
      await trialPicture({ ...data, dt: 1000, inputNames: many, outputNames: many, trials: [one] }),
    );
    for (const name of ["Input (8)", "Target (8)", "Output (8)", "Unit (4)"])
      expect(figure.all(`g[aria-label="${name}"] image`)).toHaveLength(1);
    expect(figure.texts).toContain("Time (s)");
    expect(figure.all('g[aria-label="colour bar"]')).toHaveLength(4);
  });
  it("shows only the steps a trial has", async () => {
    const short = readFigure(await trialPicture({ ...data, trials: [trial("short", { steps: 5 })] }));
    expect(short.texts).toContain("80");
    expect(short.texts).not.toContain("150");
  });
  it("refuses no trials and arrays that are too short", async () => {
    await expect(trialPicture({ ...data, trials: [] })).rejects.toThrow(
      "trialPicture: there is no trial to draw",
    );
    await expect(trialPicture({ ...data, trials: [trial("a", { inputs: [1] })] })).rejects.toThrow(
      "trialPicture: trial 0: inputs has 1 values, 10 steps × 2 need more",
    );
    await expect(trialPicture({ ...data, trials: [trial("a", { mask: [1] })] })).rejects.toThrow(
      "trial 0: mask has 1 values, outputs has 10",
    );
    const silent = trial("a", { activity: new Float64Array(STEPS * UNITS).fill(Number.NaN) });
    await expect(trialPicture({ ...data, trials: [silent] })).rejects.toThrow("no finite activity to draw");
  });
});

describe("unitRows", () => {
  it("orders units by type, then by the time of their peak", () => {
    const input = { ...data, trials: [trial("a")], unitTypes: ["E", "I", "E", "I"] };
    expect(unitRows(input, "peak").order).toEqual([2, 0, 3, 1]);
    expect(unitRows(input, "given").order).toEqual([0, 2, 1, 3]);
  });
});

describe("trialPicture, colours and words", () => {
  const fills = (figure: ReturnType<typeof readFigure>) =>
    figure.all('g[aria-label="Unit (4)"] ~ rect, rect').map((r) => r.getAttribute("fill"));
  it("colours types by sign where signs are given, areas by turns where not", async () => {
    const unitTypes = ["V1 E", "V1 I", "PFC E", "PFC I"];
    const trials = [trial("one")];
    const signed = readFigure(await trialPicture({ ...data, trials, unitTypes, signs: [1, -1, 1, -1] }));
    expect(fills(signed).filter((f) => f === "#2171b5")).toHaveLength(2);
    expect(fills(signed).filter((f) => f === "#d1580d")).toHaveLength(2);
    const plain = readFigure(await trialPicture({ ...data, trials, unitTypes }));
    expect(new Set(fills(plain).filter((f) => f?.startsWith("#"))).size).toBeGreaterThanOrEqual(4);
  });
  it("gives six inputs and six outputs a colour each", async () => {
    const names = Array.from({ length: 6 }, (_, k) => `channel ${k}`);
    const wide = {
      inputs: new Array(60).fill(0),
      outputs: new Array(60).fill(0),
      targets: new Array(60).fill(0),
    };
    const figure = readFigure(
      await trialPicture({
        ...data,
        inputNames: names,
        outputNames: names,
        trials: [trial("one", { ...wide, mask: new Array(60).fill(0) })],
      }),
    );
    const strokes = ["Input", "Output"].flatMap((row) =>
      figure.all(`g[aria-label="${row}"] path`).map((p) => p.getAttribute("stroke")),
    );
    expect(new Set(strokes).size).toBe(12);
  });
  it("draws a target that is asked for in one step only, as long as that step", async () => {
    const one = trial("one", { mask: Array.from({ length: STEPS }, (_, k) => (k === 6 ? 1 : 0)) });
    const figure = readFigure(await trialPicture({ ...data, trials: [one] }));
    const [d] = figure
      .all('g[aria-label="Output"] path[stroke-dasharray]')
      .map((path) => path.getAttribute("d") ?? "");
    const [from, to] = [...d.matchAll(/[ML]([\d.]+),/g)].map((m) => Number(m[1]));
    const axis = figure.all('g[aria-label="Unit (4)"] image')[0];
    expect(to - from).toBeCloseTo(Number(axis.getAttribute("width")) / STEPS, 0);
  });
  it("names what is drawn, and breaks a long note into two lines", async () => {
    const note = "context motion, motion 15, colour 5, motion direction −1, colour direction 1";
    const trials = ["one", "two", "three"].map((title) => trial(title, { note }));
    const figure = readFigure(
      await trialPicture({ ...data, trials }, { outputLabel: "Output (softmax)", activityLabel: "Rate" }),
    );
    expect(figure.texts).toEqual(expect.arrayContaining(["Output (softmax)", "Rate"]));
    expect(figure.texts).toContain("context motion, motion 15, colour 5,");
    expect(figure.texts).toContain("motion direction −1, colour direction 1");
  });
});
