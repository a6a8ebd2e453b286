/**
 * @file What a reader of a comparison should know before leaning on it, one sentence each.
 */

import { plural } from "../../core/index.ts";
import type { GroupSummary, PairTest } from "./comparison.ts";
import type { ComparedGroup } from "./groups.ts";
import { MOST_IN_ALL_PAIRS } from "./pair-tests.ts";

/** Sentences, the weightiest first. */
export function cautions(
  groups: readonly ComparedGroup[],
  summaries: readonly GroupSummary[],
  { metrics, tests }: { metrics: readonly string[]; tests: readonly PairTest[] },
): string[] {
  return [
    ...taskWords(groups),
    ...fewWords(tests),
    ...poolWords(summaries),
    ...lengthWords(groups, summaries),
    ...missingWords(summaries, metrics),
    ...failureWords(summaries),
    ...(groups.length > MOST_IN_ALL_PAIRS
      ? [`With ${groups.length} groups each is compared with the first only, ${groups[0].label}.`]
      : []),
  ];
}

// Implementation

function taskWords(groups: readonly ComparedGroup[]): string[] {
  const tasks = new Set(groups.flatMap(({ cells }) => cells.flatMap(({ curves }) => curves?.task ?? [])));
  if (tasks.size < 2) return [];
  const names = [...tasks].join(", ");
  return [`The groups were trained on different tasks (${names}): their losses are not of one kind.`];
}

/** No test can find what so few repeats cannot show. */
function fewWords(tests: readonly PairTest[]): string[] {
  const smallest = tests.reduce((most, test) => Math.max(most, test.smallest), 0);
  if (smallest <= 0.05) return [];
  return [
    `With so few repeats p cannot fall below ${Number(smallest.toPrecision(2))}; four in each group can reach 0.03.`,
  ];
}

function poolWords(summaries: readonly GroupSummary[]): string[] {
  const pooled = summaries.find(({ settings }) => settings.length > 1);
  if (!pooled) return [];
  const count = plural(pooled.settings.length, "setting");
  return [
    `${pooled.label} pools ${count}: a repeat counts once, with its mean over them. Choose one with DIR:factor=value.`,
  ];
}

/** Trainings that end at their target are as long as they take, and their minima are where they ended. */
function lengthWords(groups: readonly ComparedGroup[], summaries: readonly GroupSummary[]): string[] {
  const isEarly = groups.some(({ cells }) => cells.some(({ curves }) => curves?.status === "reached"));
  if (isEarly)
    return [
      "Some trainings ended when they reached their target: minima say where they ended, not how low they can get.",
    ];
  const lengths = summaries.flatMap(({ loss }) => loss?.updates.at(-1) ?? []);
  if (new Set(lengths).size < 2) return [];
  return [
    `The groups were trained for different numbers of updates (${lengths.join(", ")}); --until cuts all at one.`,
  ];
}

function missingWords(summaries: readonly GroupSummary[], metrics: readonly string[]): string[] {
  return metrics.flatMap((metric) =>
    summaries.flatMap(({ label, repeats, metrics: own }) => {
      const { missing } = own[metric];
      if (missing === 0) return [];
      return [`${metric} of ${label}: ${missing} of ${plural(repeats, "repeat")} without a value, left out.`];
    }),
  );
}

function failureWords(summaries: readonly GroupSummary[]): string[] {
  const failures = new Map(summaries.map(({ folder, failures: count }) => [folder, count]));
  return [...failures].flatMap(([folder, count]) =>
    count > 0 ? [`${plural(count, "failure")} in ${folder}, left out; see its report.`] : [],
  );
}
