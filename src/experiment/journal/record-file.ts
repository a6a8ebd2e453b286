/**
 * @file One journal record as text: a checksum line, then the record, its rows packed so that 64-bit values, NaN
 * and −0 survive.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { CellFailure, JobRecord, JobSpec, MetricRow } from "../jobs/job.ts";

/** A record with the cells it stands for. */
export interface JournalEntry {
  /** Fingerprint of the experiment it belongs to. */
  run: string;
  group: string;
  /** Numbers of the cells in the grid. */
  cells: number[];
  record: JobRecord;
}

/** What a record says of its job. */
export interface RecordedJob extends Pick<JobSpec, "group"> {
  cells: readonly Pick<JobSpec["cells"][number], "index">[];
}

const FORMAT = "cajal-journal-1";

/** Text of a record's file. @param run - Fingerprint of the experiment. */
export function encodeEntry(run: string, job: RecordedJob, record: JobRecord): string {
  const body = JSON.stringify({
    run,
    group: job.group,
    cells: job.cells.map(({ index }) => index),
    id: record.id,
    status: record.status,
    seconds: record.seconds,
    failures: record.failures,
    warnings: record.warnings,
    files: record.files,
    ...packRows(record.rows),
  });
  return `${FORMAT} ${checksum(body)}\n${body}\n`;
}

/** The entry of a file's text; undefined when it is torn, corrupt or of another format. */
export function decodeEntry(text: string): JournalEntry | undefined {
  const match = /^(\S+) ([0-9a-f]{64})\n(.*)\n$/s.exec(text);
  if (!match || match[1] !== FORMAT || checksum(match[3]) !== match[2]) return undefined;
  const packed = JSON.parse(match[3]) as Packed &
    Pick<JournalEntry, "run" | "group" | "cells"> &
    Omit<JobRecord, "rows">;
  const { run, group, cells, id, status, seconds, failures, warnings, files } = packed;
  const rows = unpackRows(packed);
  return {
    run,
    group,
    cells,
    record: { id, status, seconds, failures, rows, ...(warnings && { warnings }), ...(files && { files }) },
  };
}

// Implementation

interface Packed {
  jobs: string[];
  factors: MetricRow["factors"][];
  metrics: string[];
  /** job, factors, metric (places in the lists above), delay, value. */
  rows: [number, number, number, number | null, number | string][];
  failures: CellFailure[];
}

function packRows(rows: readonly MetricRow[]): Omit<Packed, "failures"> {
  const jobs = new Interned<string>();
  const factors = new Interned<MetricRow["factors"]>();
  const metrics = new Interned<string>();
  const packed = rows.map((row): Packed["rows"][number] => [
    jobs.place(row.job),
    factors.place(row.factors),
    metrics.place(row.metric),
    row.delay,
    packNumber(row.value),
  ]);
  return { jobs: jobs.values, factors: factors.values, metrics: metrics.values, rows: packed };
}

function unpackRows({ jobs, factors, metrics, rows }: Packed): MetricRow[] {
  return rows.map(([job, f, metric, delay, value]) => ({
    job: jobs[job],
    factors: factors[f],
    metric: metrics[metric],
    delay,
    value: Number(value),
  }));
}

/** JSON has no NaN, infinities or −0. */
function packNumber(value: number): number | string {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : Object.is(value, -0)
      ? "-0"
      : String(value);
}

/** Values kept once, by their JSON. */
class Interned<T> {
  readonly values: T[] = [];
  readonly #places = new Map<string, number>();

  place(value: T): number {
    const key = JSON.stringify(value);
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.#places.set(key, place);
    }
    return place;
  }
}

const checksum = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));
