import { describe, expect, it } from "vitest";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { degreeFigure } from "./degree-figure.ts";

const inDegree = [18, 19, 19, 20, 20, 20, 21, 21, 22];
const outDegree = [10, 14, 17, 20, 20, 22, 25, 26, 26];

describe("degreeFigure", () => {
  it("draws a bar for each degree that occurs and both references", async () => {
    const figure = readFigure(await degreeFigure({ inDegree, outDegree }));
    expect(figure.paths("histogram").map(pieces)).toEqual([5, 7]);
    expect(figure.paths("normal")).toHaveLength(2);
    expect(figure.paths("poisson")).toHaveLength(4);
    expect(figure.texts).toEqual(
      expect.arrayContaining([
        "In-degree",
        "Out-degree",
        "mean 20.0, sd 1.2",
        "mean 20.0, sd 5.5",
        "Poisson",
      ]),
    );
  });
  it("leaves references out where not wanted or not defined", async () => {
    const figure = readFigure(await degreeFigure({ inDegree, outDegree }, { references: ["normal"] }));
    expect(figure.paths("poisson")).toEqual([]);
    readFigure(await degreeFigure({ inDegree: [0, 0], outDegree: [0, 0] }, { title: HOSTILE }));
    readFigure(await degreeFigure({ inDegree: [1], outDegree: [900] }));
  });
  it("refuses nothing", async () => {
    await expect(degreeFigure({ inDegree: [], outDegree })).rejects.toThrow(
      "degreeFigure: there is no in-degree to draw. Give at least one.",
    );
  });
});
