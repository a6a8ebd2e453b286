import { describe, expect, it } from "vitest";
import { trainingSchema } from "../../spec/training-schema.ts";
import { historyFigure } from "./learning-curves.ts";
import { trainingInputFixture } from "./training-input.fixture.ts";
import type { TrainingInput } from "./training-input.ts";
import { trainingMethods } from "./training-methods.ts";

const CRITERION = { criterion: "worstFractionCorrect", target: 0.8 };

/** Two repeats, the first of which told conditions apart, or both. */
function input(earlyStopping: object, worst: (number[] | undefined)[]): TrainingInput {
  const made = trainingInputFixture({});
  const experiment = trainingSchema.parse({ ...made.experiment, earlyStopping });
  const [setting] = made.settings;
  const runs = setting.runs.map((run, repeat) => ({
    ...run,
    validation: run.validation && {
      ...run.validation,
      ...(worst[repeat] && { worstFractionCorrect: Float64Array.from(worst[repeat]) }),
    },
  }));
  return { ...made, experiment, settings: [{ ...setting, experiment, runs }] };
}
const both = [
  [0.2, 0.5, 0.7],
  [0.3, 0.4, 0.8],
];
const figureOf = (made: TrainingInput) => historyFigure(made.settings[0]);
/** What stands in a named part of a figure. */
const part = (svg: string, name: string) =>
  new RegExp(`aria-label="${name}">(.*?)</g>`, "s").exec(svg)?.[1].match(/<path/g)?.length ?? 0;

describe("the curve of the worst condition", () => {
  it("stands dashed in the panel of answers, with its repeats, its band and its target", async () => {
    const { svg, caption } = (await figureOf(input(CRITERION, both)))!;
    const label = "worst condition";
    expect([part(svg, label), part(svg, `${label}: repeats`), part(svg, `${label}: band`)]).toEqual([
      1, 2, 1,
    ]);
    expect(svg).toMatch(/aria-label="worst condition"><path[^>]*stroke-dasharray="4 2"/);
    expect(svg).toContain(">worst condition<");
    expect(svg).toContain(">target 0.8 of the worst<");
    expect(caption).toContain(
      "Dashed, right answers in the condition that had the fewest in each validation.",
    );
  });

  it("is there only where conditions were told apart", async () => {
    const missing = [[], [[Number.NaN, Number.NaN, Number.NaN]]];
    for (const worst of missing) {
      const { svg, caption } = (await figureOf(input(CRITERION, worst)))!;
      expect(svg).not.toContain("worst condition");
      expect(caption).not.toContain("Dashed");
    }
    const { svg } = (await figureOf(input({ target: 0.85 }, [[0.2, 0.5, 0.7]])))!;
    expect([part(svg, "worst condition"), part(svg, "worst condition: band")]).toEqual([1, 0]);
    expect(svg).toContain(">target 0.85<");
    expect((await figureOf(input({ criterion: "loss", target: 0.1 }, both)))!.svg).not.toContain("target");
  });

  it("has its criterion in the methods", () => {
    const told = "The worst condition was that of the lowest fraction correct at each validation.";
    expect(trainingMethods(input(CRITERION, both)).text).toContain(told);
    expect(trainingMethods(input({ target: 0.85 }, both)).text).not.toContain(told);
  });
});
