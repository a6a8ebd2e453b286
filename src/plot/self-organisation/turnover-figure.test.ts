import { describe, expect, it } from "vitest";
import { HOSTILE, readFigure } from "../read-figure.fixture.ts";
import { turnoverFigure } from "./turnover-figure.ts";

const data = {
  steps: [0, 1e3, 1e4, 1e5, 1e6],
  births: [0.1, 0.1, 0.1, 0.1, 0.1],
  deaths: [0.5, 0.4, 0.3, 0.05, 0.1],
};

describe("turnoverFigure", () => {
  it("draws both rates and the expected one", async () => {
    const figure = readFigure(await turnoverFigure({ ...data, expected: 0.1 }));
    for (const name of ["births", "deaths", "expected"]) expect(figure.paths(name)).toHaveLength(1);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["births", "deaths", "births by the rule: 0.1", "10⁵"]),
    );
  });
  it("takes linear time and logarithmic rates, gaps, no turnover at all", async () => {
    readFigure(await turnoverFigure(data, { logTime: false, logRate: true, title: HOSTILE }));
    readFigure(await turnoverFigure({ ...data, deaths: [Number.NaN, 1, Number.NaN, 2, 3] }));
    readFigure(await turnoverFigure({ steps: [1], births: [0], deaths: [0] }));
  });
  it("refuses nothing and lists that do not match", async () => {
    await expect(turnoverFigure({ steps: [], births: [], deaths: [] })).rejects.toThrow(
      "turnoverFigure: there is no step to draw",
    );
    await expect(turnoverFigure({ ...data, deaths: [1] })).rejects.toThrow(
      "turnoverFigure: deaths has 1 values, steps has 5",
    );
  });
});
