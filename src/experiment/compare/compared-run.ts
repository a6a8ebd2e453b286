/**
 * @file A finished run as what is compared: one cell of the sweep in one repeat, with its metrics and learning curves.
 */

import { openFinishedRun, whole } from "../finished-run.ts";
import { FIXED_COLUMNS } from "../plan/planned-factors.ts";
import type { MetricsTable } from "../results/metrics-table.ts";
import { decodeParquet } from "../results/parquet.ts";
import { RUN_FILES } from "../results/run-directory.ts";
import { readTrainingRecord, type TrainingRecord } from "../results/training-record.ts";
import type { FactorValue } from "../spec/factors.ts";

/** Numbers over updates. */
export interface Curve {
  /** Updates made before each value, ascending, shape `(point)`. */
  updates: ArrayLike<number>;
  /** Shape `(point)`. */
  values: ArrayLike<number>;
}

/** Learning curves of one job. */
export interface JobCurves {
  /** Of validations; of the batches trained on where there were none. */
  loss: Curve;
  /** Whether `loss` is of validations. */
  validated: boolean;
  /** Share of right answers, as `loss`; undefined where there are none. */
  correct?: Curve;
  task: string;
  status: string;
}

/** One cell of the sweep in one repeat. */
export interface ComparedCell {
  /** What is drawn anew: repeat, and copy of a null model. */
  unit: string;
  /** `network` and the values of the factors, by column. */
  factors: Record<string, FactorValue>;
  metrics: Record<string, number>;
  curves?: JobCurves;
}

/** A run that can be compared. */
export interface ComparedRun {
  folder: string;
  name: string;
  /** What its file says, `memory` when nothing. */
  kind: string;
  cells: ComparedCell[];
  /** Columns of `factors` with more than one value. */
  varying: string[];
  /** Jobs and cells that gave no result. */
  failures: number;
}

/** Read a run directory. @throws CajalError `no-run`, `unfinished-run`, `damaged-run`. */
export async function readComparedRun(folder: string): Promise<ComparedRun> {
  const { manifest, metrics, source } = await openFinishedRun(folder);
  const { table } = await whole(folder, RUN_FILES.metrics, () => decodeParquet(metrics));
  const { kind = "memory" } = source.data as { kind?: string };
  const cells = [...cellsOf(table)];
  const read: ComparedCell[] = [];
  for (const { job, ...cell } of cells) {
    const record = kind === "training" ? await readTrainingRecord(folder, job) : undefined;
    read.push(record ? { ...cell, curves: curvesOf(record) } : cell);
  }
  return {
    folder,
    name: manifest.name,
    kind,
    cells: read,
    varying: varyingOf(read),
    failures: manifest.failures.length,
  };
}

// Implementation

function cellsOf({ columns, rows }: MetricsTable): Iterable<ComparedCell & { job: string }> {
  const column = (name: string) => columns.find((c) => c.name === name)?.values ?? [];
  const [job, network, copy, repeat, metric, delay, value] = FIXED_COLUMNS.map(column);
  const own = columns.filter(({ name }) => !FIXED_COLUMNS.includes(name));
  const cells = new Map<string, ComparedCell & { job: string }>();
  for (let row = 0; row < rows; row++) {
    // A metric with delays is a curve of its own, not a number.
    if (delay[row] !== null && delay[row] !== undefined) continue;
    const factors: Record<string, FactorValue> = { network: String(network[row]) };
    for (const { name, values } of own) factors[name] = values[row] ?? "–";
    const key = JSON.stringify([job[row], factors]);
    const unit = copy[row] === null ? String(repeat[row]) : `${copy[row]}/${repeat[row]}`;
    const cell = cells.get(key) ?? { job: String(job[row]), unit, factors, metrics: {} };
    cells.set(key, cell);
    cell.metrics[String(metric[row])] = Number(value[row] ?? Number.NaN);
  }
  return cells.values();
}

function curvesOf({ facts, history, validation }: TrainingRecord): JobCurves {
  const validated = validation.loss.length > 0;
  const updates = validated ? validation.updates : history.loss.map((_, i) => i + 1);
  const { loss, fractionCorrect } = validated ? validation : history;
  return {
    loss: { updates, values: loss },
    validated,
    ...(fractionCorrect.some(Number.isFinite) && { correct: { updates, values: fractionCorrect } }),
    task: facts.task,
    status: facts.status,
  };
}

function varyingOf(cells: readonly ComparedCell[]): string[] {
  const values = new Map<string, Set<FactorValue>>();
  for (const { factors } of cells)
    for (const [name, value] of Object.entries(factors))
      values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values].flatMap(([name, { size }]) => (size > 1 ? [name] : []));
}
