/**
 * @file Which jobs of the journal need not run again: those whose files are all there, as they were written.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeSafetensors } from "../../learning/index.ts";
import type { FileMark } from "../jobs/job.ts";
import { fileFlaw, markOf } from "../journal/file-mark.ts";
import type { Journal } from "../journal/journal.ts";
import type { JournalEntry } from "../journal/record-file.ts";
import { decodeArchive } from "../results/array-archive.ts";
import { RUN_FILES } from "../results/run-directory.ts";
import { type AnyExperiment, isTraining, keepsRecords } from "../spec/experiment-kind.ts";

/** Finished jobs that need not run again, and what is wrong with the files of the others. */
export interface KeptJobs {
  entries: JournalEntry[];
  /** A sentence without its full stop for each file, e.g. `records/rate.r0.npz is missing`. */
  flaws: string[];
}

/**
 * Look at the files of finished jobs.
 *
 * @param entries - Of the journal. Those from before files had marks get some here, where their files can be read.
 */
export async function keptJobs(
  entries: readonly JournalEntry[],
  { experiment, folder, journal }: { experiment: AnyExperiment; folder: string; journal: Journal },
): Promise<KeptJobs> {
  if (!keepsRecords(experiment)) return { entries: [...entries], flaws: [] };
  const kept: JournalEntry[] = [];
  const flaws: string[] = [];
  for (const entry of entries) {
    const { id, files: marks } = entry.record;
    const before = flaws.length;
    for (const name of marks ? Object.keys(marks) : filesOf(id, experiment)) {
      const path = join(folder, name);
      const flaw = marks ? await fileFlaw(path, marks[name]) : await unreadable(path);
      if (flaw !== undefined) flaws.push(`${name} ${flaw}`);
    }
    if (flaws.length === before)
      kept.push(marks ? entry : await marked(entry, { experiment, folder, journal }));
  }
  return { entries: kept, flaws };
}

// Implementation

/** Files that a job of this kind leaves, by path within the run directory. */
function filesOf(id: string, experiment: AnyExperiment): string[] {
  const { records, trained } = RUN_FILES;
  if (!isTraining(experiment)) return [`${records}/${id}.npz`];
  const weights = ["last", "best"].map((moment) => `${trained}/${id}.${moment}.safetensors`);
  return [`${records}/${id}.npz`, `${records}/${id}.json`, ...weights];
}

/** What is wrong with a file that nothing is known of but its kind. */
async function unreadable(path: string): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch {
    return "is missing";
  }
  try {
    if (path.endsWith(".npz")) decodeArchive(bytes, { name: path });
    else if (path.endsWith(".json")) JSON.parse(new TextDecoder().decode(bytes));
    else decodeSafetensors(bytes);
    return undefined;
  } catch {
    return "is damaged";
  }
}

/** An entry with the marks of its files as they are now, in the journal too. */
async function marked(
  entry: JournalEntry,
  { experiment, folder, journal }: { experiment: AnyExperiment; folder: string; journal: Journal },
): Promise<JournalEntry> {
  const files: Record<string, FileMark> = {};
  for (const name of filesOf(entry.record.id, experiment))
    files[name] = markOf(await readFile(join(folder, name)));
  const record = { ...entry.record, files };
  await journal.add({ group: entry.group, cells: entry.cells.map((index) => ({ index })) }, record);
  return { ...entry, record };
}
