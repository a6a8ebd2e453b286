/**
 * @file A task from its parts: channels, what varies, periods, and a function that fills one trial.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { type DrawnConditions, drawConditions } from "./conditions.ts";
import { addInputNoise, type InputNoise } from "./input-noise.ts";
import { layPeriods, longestTrial, type PlannedPeriod, planPeriods, type Timing } from "./periods.ts";
import type { AnswerRule, Conditions, ConditionValue, Factors, ReactionRule, Task, Trial } from "./trial.ts";
import { TrialDraft } from "./trial-draft.ts";

/** What the answer to a trial is. */
export interface Answer {
  /** Index of the output that is right; default −1, none. */
  choice?: number;
  /** Signed evidence, > 0 for the first alternative; default NaN. */
  evidence?: number;
  /** Conditions that follow from others or were drawn while filling, to be recorded with them. */
  conditions?: Conditions;
}

/** The parts of a task. */
export interface TaskDefinition {
  name: string;
  /** Step [ms]. */
  dt: number;
  inputs: readonly string[];
  outputs: readonly string[];
  factors?: Factors;
  periods: readonly PlannedPeriod[];
  /** Durations that replace those of `periods`, from the user. */
  timing?: Timing;
  /** Periods of a catch trial; without them there are none. */
  catchPeriods?: readonly PlannedPeriod[];
  /** Share of catch trials, default 0. */
  catchFraction?: number;
  /** Baseline and noise in all inputs at all times; default none. */
  noise?: InputNoise;
  loss?: Task["loss"];
  readout: AnswerRule;
  evidence?: Task["evidence"];
  reaction?: ReactionRule;
  continuous?: boolean;
  /** Fill a trial. `conditions` holds a value for every factor. */
  fill(draft: TrialDraft, conditions: Readonly<Record<string, ConditionValue>>, rng: Rng): Answer;
  /** Fill a catch trial; default leaves everything 0. */
  fillCatch?(draft: TrialDraft): void;
}

/**
 * A task of one's own, in the same form as those of the library.
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 * @example defineTask({
 *   name: "go", dt: 20, inputs: ["cue"], outputs: ["go"], factors: { go: { values: [true, false] } },
 *   periods: [{ name: "fixation", duration: 200 }, { name: "decision", duration: 300 }],
 *   readout: { kind: "trace" },
 *   fill(draft, { go }) { draft.count("decision"); if (go) draft.want("decision", "go", 1); return {}; },
 * })
 */
export function defineTask(definition: TaskDefinition): Task {
  const { name, dt, inputs, outputs, factors = {}, catchFraction = 0 } = definition;
  checkDefinition(definition);
  const plan = planPeriods(name, definition.periods, definition);
  const catchPlan = planPeriods(name, definition.catchPeriods ?? [], { dt });
  const shared = { inputs, outputs, dt };
  return {
    kind: "task",
    name,
    dt,
    inputs,
    outputs,
    factors,
    catchFraction,
    maxSteps: Math.max(longestTrial(plan, dt), catchFraction > 0 ? longestTrial(catchPlan, dt) : 0),
    loss: definition.loss ?? "squared-error",
    readout: definition.readout,
    evidence: definition.evidence,
    reaction: definition.reaction,
    continuous: definition.continuous ?? false,
    trial(rng, given) {
      const drawn = drawConditions({ name, factors, catchFraction }, rng, given);
      const draft = new TrialDraft(layPeriods(drawn.catchTrial ? catchPlan : plan, dt, rng), shared);
      const answer = fillTrial(definition, draft, { drawn, rng });
      if (definition.noise) addInputNoise(draft.inputs, definition.noise, { dt, rng });
      return finishTrial(definition, draft, { drawn, answer });
    },
  };
}

// Implementation

function fillTrial(
  definition: TaskDefinition,
  draft: TrialDraft,
  { drawn, rng }: { drawn: DrawnConditions; rng: Rng },
): Answer {
  if (!drawn.catchTrial) return definition.fill(draft, drawn.values, rng);
  definition.fillCatch?.(draft);
  return {};
}

function finishTrial(
  { name, dt, inputs, outputs }: TaskDefinition,
  draft: TrialDraft,
  { drawn, answer }: { drawn: DrawnConditions; answer: Answer },
): Trial {
  return {
    kind: "trial",
    task: name,
    dt,
    steps: draft.steps,
    periods: draft.periods,
    conditions: drawn.catchTrial ? {} : Object.assign(drawn.values, answer.conditions),
    choice: answer.choice ?? -1,
    evidence: answer.evidence ?? Number.NaN,
    catchTrial: drawn.catchTrial,
    inputNames: inputs,
    outputNames: outputs,
    inputs: draft.inputs,
    targets: draft.targets,
    mask: draft.mask,
    labels: draft.labels,
  };
}

function checkDefinition({ name, dt, factors = {}, catchFraction = 0, ...definition }: TaskDefinition): void {
  const fail = (what: string, hint?: string) => {
    throw new CajalError(what, { code: "bad-option", where: name, hint });
  };
  if (!(dt > 0 && Number.isFinite(dt))) fail(`dt must be above 0 ms, got ${dt}`);
  if (!(catchFraction >= 0 && catchFraction <= 1))
    fail(`catchFraction must be from 0 to 1, got ${catchFraction}`);
  if (catchFraction > 0 && !definition.catchPeriods) {
    fail(`catchFraction is ${catchFraction}, but this task has no catch trials`, "Set catchFraction to 0.");
  }
  for (const [factor, f] of Object.entries(factors)) {
    if (factor === "catch")
      fail('a factor must not be called "catch"', "It is the name of the catch trial itself.");
    if ("values" in f && f.values.length === 0) fail(`${factor} has no values`, "Give at least one.");
  }
}
