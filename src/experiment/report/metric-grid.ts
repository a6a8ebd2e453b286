/**
 * @file The tidy rows as cubes of numbers: network × repeat × setting × point. A point is a value of the swept factor, a
 * setting a combination of all other swept factors. What did not finish is NaN.
 */

import type { ReportInput, ReportRow } from "./report-input.ts";

/** One network: the real one, or a copy of a null model. */
export interface GridNetwork {
  /** `empirical`, or the null model's name. */
  kind: string;
  /** Number of the copy; null for the real network. */
  index: string | number | null;
}

/** One combination of what was swept beside the axis of the figures. */
export interface GridSetting {
  /** Values of the other swept factors, by path. */
  values: Readonly<Record<string, string | number>>;
}

/** The tidy rows of a run as arrays with axes, so that networks compare point by point. */
export interface MetricGrid {
  /** Path of the swept factor; undefined if nothing was swept. */
  factor: string | undefined;
  /** Its values, numbers ascending; one nameless point where nothing was swept. */
  points: (string | number)[];
  settings: GridSetting[];
  repeats: (string | number)[];
  /** The real network first; empty if there are no rows. */
  networks: GridNetwork[];
  /** Names of the null models, in order of appearance. */
  nullKinds: string[];
  /** Delays of a metric, ascending. */
  delays: (metric: string) => number[];
  /** Shape `(network, repeat, setting, point)`; undefined if the metric has no rows. */
  cube: (metric: string, delay?: number | null) => Float64Array | undefined;
}

/** What is read of a report's input; without `methods` null models are named by their rows alone. */
export type GridInput = Pick<ReportInput, "rows" | "sweptFactor" | "otherFactors"> & {
  methods?: Pick<ReportInput["methods"], "nulls">;
};

/** Read the rows of a report. */
export function readMetrics({ rows, sweptFactor, otherFactors, methods }: GridInput): MetricGrid {
  const factor = chooseFactor(rows, sweptFactor, otherFactors);
  const others = otherFactors.filter((f) => f !== factor);
  const points = valuesOf(rows, (r) => (factor === undefined ? "" : r.factors[factor]));
  const settingKey = (r: ReportRow) => JSON.stringify(others.map((f) => r.factors[f] ?? null));
  const settings = firstOf(rows, settingKey);
  const repeats = valuesOf(rows, (r) => r.factors.repeat ?? 0);
  const real = realKind(rows, new Set(methods?.nulls.map((n) => n.name)));
  const networkKey = (r: ReportRow) =>
    kindOf(r) === real ? "" : JSON.stringify([kindOf(r), r.factors.null ?? null]);
  // The real network has the first place even where no run of its own finished.
  const networks = new Map<string, GridNetwork>(rows.length ? [["", { kind: real, index: null }]] : []);
  for (const row of rows) {
    const key = networkKey(row);
    if (!networks.has(key)) networks.set(key, { kind: kindOf(row), index: row.factors.null ?? null });
  }
  const place = <K>(keys: Iterable<K>) => new Map([...keys].map((k, i) => [k, i]));
  const at = {
    network: place(networks.keys()),
    repeat: place(repeats),
    setting: place(settings.keys()),
    point: place(points),
  };
  const size = networks.size * repeats.length * settings.size * points.length;
  const cubes = new Map<string, Float64Array>();
  for (const row of rows) {
    const point = at.point.get(factor === undefined ? "" : (row.factors[factor] ?? ""));
    if (point === undefined) continue;
    const key = JSON.stringify([row.metric, row.delay ?? null]);
    let cube = cubes.get(key);
    if (!cube) {
      cube = new Float64Array(size).fill(Number.NaN);
      cubes.set(key, cube);
    }
    const network = at.network.get(networkKey(row)) ?? 0;
    const repeat = at.repeat.get(row.factors.repeat ?? 0) ?? 0;
    const setting = at.setting.get(settingKey(row)) ?? 0;
    cube[((network * repeats.length + repeat) * settings.size + setting) * points.length + point] = row.value;
  }
  const kinds = [...networks.values()];
  return {
    factor,
    points,
    settings: [...settings.values()].map((r) => ({ values: pick(r, others) })),
    repeats,
    networks: kinds,
    nullKinds: [...new Set(kinds.slice(1).map((n) => n.kind))],
    delays: (metric) =>
      [...cubes.keys()]
        .map((key) => JSON.parse(key) as [string, number | null])
        .flatMap(([name, delay]) => (name === metric && delay !== null ? [delay] : []))
        .sort((a, b) => a - b),
    cube: (metric, delay = null) => cubes.get(JSON.stringify([metric, delay])),
  };
}

// Implementation

function kindOf(row: ReportRow): string {
  return String(row.factors.network ?? "empirical");
}

/** `empirical`; where no row is called so, the first kind that is no null model. */
function realKind(rows: readonly ReportRow[], nulls: ReadonlySet<string>): string {
  const kinds = new Set(rows.map(kindOf));
  if (kinds.has("empirical")) return "empirical";
  return [...kinds].find((k) => !nulls.has(k)) ?? "empirical";
}

function chooseFactor(
  rows: readonly ReportRow[],
  wanted: string | undefined,
  others: readonly string[],
): string | undefined {
  const varies = (f: string) => new Set(rows.map((r) => r.factors[f])).size > 1;
  const present = (f: string) => rows.some((r) => r.factors[f] !== undefined && r.factors[f] !== null);
  if (wanted !== undefined && present(wanted)) return wanted;
  const radius = (f: string) => f.split(".").at(-1) === "spectralRadius";
  const candidates = others.filter(present);
  return candidates.filter(varies).find(radius) ?? candidates.find(varies) ?? candidates.find(radius);
}

/** Distinct values: numbers ascending first, then texts as they come. */
function valuesOf(
  rows: readonly ReportRow[],
  value: (row: ReportRow) => string | number | null | undefined,
): (string | number)[] {
  const seen = new Set<string | number>();
  for (const row of rows) {
    const v = value(row);
    if (v !== null && v !== undefined) seen.add(v);
  }
  const numbers = [...seen].filter((v) => typeof v === "number").sort((a, b) => a - b);
  return [...numbers, ...[...seen].filter((v) => typeof v === "string")];
}

function firstOf(rows: readonly ReportRow[], key: (row: ReportRow) => string): Map<string, ReportRow> {
  const first = new Map<string, ReportRow>();
  for (const row of rows) {
    const k = key(row);
    if (!first.has(k)) first.set(k, row);
  }
  return first;
}

function pick(row: ReportRow, paths: readonly string[]): Record<string, string | number> {
  return Object.fromEntries(paths.map((p) => [p, row.factors[p] ?? "–"]));
}
