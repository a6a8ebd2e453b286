import { describe, expect, it } from "vitest";
import { trainingSchema } from "../../spec/training-schema.ts";
import { historyFigure } from "./learning-curves.ts";
import { trainingInputFixture } from "./training-input.fixture.ts";
import type { TrainingInput } from "./training-input.ts";
import { trainingMethods } from "./training-methods.ts";
import { trainingCautions } from "./training-words.ts";

const GOAL = { fractionCorrect: 0.9, window: 2 };

/** Two repeats; `begun` are the updates at which each began its stages. */
function staged(begun: number[][], curriculum: unknown[]): TrainingInput {
  const input = trainingInputFixture({});
  const experiment = trainingSchema.parse({ ...input.experiment, curriculum });
  const [setting] = input.settings;
  const runs = setting.runs.map((run, repeat) => ({
    ...run,
    facts: run.facts && { ...run.facts, stages: begun[repeat].map((update, stage) => ({ stage, update })) },
  }));
  return { ...input, experiment, settings: [{ ...setting, experiment, runs }] };
}
const two = [{ until: GOAL, conditions: { coherence: 51.2 } }, { conditions: "drawn" }];

describe("a report of a curriculum", () => {
  it("marks where each repeat began a stage", async () => {
    const figure = await historyFigure(
      staged(
        [
          [0, 20],
          [0, 40],
        ],
        two,
      ).settings[0],
    );
    const stages = [...(figure?.svg ?? "").matchAll(/aria-label="stages">(.*?)<\/g>/gs)];
    expect(stages.length).toBeGreaterThan(0);
    for (const [, lines] of stages) expect(lines.match(/<path/g)).toHaveLength(2);
  });

  it("says what ended stages", () => {
    const methods = (curriculum: unknown[]) => trainingMethods(staged([[0], [0]], curriculum)).text;
    expect(methods(two)).toContain(
      "Conditions changed in 2 stages (coherence 51.2; as the task draws them). Stages ended when fixed trials of their own conditions reached a fraction correct of 0.9 (mean of 2 validations).",
    );
    expect(methods([{ until: { loss: 0.1 }, conditions: "grid" }, ...two])).toContain(
      "reached their goals (in turn a loss of 0.1; a fraction correct of 0.9 (mean of 2 validations)).",
    );
    expect(methods([{ update: 3, conditions: "grid" }])).not.toContain("Stages ended");
  });

  it("warns of repeats that never came to the last stage", () => {
    const words = (begun: number[][]) => trainingCautions(staged(begun, two)).join("\n");
    expect(words([[0, 20], [0]])).toContain("1 of 2 repeats never came to the last stage of the curriculum");
    expect(
      words([
        [0, 20],
        [0, 40],
      ]),
    ).not.toContain("last stage");
  });
});
