/**
 * @file Statistics in words: the sentence a reader takes away, and the phrases used beside numbers.
 */

import type { Interval, PermutationTest } from "../../analysis/index.ts";
import { formatCount, formatExact, formatFixed, formatNumber } from "../../plot/index.ts";
import type { MetricGrid } from "./metric-grid.ts";
import { factorWords, metricName, nullsWords } from "./names.ts";
import type { ReportInput } from "./report-input.ts";
import type { ReportComparison, ReportStatistics } from "./report-statistics.ts";

/** Fewest nulls whose bootstrap interval is worth printing. */
const FEWEST_FOR_INTERVAL = 5;

/** A p value with two digits, four decimals at most. */
export function formatP(p: number): string {
  if (p >= 0.995) return "1";
  return p < 1e-4 ? formatNumber(p, 2) : formatFixed(p, p < 0.001 ? 5 : p < 0.01 ? 4 : p < 0.1 ? 3 : 2);
}

/** `95 % CI 2.1 to 2.6`; empty where too few nulls make it meaningless. */
export function intervalWords({ low, high, level }: Interval, nulls: number): string {
  if (nulls < FEWEST_FOR_INTERVAL) return "";
  return `${formatNumber(level * 100, 2)} % CI ${formatNumber(low)} to ${formatNumber(high)}`;
}

/** `, the smallest that 20 copies can give`, if it is. */
export function smallestWords({ k, n }: PermutationTest): string {
  return k === 0 ? `, the smallest that ${n} ${n === 1 ? "copy" : "copies"} can give` : "";
}

/** The answer in one sentence. */
export function answer(grid: MetricGrid, statistics: ReportStatistics, input: ReportInput): string {
  const { peak, comparisons } = statistics;
  const name = input.connectome.name;
  if (grid.networks.length === 0)
    return "No run finished, so there is nothing to report; see the failures below.";
  if (!peak) {
    return `No run of ${name} gave a finite ${metricName(input.metric).plain}, so there is nothing to compare; see the failures below.`;
  }
  const metric = metricName(input.metric);
  const first = comparisons.find((c) => c.metric === input.metric && c.at === "peak");
  const swept = grid.points.length > 1;
  const { verb, unit, plain } = metric;
  const amount = (v: number) => `${formatNumber(v)}${unit}`;
  const does = verb === "remember" ? "remembers" : `has a ${plain} of`;
  const start = `The wiring of ${name} ${does} ${amount(peak.value)} ${whereOf(grid, peak.point)}`;
  if (!first) {
    return `${start}. Without null networks this does not say whether its wiring matters.`;
  }
  const { nulls, nullValues } = first.result;
  const n = nullValues.length;
  const doN =
    n === 1 ? (verb === "remember" ? "remembers" : "has") : verb === "remember" ? "remember" : "have";
  const spread = n > 1 ? ` ± ${formatNumber(nulls.standardDeviation, 2)}` : "";
  const theirs = swept ? " at theirs" : "";
  const middle = `${nullsWords(first.kind, n)} ${doN} ${formatNumber(nulls.mean)}${spread}${theirs}`;
  return `${start}; ${middle}: ${verdict(first, input)}.`;
}

/** What a reader should know before leaning on the answer, one sentence each. */
export function cautions(grid: MetricGrid, statistics: ReportStatistics, input: ReportInput): string[] {
  const out: string[] = [];
  const first = statistics.comparisons[0];
  if (first) {
    const n = first.result.nullValues.length;
    out.push(
      `The sampling unit is the network: ${n} null ${n === 1 ? "network" : "networks"} and one connectome, so no p can be below 1/${n + 1} = ${formatP(1 / (n + 1))}${n < 19 ? ", and p ≤ 0.05 needs at least 19 nulls" : ""}.`,
      `The interval covers chance in drawing the ${first.result.resampled === "nulls" ? "nulls" : "nulls and the inputs of the repeats"}${first.result.resampled === "nulls" ? "; with one repeat it does not cover chance in the input" : ""}. It does not speak of other individuals of the species.`,
    );
  }
  const dropped = statistics.comparisons.reduce((most, c) => Math.max(most, c.dropped), 0);
  if (dropped > 0) {
    out.push(
      `${dropped} null ${dropped === 1 ? "network" : "networks"} gave no finite value and ${dropped === 1 ? "is" : "are"} left out.`,
    );
  }
  if (input.failures.length > 0 && statistics.peak) {
    out.push(
      `${formatCount(input.failures.length)} ${input.failures.length === 1 ? "failure is" : "failures are"} listed under “What failed”.`,
    );
  }
  const { peak } = statistics;
  const last = grid.points.length - 1;
  if (peak && last > 1 && grid.factor && (peak.point === 0 || peak.point === last)) {
    out.push(
      `The best ${factorWords(grid.factor)} (${formatExact(grid.points[peak.point])}) is at the end of the sweep; the true best may lie beyond it.`,
    );
  }
  const longest = grid.delays("r2").at(-1);
  if (peak && longest !== undefined && input.metric === "memoryCapacity" && peak.value > 0.8 * longest) {
    out.push(
      `The memory capacity nears the longest delay tested (${longest} steps), which bounds it; raise the longest delay.`,
    );
  }
  return out;
}

// Implementation

function whereOf(grid: MetricGrid, point: number): string {
  if (!grid.factor) return "at the one setting simulated";
  const value = formatExact(grid.points[point]);
  return grid.points.length > 1
    ? `at its best ${factorWords(grid.factor)} (${value})`
    : `at ${factorWords(grid.factor)} ${value}`;
}

function verdict({ result }: ReportComparison, { metric }: ReportInput): string {
  const { unit } = metricName(metric);
  const { difference, test, nullValues } = result;
  const size = `${formatNumber(Math.abs(difference.estimate))}${unit}`;
  const direction = difference.estimate >= 0 ? "more" : "less";
  const way = unit === " steps" && direction === "less" ? "fewer" : direction;
  const interval = mirrored(difference);
  const words = [intervalWords(interval, nullValues.length), `p = ${formatP(test.p)}${smallestWords(test)}`];
  const doubt =
    test.p <= 0.05
      ? ""
      : test.k === 0
        ? ", too few copies to be sure"
        : ", so the null networks alone could well give such a difference";
  return `${size} ${way} (${words.filter(Boolean).join("; ")})${doubt}`;
}

/** "2 fewer, CI 1 to 3" rather than "2 fewer, CI −3 to −1". */
function mirrored(interval: Interval): Interval {
  return interval.estimate >= 0 ? interval : { ...interval, low: -interval.high, high: -interval.low };
}
