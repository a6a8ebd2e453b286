/**
 * @file The journal of a run: one durable file for each finished job. What is here is safe; what is not is redone.
 */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobRecord } from "../jobs/job.ts";
import { makeFolder } from "../make-folder.ts";
import { removeTemporaries, type WriteDurably, writeDurably, writeError } from "./durable-file.ts";
import { decodeEntry, encodeEntry, type JournalEntry, type RecordedJob } from "./record-file.ts";

/** What a journal holds. */
export interface JournalContent {
  /** Entries of jobs that ended well, sorted by id. No cell is in two of them. */
  entries: JournalEntry[];
  /** Files that are torn, corrupt or of another experiment; their jobs count as not done. */
  damaged: string[];
}

const RECORD = ".json";

/** The journal of one run in a folder. */
export class Journal {
  readonly #folder: string;
  readonly #run: string;
  readonly #write: WriteDurably;

  /** @param run - Fingerprint of the experiment: records of another one count as damaged. */
  constructor(folder: string, run: string, options: { write?: WriteDurably } = {}) {
    this.#folder = folder;
    this.#run = run;
    this.#write = options.write ?? writeDurably;
  }

  /** Make the folder, and clear away what killed writers left. */
  async open(): Promise<void> {
    try {
      await makeFolder(this.#folder);
    } catch (error) {
      throw writeError(error, this.#folder);
    }
    await removeTemporaries(this.#folder);
  }

  /** Keep a finished job. When this returns, the record outlives a power cut. */
  async add(job: RecordedJob, record: JobRecord): Promise<void> {
    await this.#write(join(this.#folder, `${record.id}${RECORD}`), encodeEntry(this.#run, job, record));
  }

  /** Everything that is safe. Records of failed jobs are left out: they are redone. */
  async read(): Promise<JournalContent> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(RECORD)).sort();
    const entries: JournalEntry[] = [];
    const damaged: string[] = [];
    const taken = new Set<string>();
    for (const name of names) {
      const entry = decodeEntry(await readFile(join(this.#folder, name), "utf8"));
      const fits = entry && entry.run === this.#run && `${entry.record.id}${RECORD}` === name;
      if (!fits) damaged.push(name);
      else if (entry.record.status === "done" && !overlaps(entry, taken)) entries.push(entry);
    }
    return { entries, damaged };
  }
}

/** Numbers of the finished cells by group. */
export function finishedCells(entries: readonly JournalEntry[]): Map<string, Set<number>> {
  const done = new Map<string, Set<number>>();
  for (const { group, cells } of entries) {
    const set = done.get(group) ?? new Set<number>();
    for (const cell of cells) set.add(cell);
    done.set(group, set);
  }
  return done;
}

// Implementation

/** Whether a cell was counted already; marks the entry's cells as counted if not. */
function overlaps({ group, cells }: JournalEntry, taken: Set<string>): boolean {
  const keys = cells.map((cell) => `${group}/${cell}`);
  if (keys.some((key) => taken.has(key))) return true;
  for (const key of keys) taken.add(key);
  return false;
}
