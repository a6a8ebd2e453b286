/**
 * @file The tidy table of a run: one row for each number, one column for each factor, in an order and with a hash
 * that depend on the results alone, not on workers, chunks or the order in which jobs ended.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { JobRecord, JobSpec, MetricRow } from "../jobs/job.ts";
import type { ExperimentPlan } from "../plan/plan-experiment.ts";
import type { FactorValue } from "../spec/factors.ts";

/** Columns of equal length, rows sorted by job, factors, metric and delay. */
export interface MetricsTable {
  /** `job`, `network`, `null`, `repeat`, the factors, `metric`, `delay`, `value`. */
  columns: { name: string; values: (FactorValue | null)[] }[];
  rows: number;
}

/** The rows a job contributes: its group for a name, and all factors spelt out. */
export function completeRows(job: JobSpec, record: JobRecord): MetricRow[] {
  const { group, network, nullIndex, repeat, fixed } = job;
  return record.rows.map((row) => ({
    ...row,
    job: group,
    factors: { network, null: nullIndex, repeat, ...fixed, ...row.factors },
  }));
}

/** The table of all rows. @param rows - As made by {@link completeRows}, in any order. */
export function metricsTable(
  plan: Pick<ExperimentPlan, "factors">,
  rows: readonly MetricRow[],
): MetricsTable {
  const keys = ["network", "null", "repeat", ...plan.factors.map(({ name }) => name)];
  const sorted = [...rows].sort((a, b) => compareRows(a, b, keys));
  const columns = [
    { name: "job", values: sorted.map((row) => row.job) },
    ...keys.map((key, k) => ({
      name: plan.factors[k - 3]?.column ?? key,
      values: uniform(sorted.map((row) => row.factors[key] ?? null)),
    })),
    { name: "metric", values: sorted.map((row) => row.metric) },
    { name: "delay", values: sorted.map((row) => row.delay) },
    { name: "value", values: sorted.map((row) => row.value) },
  ];
  return { columns, rows: sorted.length };
}

/**
 * SHA-256 of a table: column names, then the cells row by row; numbers by their 64 bits, so that two tables have one
 * hash exactly when they are equal to the last bit. Every NaN counts as the same.
 *
 * @returns 64 hexadecimal digits.
 */
export function metricsHash({ columns, rows }: MetricsTable): string {
  const hash = sha256.create();
  hash.update(utf8ToBytes(`cajal-metrics-1\n${JSON.stringify(columns.map(({ name }) => name))}\n`));
  for (let row = 0; row < rows; row++) {
    const cells = columns.map(({ values }) => values[row]);
    hash.update(utf8ToBytes(JSON.stringify(cells.map((cell) => (typeof cell === "number" ? 0 : cell)))));
    const numbers = cells.filter((cell) => typeof cell === "number");
    const bytes = new DataView(new ArrayBuffer(8 * numbers.length));
    numbers.forEach((value, i) => {
      bytes.setFloat64(8 * i, Number.isNaN(value) ? Number.NaN : value, true);
    });
    hash.update(new Uint8Array(bytes.buffer));
  }
  return bytesToHex(hash.digest());
}

// Implementation

/** A factor with numbers and texts (`lambda: [gcv, 1]`) becomes a column of texts, as files and tools want it. */
function uniform(values: (FactorValue | null)[]): (FactorValue | null)[] {
  const texts = values.some((value) => typeof value === "string");
  return texts ? values.map((value) => (value === null ? null : String(value))) : values;
}

function compareRows(a: MetricRow, b: MetricRow, keys: readonly string[]): number {
  let order = compareText(a.job, b.job);
  for (let k = 0; order === 0 && k < keys.length; k++)
    order = compareValues(a.factors[keys[k]] ?? null, b.factors[keys[k]] ?? null);
  return order || compareText(a.metric, b.metric) || compareValues(a.delay, b.delay);
}

function compareValues(a: FactorValue | null, b: FactorValue | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  const rank = (v: FactorValue | null) => (v === null ? 0 : typeof v === "number" ? 1 : 2);
  return rank(a) - rank(b);
}

/** By code units: the same everywhere, unlike `localeCompare`. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
