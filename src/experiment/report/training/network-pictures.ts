/**
 * @file Figures of the shown network itself: weights before and after, spectrum, trajectories, selectivity.
 */

import { principalComponents, trajectories, unitSelectivity } from "../../../analysis/index.ts";
import { eigenvalues } from "../../../core/index.ts";
import {
  eigenvalueSpectrum,
  formatExact,
  formatFixed,
  orderedWeights,
  type StatePath,
  selectivityHistogram,
  signedWeights,
  statePlane,
} from "../../../plot/index.ts";
import type { TestArrays, TrainingRecord } from "../../results/training-record.ts";
import type { ReportFigure } from "../report-figures.ts";
import { conditionWords } from "./behaviour-pictures.ts";
import { evidenceLabel, type ShownTask } from "./shown-task.ts";

/** Recurrent weights before and after, by area and sign. */
export async function weightsFigure(record: TrainingRecord): Promise<ReportFigure | undefined> {
  const pair = recurrent(record);
  if (!pair) return undefined;
  const { signs, areas, facts } = record;
  const svg = await orderedWeights({ matrices: pair, signs, areas, areaNames: facts.areaNames });
  const order = [facts.areaNames.length > 1 && "area", signs.some((s) => s !== 0) && "sign"].filter(Boolean);
  const by = order.length > 0 ? `by ${order.join(" and ")}, then ` : "";
  return {
    svg,
    caption: `Recurrent weights as they act, before training and as they were tested; units are ordered ${by}by how strongly they send after training. Columns send, rows receive.`,
    width: 17,
  };
}

/** Eigenvalues of the recurrent weights before and after. */
export async function spectrumFigure(record: TrainingRecord): Promise<ReportFigure | undefined> {
  const pair = recurrent(record);
  // About 10 n³ operations each: a large network would keep the reader waiting.
  if (!pair || pair[0].weights.rows > MOST_UNITS) return undefined;
  const spectra = pair.map(({ title, weights }) => ({ title, ...eigenvalues(weights) }));
  return {
    svg: await eigenvalueSpectrum({ spectra }),
    caption:
      "Eigenvalues of the recurrent weights, with the circle of radius 1. Around a state in which every unit has a gain of 1, a leaky rate network is stable when all of them lie left of 1, Elman’s when all lie inside the circle; lower gains move that border outwards.",
    width: 17,
  };
}

/** Histogram of recurrent weights by sign. */
export async function signFigure(record: TrainingRecord): Promise<ReportFigure | undefined> {
  const pair = recurrent(record);
  if (!pair) return undefined;
  const samples = pair.map(({ title, weights }) => ({ title, weights: weights.values }));
  return {
    svg: await signedWeights({ samples }, { valueLabel: "Recurrent weight" }),
    caption:
      "Recurrent weights by sign; weights of 0 (no synapse, or silenced by training) are only counted.",
    width: 17,
  };
}

/** Paths of the mean activity of each condition through the plane of its first two principal components. */
export async function trajectoryFigure(
  { test, facts }: TrainingRecord,
  { evidence }: ShownTask,
): Promise<ReportFigure | undefined> {
  if (!test || test.conditionActivity.shape[0] < 2) return undefined;
  const [conditions, steps, units] = test.conditionActivity.shape;
  if (units < 2 || units > MOST_UNITS) return undefined;
  const groups = groupsOf(test, conditions, (c) => conditionWords(facts.conditions[c]));
  if (groups.length < 2) return undefined;
  const values = groups.flatMap(({ members }) => meanActivity(test, members));
  const activity = { rows: groups.length, steps, units, values };
  const pca = principalComponents(activity, 2);
  const at = trajectories(activity, pca);
  const paths = groups.map(({ label, evidence: strength }, g): StatePath => {
    const coordinate = (c: number) => Array.from({ length: steps }, (_, k) => at[(g * steps + k) * 2 + c]);
    return {
      label,
      ...(strength !== undefined && { evidence: strength }),
      x: coordinate(0),
      y: coordinate(1),
    };
  });
  const periods = samePeriods(test) ? facts.periods.map(({ name, from }) => ({ name, step: from })) : [];
  const share = (c: number) => `${formatFixed(100 * pca.explained[c], 0)} %`;
  const byEvidence = groups.some((group) => group.evidence !== undefined);
  const svg = await statePlane(
    { paths, periods },
    {
      xLabel: `PC 1 (${share(0)})`,
      yLabel: `PC 2 (${share(1)})`,
      ...(byEvidence && { evidenceLabel: evidenceLabel(evidence) }),
    },
  );
  const left = conditions - groups.reduce((n, { members }) => n + members.length, 0);
  const caption = `Mean activity over fresh trials ${byEvidence && groups.length < conditions ? "with the same evidence" : "of each condition"}, in the plane of their first two principal components; rings: starts, squares: ends${periods.length > 1 ? ", dots: new periods" : ""}. The activity has an effective dimension (participation ratio) of ${formatFixed(pca.dimension, 1)}.${left > 0 ? ` ${left} conditions are not shown.` : ""}`;
  return { svg, caption, width: 17 };
}

/** How well single units tell the two most frequent choices apart, in each period. */
export async function selectivityFigure({ test, facts }: TrainingRecord): Promise<ReportFigure | undefined> {
  if (!test) return undefined;
  const [trials, periods, units] = test.trialActivity.shape;
  const [first, second] = commonChoices(test.choice);
  if (second === undefined || periods !== facts.periods.length) return undefined;
  const group = Array.from(test.choice, (c) => (c === first ? 0 : c === second ? 1 : -1));
  const panels = facts.periods.flatMap(({ name }, p) => {
    const of = (t: number) =>
      test.trialActivity.values.subarray((t * periods + p) * units, (t * periods + p + 1) * units);
    const kept = Array.from({ length: trials }, (_, t) => t).filter((t) => of(t).every(Number.isFinite));
    const counts = [0, 1].map((g) => kept.filter((t) => group[t] === g).length);
    if (Math.min(...counts) < 5) return [];
    const values = Float64Array.from(kept.flatMap((t) => [...of(t)]));
    const { dPrime } = unitSelectivity(
      values,
      kept.map((t) => group[t]),
    );
    // A unit that never varies, a silent one say, has no d′, or an endless one.
    const finite = dPrime.filter((d) => Number.isFinite(d) && d !== 0);
    const chance = 1.96 * Math.sqrt(1 / counts[0] + 1 / counts[1]);
    const significant = Float64Array.from(finite, (d) => (Math.abs(d) > chance ? 1 : 0));
    if (finite.length < 3) return [];
    return [{ title: `${name}: ${finite.length} of ${units} units`, values: finite, significant }];
  });
  if (panels.length === 0) return undefined;
  const names = [first, second].map((c) => facts.outputNames[c] ?? String(c));
  return {
    svg: await selectivityHistogram({ panels: panels.slice(-MOST_PERIODS) }, { xLabel: "d′ of choice" }),
    caption: `How well the mean activity of each unit in a period tells answers apart, ${names[0]} (d′ > 0) from ${names[1]}, over all fresh trials whatever their evidence. Units that never vary are left out. Dark: further from 0 than 95 % of units without any preference would be.`,
    width: 17,
  };
}

// Implementation

/** Units above which eigenvalues and components take longer than a report may. */
const MOST_UNITS = 600;
const MOST_PATHS = 14;
const MOST_PERIODS = 3;

function recurrent({ weights }: TrainingRecord) {
  const [before, after] = [weights.initial.rec, weights.best.rec ?? weights.last.rec];
  if (!before || !after || before.rows !== before.columns) return undefined;
  return [
    { title: "Before training", weights: before },
    { title: "After training", weights: after },
  ];
}

/** Conditions that make one path: all with the same evidence where there are too many to tell apart. */
function groupsOf(
  { conditionOfTrial, evidence }: TestArrays,
  conditions: number,
  wordsOf: (condition: number) => string,
): { label: string; evidence?: number; members: number[] }[] {
  const strength = Array.from({ length: conditions }, (_, c) => {
    const trial = conditionOfTrial.indexOf(c);
    return trial < 0 ? Number.NaN : evidence[trial];
  });
  const present = strength.map((_, c) => c).filter((c) => conditionOfTrial.includes(c));
  const single = (c: number) => ({
    label: wordsOf(c),
    ...(Number.isFinite(strength[c]) && { evidence: strength[c] }),
    members: [c],
  });
  const known = present.filter((c) => Number.isFinite(strength[c]));
  if (known.length < 2) return present.slice(0, MOST_PATHS).map(single);
  const byEvidence = new Map<number, number[]>();
  for (const c of known) byEvidence.set(strength[c], [...(byEvidence.get(strength[c]) ?? []), c]);
  return [...byEvidence]
    .sort(([a], [b]) => a - b)
    .map(([e, members]) => ({ label: formatExact(e), evidence: e, members }));
}

/** Mean of the activity of some conditions, shape `(time, unit)`; NaN where one of them lacks the step. */
function meanActivity(
  { conditionActivity: { shape, values } }: TestArrays,
  members: readonly number[],
): number[] {
  const size = shape[1] * shape[2];
  return Array.from({ length: size }, (_, k) => {
    let sum = 0;
    for (const c of members) sum += values[c * size + k];
    return sum / members.length;
  });
}

/** Whether periods start and end at the same steps in all shown trials. */
function samePeriods({ periods: { shape, values } }: TestArrays): boolean {
  const size = shape[1] * shape[2];
  return values.every((v, k) => v === values[k % size]);
}

/** The two outputs chosen most often, the lower first. */
function commonChoices(choice: Float64Array): number[] {
  const counts = new Map<number, number>();
  for (const c of choice) if (c >= 0) counts.set(c, (counts.get(c) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, 2)
    .map(([c]) => c)
    .sort((a, b) => a - b);
}
