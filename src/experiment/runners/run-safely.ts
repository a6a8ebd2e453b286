/**
 * @file Run one job so that nothing it does can take the others down: an error becomes a failed record.
 */

import { onWarning } from "../../core/index.ts";
import { describeError } from "../describe-error.ts";
import { type JobContext, type JobRecord, type JobSpec, JobStopped, type RunJob } from "../jobs/job.ts";
import type { RunPlace } from "./job-place.ts";

/** Run a job, time it, and check what it returns. @throws JobStopped, and nothing else. */
export async function runSafely(
  runJob: RunJob,
  job: JobSpec,
  context: JobContext & { place: RunPlace },
): Promise<JobRecord> {
  const start = performance.now();
  const warnings: string[] = [];
  const restore = onWarning((_, message) => warnings.push(message));
  try {
    const record = await runJob(job, context);
    const flaw = flawOf(job, record);
    if (flaw) return failedRecord(job, `the job returned a bad record: ${flaw}`, seconds(start));
    const all = [...(record.warnings ?? []), ...warnings];
    const { files } = context.place;
    return {
      ...{ ...record, id: job.id, seconds: seconds(start) },
      ...(all.length > 0 && { warnings: all }),
      ...(Object.keys(files).length > 0 && { files: { ...files } }),
    };
  } catch (error) {
    if (error instanceof JobStopped) throw error;
    return failedRecord(job, describeError(error), seconds(start));
  } finally {
    restore();
  }
}

/** The record of a job that gave nothing. */
export function failedRecord(job: JobSpec, message: string, seconds = 0): JobRecord {
  const failures = job.cells.slice(0, 1).map(({ index }) => ({ cell: index, message }));
  return { id: job.id, status: "failed", rows: [], failures, seconds };
}

// Implementation

const seconds = (start: number): number => (performance.now() - start) / 1000;

/** A row without the factors of its cell would stand under the wrong one, or under none. */
function flawOf(job: JobSpec, record: JobRecord): string | undefined {
  const keys = Object.keys(job.cells[0]?.factors ?? {});
  const known = new Set(job.cells.map(({ factors }) => JSON.stringify(keys.map((key) => factors[key]))));
  for (const { factors, metric, value } of record.rows) {
    if (typeof value !== "number") return `the value of ${metric} is ${value}`;
    if (!known.has(JSON.stringify(keys.map((key) => factors[key]))))
      return `a row of ${metric} has the factors ${JSON.stringify(factors)}, which are of none of its cells`;
  }
  return undefined;
}
