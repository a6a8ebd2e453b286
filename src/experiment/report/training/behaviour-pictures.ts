/**
 * @file Figures of what the shown network does: single trials, choices and reaction times over evidence.
 */

import {
  type ChoiceCount,
  chronometricCurve,
  fitPsychometric,
  psychometricFunction,
} from "../../../analysis/index.ts";
import { CajalError } from "../../../core/index.ts";
import {
  chronometricFigure,
  formatEstimate,
  formatExact,
  formatNumber,
  psychometricFigure,
  type ShownTrial,
  trialPicture,
} from "../../../plot/index.ts";
import type { Conditions } from "../../../tasks/index.ts";
import type { TestArrays, TrainingRecord } from "../../results/training-record.ts";
import type { ReportFigure } from "../report-figures.ts";
import { evidenceLabel, readOutputs, type ShownTask } from "./shown-task.ts";

/** Trials of different conditions, side by side. */
export async function trialsFigure(
  record: TrainingRecord,
  task: ShownTask,
): Promise<ReportFigure | undefined> {
  const { test, facts } = record;
  if (!test || test.inputs.shape[0] === 0) return undefined;
  const chosen = differentTrials(test);
  const units = test.activity.shape[2];
  const svg = await trialPicture(
    {
      trials: chosen.map((k) => shownTrial(record, test, { k, task })),
      inputNames: facts.inputNames,
      outputNames: facts.outputNames,
      units,
      dt: facts.dt,
      ...(unitTypes(record, units) && { unitTypes: unitTypes(record, units), signs: record.signs }),
    },
    {
      panelHeight: Math.max(3.5, Math.min(7, units / 12)),
      activityLabel: task.activity.label,
      ...(task.outputs !== "linear" && { outputLabel: `Output (${task.outputs})` }),
    },
  );
  const caption = `Fresh trials: inputs, outputs${task.outputs === "linear" ? "" : `, after the ${task.outputs} of the loss,`} with what was asked for (dashed, where it counts), and the activity${task.activity.note === undefined ? "" : ` (${task.activity.note})`} of all ${units} recurrent units, ordered by the time at which it is largest. Dashed verticals: borders of the periods.${test.choice.some((c) => c >= 0) ? " Titles say which answer was given, and whether it was right." : ""}`;
  return { svg, caption, width: 17 };
}

/** Choices over signed evidence with a fitted curve. */
export async function choicesFigure(
  { psychometric, facts }: TrainingRecord,
  { evidence: of }: ShownTask,
): Promise<ReportFigure | undefined> {
  // Two points, the same evidence for either side, say no more than the share of right answers.
  if (!psychometric || psychometric.evidence.length < 3) return undefined;
  const { evidence, fraction, count } = psychometric;
  const fit = fitted(
    Array.from(evidence, (e, k) => ({
      evidence: e,
      count: count[k],
      chosen: Math.round(fraction[k] * count[k]),
    })),
  );
  const [low, high] = [Math.min(...evidence), Math.max(...evidence)];
  const x = Array.from({ length: 201 }, (_, k) => low + ((high - low) * k) / 200);
  const svg = await psychometricFigure(
    {
      series: [
        {
          label: facts.task,
          ...{ evidence, fraction, count },
          ...(fit?.status === "done" && { curve: { x, y: x.map((e) => psychometricFunction(fit, e)) } }),
        },
      ],
    },
    { xLabel: sentenceCase(evidenceLabel(of)), yLabel: "Fraction choosing the first alternative" },
  );
  const trials = count.reduce((sum, c) => sum + c, 0);
  const unit = of.unit === undefined ? "" : ` ${of.unit}`;
  const words =
    fit?.status === "done"
      ? ` Fitted cumulative normal: bias ${formatEstimate(fit.bias.value, fit.bias.error)}${unit}, σ ${formatEstimate(fit.sigma.value, fit.sigma.error)}${unit}${fit.lapse.value > 0 ? `, lapses ${formatNumber(100 * fit.lapse.value, 2)} %` : ""}.`
      : fit?.status === "separated"
        ? fraction.every((f) => f === fraction[0])
          ? " The network always gives the same answer."
          : " Choices change only between two neighbouring values of the evidence, so no slope can be fitted: show weaker evidence."
        : "";
  const caption = `Choices of the first alternative in ${formatExact(trials)} fresh trials, with 95 % intervals (Wilson).${words}`;
  return { svg, caption, width: 12 };
}

/** Reaction times over the strength of evidence. */
export async function reactionFigure(
  { test }: TrainingRecord,
  { evidence }: ShownTask,
): Promise<ReportFigure | undefined> {
  if (!test?.reaction.some(Number.isFinite)) return undefined;
  const points = chronometricCurve({
    evidence: test.evidence,
    reaction: test.reaction,
    correct: test.correct,
  });
  const series = (["correct", "wrong"] as const).flatMap((kind) => {
    const own = points.filter((p) => p[kind].count > 1 || (kind === "correct" && p[kind].count > 0));
    if (own.length === 0) return [];
    const error = (p: (typeof own)[number]) =>
      Number.isFinite(p[kind].error) ? 1.96 * p[kind].error : Number.NaN;
    return [
      {
        label: kind === "correct" ? "right" : "wrong",
        evidence: own.map((p) => p.strength),
        time: own.map((p) => p[kind].mean),
        low: own.map((p) => p[kind].mean - error(p)),
        high: own.map((p) => p[kind].mean + error(p)),
        isQuiet: kind === "wrong",
      },
    ];
  });
  if (!series.some((s) => s.evidence.length > 1)) return undefined;
  const missed = points.reduce((sum, p) => sum + p.missed, 0);
  const svg = await chronometricFigure(
    { series },
    {
      xLabel:
        evidence.name === "evidence"
          ? "Strength of evidence"
          : sentenceCase(`absolute ${evidenceLabel(evidence)}`),
    },
  );
  const caption = `Mean reaction times with 95 % intervals (normal).${missed > 0 ? ` ${missed} trials without a reaction are left out.` : ""}`;
  return { svg, caption, width: 12 };
}

/** `coherence 12.8, direction 1`; a catch trial has none, nor has any trial of a task that varies nothing by name. */
export function conditionWords(conditions: Conditions | undefined, none = "catch trial"): string {
  const parts = Object.entries(conditions ?? {}).map(
    ([name, value]) =>
      `${wordsOf(name)} ${typeof value === "boolean" ? (value ? "yes" : "no") : formatExact(value)}`,
  );
  return parts.join(", ") || none;
}

/** What each unit is, by area and sign; undefined where nothing tells units apart. */
export function unitTypes({ signs, areas, facts }: TrainingRecord, units: number): string[] | undefined {
  const isMany = facts.areaNames.length > 1;
  const hasSigns = signs.some((s) => s !== 0);
  if (signs.length !== units || (!isMany && !hasSigns)) return undefined;
  return Array.from({ length: units }, (_, i) => {
    const sign = signs[i] > 0 ? "E" : signs[i] < 0 ? "I" : "";
    return [isMany ? facts.areaNames[areas[i]] : "", sign].filter((part) => part).join(" ");
  });
}

// Implementation

/** Trials side by side. */
const MOST_TRIALS = 3;

/** The strongest evidence for either side and the weakest; without evidence, the first of different conditions. */
function differentTrials({ condition, evidence, steps }: TestArrays): number[] {
  const strength = (k: number) => evidence[k];
  const all = Array.from(steps, (_, k) => k);
  const known = all
    .filter((k) => Number.isFinite(strength(k)))
    .sort((a, b) => strength(a) - strength(b) || a - b);
  if (known.length > 2) {
    const weakest = known.reduce((a, b) => (Math.abs(strength(b)) < Math.abs(strength(a)) ? b : a));
    return [...new Set([known[0], weakest, known[known.length - 1]])];
  }
  const first = all.filter((k) => condition.indexOf(condition[k]) === k);
  return (first.length > 1 ? first : all).slice(0, MOST_TRIALS);
}

function shownTrial(
  { facts }: TrainingRecord,
  test: TestArrays,
  { k, task }: { k: number; task: ShownTask },
): ShownTrial {
  const part = ({ shape, values }: TestArrays["inputs"]) => {
    const size = shape[1] * shape[2];
    return values.subarray(k * size, (k + 1) * size);
  };
  const bounds = part(test.periods);
  const names = facts.periods.map(({ name }) => name);
  // Names are those of the longest trial; where the counts differ, its borders hold for none but itself.
  const own =
    test.periods.shape[1] === names.length
      ? names.map((name, p) => ({ name, from: bounds[2 * p], to: bounds[2 * p + 1] }))
      : facts.periods;
  const isVaried = facts.conditions.some((c) => Object.keys(c).length > 0);
  const condition = conditionWords(
    facts.conditions[test.condition[k]],
    isVaried ? "catch trial" : `trial ${k + 1}`,
  );
  const evidence = test.evidence[k];
  const choice = test.choice[k];
  const answer = choice >= 0 ? `→ ${facts.outputNames[choice] ?? choice}` : "";
  const verdict = test.correct[k] === 1 ? "✓" : test.correct[k] === 0 ? "✗" : "";
  const { name, unit } = task.evidence;
  const given = unit === undefined ? `${name} ${formatExact(evidence)}` : `${formatExact(evidence)} ${unit}`;
  // An answer is short, the names of conditions may be long: they have lines of their own.
  const title = [Number.isFinite(evidence) ? given : "", answer, verdict].filter(Boolean).join(" ");
  return {
    title: title || condition,
    ...(title !== "" && { note: condition }),
    steps: test.steps[k],
    periods: own.filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to)),
    inputs: part(test.inputs),
    outputs: readOutputs(part(test.outputs), facts.outputNames.length, task.outputs),
    targets: part(test.targets),
    mask: part(test.mask),
    activity: part(test.activity),
  };
}

/** A fit, lapses free; undefined where the data do not allow one. */
function fitted(points: readonly ChoiceCount[]) {
  try {
    return fitPsychometric(points, { lapse: "free" });
  } catch (error) {
    if (error instanceof CajalError) return undefined;
    throw error;
  }
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `stimulusCoherence` in words. */
function wordsOf(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}
