/**
 * @file A curriculum: stages with conditions of their own, begun at an update or when the stage before is learned well
 * enough. Thresholds as in PsychRNN's `Curriculum`, Ehrlich et al. (2021).
 */

import { CajalError, createRng } from "../../../core/index.ts";
import { batchTrials, type Conditions, type Task } from "../../../tasks/index.ts";
import { checkNumber } from "../parameters.ts";
import type { StageScore, TrainingHistory } from "./training-result.ts";

/** What ends a stage: the mean of its last `window` validations is at least, of a loss at most, this. */
export type StageGoal =
  | { fractionCorrect: number; loss?: undefined; window?: number }
  | { loss: number; fractionCorrect?: undefined; window?: number };

/**
 * Trials of these conditions, from the stage's beginning to that of a later one. A stage begins at its `update` (0 is
 * the first, and what the first stage has where it gives none), or before that, when the stage before has reached its
 * goal.
 *
 * Whether it has is judged at every validation, by as many trials as a validation has, drawn once for the stage, with
 * its conditions and not those of `validation`.
 */
export interface CurriculumStage {
  update?: number;
  until?: StageGoal;
  conditions: Conditions | readonly Conditions[];
}

/** Stages in order, each of which can begin. @throws CajalError `bad-option`, `bad-range`. */
export function checkCurriculum(
  stages: readonly CurriculumStage[],
  { task, isValidated }: { task: Task; isValidated: boolean },
): void {
  let least = 0;
  stages.forEach(({ update, until }, k) => {
    const name = `curriculum[${k}]`;
    if (update !== undefined) {
      if (!Number.isSafeInteger(update) || update < least)
        refuse(`${name}.update must be a whole number ≥ ${least}, got ${update}`);
    } else if (k > 0 && !stages[k - 1].until) {
      const hint = "Give it an update, or the stage before a goal, e.g. until: { fractionCorrect: 0.85 }.";
      refuse(`${name} never begins`, hint);
    }
    // Each stage lasts one update or more.
    least = (update ?? least) + 1;
    if (!until) return;
    if (k === stages.length - 1) {
      const hint = "Leave until out; earlyStopping says when training ends.";
      refuse(`${name}.until: no stage follows the last`, hint);
    }
    if (!isValidated) {
      const hint = "Leave out validation: false, or give stages an update.";
      refuse(`${name}.until is judged by validations, and there are none`, hint);
    }
    checkGoal(until, { name: `${name}.until`, task });
  });
}

/**
 * Draws trials of every stage, for what their conditions may get wrong: a later stage would tell after hours.
 *
 * @throws CajalError those of `batchTrials`.
 */
export function drawStages(stages: readonly CurriculumStage[], task: Task): void {
  const rng = createRng(0);
  for (const { conditions } of stages) {
    const count = Array.isArray(conditions) ? conditions.length : 1;
    batchTrials(task, Math.max(1, count), rng, { conditions });
  }
}

/** The stage that trials of an update are drawn for: one begun before, or one that begins now; −1 before the first. */
export function stageAt(
  stages: readonly CurriculumStage[],
  { stages: begun, validations }: Pick<TrainingHistory, "stages" | "validations">,
  update: number,
): number {
  const now = begun.at(-1)?.stage ?? -1;
  const due = stages.findLastIndex((stage, k) => (stage.update ?? (k === 0 ? 0 : Infinity)) <= update);
  if (due > now) return due;
  const goal = stages[now]?.until;
  return goal && isReached(goal, lastScores(validations, now, goal.window ?? 1)) ? now + 1 : now;
}

// Implementation

/** The last so many scores of a stage, or fewer; stages end in order. */
function lastScores(
  validations: TrainingHistory["validations"],
  stage: number,
  count: number,
): readonly StageScore[] {
  const scores: StageScore[] = [];
  for (let k = validations.length - 1; k >= 0 && scores.length < count; k--) {
    const score = validations[k].stage;
    if (score && score.index < stage) break;
    if (score?.index === stage) scores.unshift(score);
  }
  return scores;
}

function isReached(goal: StageGoal, scores: readonly StageScore[]): boolean {
  const { window = 1 } = goal;
  if (scores.length < window) return false;
  const mean = (of: (score: StageScore) => number) =>
    scores.reduce((sum, score) => sum + of(score), 0) / window;
  return goal.loss === undefined
    ? mean((score) => score.fractionCorrect) >= goal.fractionCorrect
    : mean((score) => score.loss) <= goal.loss;
}

function checkGoal(goal: StageGoal, { name, task }: { name: string; task: Task }): void {
  const { fractionCorrect, loss, window = 1 } = goal;
  if ((fractionCorrect === undefined) === (loss === undefined))
    refuse(`${name} must have one of fractionCorrect and loss`);
  if (!Number.isSafeInteger(window) || window < 1)
    refuse(`${name}.window must be a whole number ≥ 1, got ${window}`);
  if (loss !== undefined) return void checkNumber(loss, `${name}.loss`, { where: "train", least: 0 });
  checkNumber(fractionCorrect as number, `${name}.fractionCorrect`, { where: "train", least: 0, most: 1 });
  if (task.readout.kind === "trace" && task.loss !== "cross-entropy")
    refuse(`${name}: the task "${task.name}" has no right answers to count`, "Give a loss.");
}

function refuse(what: string, hint?: string): never {
  throw new CajalError(what, { code: "bad-option", where: "train", ...(hint && { hint }) });
}
