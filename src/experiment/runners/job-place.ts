/**
 * @file Where a job keeps what is larger than its record: the state it can go on from, and its arrays.
 */

import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileMark, JobPlace, JobSpec, JobState } from "../jobs/job.ts";
import { writeDurably } from "../journal/durable-file.ts";
import { markOf } from "../journal/file-mark.ts";
import { makeFolder } from "../make-folder.ts";
import { RUN_FILES } from "../results/run-directory.ts";

/** What all jobs of a run have in common. */
export interface PlaceOptions {
  /** The run directory. */
  folder: string;
  /** Longest time between two saved states [s]. */
  saveEvery: number;
  /** Threads that each job may use. */
  threads: number;
}

/** How a job speaks with the display. */
export interface JobLine {
  progress(steps: number, state?: JobState): void;
  /** Whether the user has asked to stop. */
  isStopping(): boolean;
}

/** A place that remembers what was written there. */
export interface RunPlace extends JobPlace {
  /** Files of results, by path within the run directory. */
  readonly files: Readonly<Record<string, FileMark>>;
}

/** Bytes of the checksum in front of a saved state. */
const CHECKSUM = 32;

/** The place of one job. */
export function jobPlace(
  job: Pick<JobSpec, "id">,
  { folder, saveEvery, threads }: PlaceOptions,
  line: JobLine,
): RunPlace {
  const state = statePath(folder, job.id);
  const files: Record<string, FileMark> = {};
  return {
    files,
    saveEvery,
    threads,
    progress: line.progress,
    isStopping: line.isStopping,
    async saved() {
      const bytes = await readFile(state).catch(() => undefined);
      if (!bytes || bytes.length < CHECKSUM) return undefined;
      const body = new Uint8Array(bytes.subarray(CHECKSUM));
      return checksum(body).equals(bytes.subarray(0, CHECKSUM)) ? body : undefined;
    },
    async save(body) {
      await makeFolder(dirname(state));
      await writeDurably(state, Buffer.concat([checksum(body), body]));
    },
    async write(extension, content, into = "records") {
      // With slashes on every system: the journal may be read on another.
      const name = `${into === "weights" ? RUN_FILES.trained : RUN_FILES.records}/${job.id}.${extension}`;
      const path = join(folder, name);
      await makeFolder(dirname(path));
      await writeDurably(path, content);
      files[name] = markOf(content);
    },
  };
}

/** Remove what a finished job could have gone on from. */
export async function removeState(folder: string, id: string): Promise<void> {
  await rm(statePath(folder, id), { force: true });
}

/** Remove the folder of states, when all jobs are done. */
export async function removeStates(folder: string): Promise<void> {
  await rm(join(folder, RUN_FILES.checkpoints), { force: true, recursive: true });
}

// Implementation

function statePath(folder: string, id: string): string {
  return join(folder, RUN_FILES.checkpoints, `${id}.state`);
}

const checksum = (body: Uint8Array): Buffer => createHash("sha256").update(body).digest();
