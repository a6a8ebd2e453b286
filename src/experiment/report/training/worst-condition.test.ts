import { describe, expect, it } from "vitest";
import { trainingSchema } from "../../spec/training-schema.ts";
import { renderTraining } from "./render-training.ts";
import { trainingInputFixture } from "./training-input.fixture.ts";
import type { TrainingInput } from "./training-input.ts";
import { trainingMethods } from "./training-methods.ts";
import { worstConditionFigure } from "./worst-condition.ts";

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
const figureOf = (made: TrainingInput) => worstConditionFigure(made.settings[0]);
/** What stands in a named part of a figure. */
const part = (svg: string, name: string) =>
  new RegExp(`aria-label="${name}">(.*?)</g>`, "s").exec(svg)?.[1].match(/<path/g)?.length ?? 0;

describe("worstConditionFigure", () => {
  it("draws all conditions and the worst one, each with its repeats and its band", async () => {
    const figure = await figureOf(input(CRITERION, both));
    const { svg, caption } = figure!;
    for (const label of ["worst condition", "all conditions"]) {
      expect([part(svg, label), part(svg, `${label}: repeats`), part(svg, `${label}: band`)]).toEqual([
        1, 2, 1,
      ]);
      expect(svg).toContain(`>${label}<`);
    }
    expect(svg).toContain(">target 0.8 of the worst<");
    expect(svg).toContain(">Fraction correct<");
    expect(caption).toBe(
      "Right answers in validations, median and quartiles over 2 repeats: of all conditions together, and of the worst one, which may be another each time; dashed, the target at which training stops.",
    );
  });

  it("is there only where conditions were told apart, for the repeats that did", async () => {
    expect(await figureOf(input(CRITERION, []))).toBeUndefined();
    expect(await figureOf(input(CRITERION, [[Number.NaN, Number.NaN, Number.NaN]]))).toBeUndefined();
    const { svg, caption } = (await figureOf(input({ target: 0.85 }, [[0.2, 0.5, 0.7]])))!;
    expect([part(svg, "worst condition: band"), part(svg, "all conditions: band")]).toEqual([0, 1]);
    expect(svg).toContain(">target 0.85 of all<");
    expect(caption).not.toContain("median");
    const none = (await figureOf(input({ criterion: "loss", target: 0.1 }, both)))!;
    expect(none.svg).not.toContain("target");
    expect(none.caption).not.toContain("target");
  });

  it("stands in the report, and its criterion in the methods", async () => {
    const count = async (made: TrainingInput) => (await renderTraining(made)).match(/<figure>/g)?.length ?? 0;
    expect((await count(input(CRITERION, both))) - (await count(input(CRITERION, [])))).toBe(1);
    const told = "The worst condition was that of the lowest fraction correct at each validation.";
    expect(trainingMethods(input(CRITERION, both)).text).toContain(told);
    expect(trainingMethods(input({ target: 0.85 }, both)).text).not.toContain(told);
  });
});
