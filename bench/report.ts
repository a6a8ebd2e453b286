/**
 * @file What a benchmark hands over, and how it is printed: an aligned table for people, one JSON object a row for
 * programs. Every subject is a file `bench/<subject>.bench.ts` that exports `run(report, options)`.
 */

import Table from "cli-table3";
import pc from "picocolors";
import type { Peers } from "./peers.ts";

/** One measured number. With `--json` the row is printed as it is. */
export interface BenchRow {
  /** Name of the bench file. */
  subject: string;
  /** What was done, with its size. */
  case: string;
  /** The best (minimum time, maximum rate) of the repetitions. */
  value: number;
  /** Unit of `value`, `median` and `peer`. */
  unit: string;
  /** The same number for another tool on the same work; null when it is not installed or there is none. */
  peer: number | null;
  /** How many times better Cajal is than the peer, above 1 when it is; null without a peer. */
  ratio: number | null;
  /** Name of the peer. */
  peerName?: string;
  /** Further peers on the same work, slower than the first. */
  others?: readonly OtherPeer[];
  /** Median of the repetitions. */
  median?: number;
  /** Number of repetitions. */
  runs?: number;
}

/** A peer beside the first of a row. */
export interface OtherPeer {
  peer: number;
  ratio: number;
  peerName: string;
}

/** A row as a benchmark gives it: ratios are computed. */
export interface RowInput extends Omit<BenchRow, "peer" | "ratio" | "others"> {
  peer?: number | null;
  others?: readonly Omit<OtherPeer, "ratio">[];
  /** Whether small numbers are good, as for times (default), or large ones, as for rates. */
  better?: "lower" | "higher";
}

/** Where a benchmark puts its results. */
export interface Report {
  row(row: RowInput): void;
  /** A plain line below the table: what was checked, what limits, what was left out. */
  note(line: string): void;
}

/** What every benchmark is given. */
export interface BenchOptions {
  /** Fewer repetitions and smaller sizes: seconds instead of minutes. */
  quick: boolean;
  /** The other tools, as far as they are installed. */
  peers: Peers;
}

/** A benchmark file's export. */
export type RunBench = (report: Report, options: BenchOptions) => Promise<void>;

/** A report that is printed subject by subject. */
export interface PrintedReport extends Report {
  /** Begin a subject. */
  begin(subject: string): void;
  /** Print what the subject reported. */
  end(): void;
}

/** A report on standard output; with `json` the rows go there one by one and everything else to standard error. */
export function createReport({ json }: { json: boolean }): PrintedReport {
  let subject = "";
  let rows: BenchRow[] = [];
  let notes: string[] = [];
  return {
    begin(name) {
      subject = name;
      rows = [];
      notes = [];
      process.stderr.write(pc.dim(`${name} …\n`));
    },
    row(input) {
      const row = finishRow(input);
      if (json) console.log(JSON.stringify(row));
      else rows.push(row);
    },
    note(line) {
      if (json) console.error(`${subject}: ${line}`);
      else notes.push(line);
    },
    end() {
      if (json) return;
      console.log(`\n${pc.bold(subject)}`);
      if (rows.length > 0) console.log(printTable(rows));
      for (const line of notes) console.log(`  ${line}`);
    },
  };
}

/** Three significant digits, without an exponent for everyday sizes. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  if (size >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}

// Implementation

function finishRow({ better = "lower", peer = null, others = [], ...row }: RowInput): BenchRow {
  const ratioTo = (number: number) => (better === "lower" ? number / row.value : row.value / number);
  const { subject, case: name, value, unit, ...rest } = row;
  const ratio = peer === null ? null : ratioTo(peer);
  const more = others.map((other) => ({ ...other, ratio: ratioTo(other.peer) }));
  return { subject, case: name, value, unit, peer, ratio, ...rest, ...(more.length > 0 && { others: more }) };
}

function printTable(rows: BenchRow[]): string {
  const table = new Table({
    head: ["case", "best", "median", "unit", "peer", "", "ratio"].map((h) => pc.dim(h)),
    colAligns: ["left", "right", "right", "left", "right", "left", "right"],
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    chars: NO_LINES,
  });
  for (const row of rows) {
    table.push([
      `  ${row.case}`,
      formatNumber(row.value),
      row.median === undefined ? "" : formatNumber(row.median),
      row.unit,
      row.peer === null ? "" : formatNumber(row.peer),
      row.peerName ?? "",
      row.ratio === null ? "" : `${formatNumber(row.ratio)}×`,
    ]);
    for (const { peer, peerName, ratio } of row.others ?? []) {
      table.push(["", "", "", "", formatNumber(peer), peerName, `${formatNumber(ratio)}×`]);
    }
  }
  return table.toString();
}

const NO_LINES = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid", "middle"].flatMap((part) =>
    ["", "-mid", "-left", "-right"].map((end) => [`${part}${end}`, ""]),
  ),
);
