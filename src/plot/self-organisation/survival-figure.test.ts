import { describe, expect, it } from "vitest";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { type SurvivalCurve, survivalFigure } from "./survival-figure.ts";

const time = [10, 20, 50, 100, 1000];
const curve: SurvivalCurve = { label: "plateau", time, survival: [0.9, 0.6, 0.3, 0.2, 0.05] };
const band = { low: [0.8, 0.5, 0.2, 0.1, 0], high: [0.95, 0.7, 0.4, 0.3, 0.1] };
const density = { x: time, y: [0.03, 0.01, 0.002, 0.0005, 0.000005] };
const fit = { slope: -2, standardError: 0.04, from: 10, to: 1000 };

describe("survivalFigure", () => {
  it("draws steps with a band, lifetimes as dots, and the slope on its window", async () => {
    const figure = readFigure(await survivalFigure({ curves: [{ ...curve, ...band, density, fit }] }));
    expect(figure.paths("survival")).toHaveLength(1);
    expect(figure.paths("confidence")).toHaveLength(1);
    expect(figure.paths("density")[0].match(/M/g)).toHaveLength(5);
    expect(figure.paths("fit")).toHaveLength(1);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["slope = −2.000 ± 0.040", "fitted on 10 … 10³", "Fraction alive", "0.1"]),
    );
  });
  it("steps: each piece is level or upright", async () => {
    const [d] = readFigure(await survivalFigure({ curves: [curve] })).paths("survival");
    const at = [...d.matchAll(/([\d.]+),([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
    expect(at).toHaveLength(10);
    for (let i = 1; i < at.length; i++) {
      expect(at[i][0] === at[i - 1][0] || at[i][1] === at[i - 1][1]).toBe(true);
    }
  });
  it("has one panel without densities, bears survival that reaches 0, escapes labels", async () => {
    const dead = { ...curve, label: HOSTILE, survival: [0.9, 0.6, 0.3, 0.2, 0] };
    const figure = readFigure(await survivalFigure({ curves: [dead, curve] }));
    expect(figure.texts).not.toContain("Lifetimes");
    expect(figure.texts).toContain(HOSTILE);
    readFigure(await survivalFigure({ curves: [{ label: "one", time: [5], survival: [0.5] }] }));
  });
  it("refuses nothing and lists that do not match", async () => {
    await expect(survivalFigure({ curves: [] })).rejects.toThrow("survivalFigure: there is no curve to draw");
    await expect(survivalFigure({ curves: [{ ...curve, survival: [1] }] })).rejects.toThrow(
      'survivalFigure: "plateau": survival has 1 values, time has 5',
    );
    await expect(survivalFigure({ curves: [{ label: "a", time: [], survival: [] }] })).rejects.toThrow(
      "no positive finite age to draw",
    );
  });
});
