/**
 * @file A run directory: the only state of a run. Opened afresh or to resume, never overwritten silently.
 */

import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CajalError } from "../../core/index.ts";
import { removeTemporaries, type WriteDurably, writeDurably, writeError } from "../journal/durable-file.ts";
import { Journal } from "../journal/journal.ts";
import { type Lock, takeLock } from "../journal/lock.ts";
import { makeFolder } from "../make-folder.ts";
import { shownPath } from "../shown-path.ts";
import type { AnyExperiment } from "../spec/experiment-kind.ts";
import { differences } from "./canonical.ts";
import { experimentYaml, readExperimentYaml } from "./experiment-file.ts";
import type { RunManifest } from "./manifest.ts";

/** Names within a run directory. */
export const RUN_FILES = {
  experiment: "experiment.yaml",
  manifest: "run.json",
  journal: "journal",
  metrics: "metrics.parquet",
  weights: "weights.npy",
  connectome: "connectome.json",
  report: "report.html",
  /** Arrays of each job. */
  records: "records",
  /** Trained weights of each job, for other programs. */
  trained: "weights",
  /** States of jobs that are not finished. */
  checkpoints: "checkpoints",
} as const;

/** A run directory that this process holds the lock of. */
export interface RunDirectory {
  folder: string;
  journal: Journal;
  /** Of an earlier session; undefined when the directory is new. */
  earlier: RunManifest | undefined;
  write(name: string, content: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Parts of a directory's content that decide whether it can be resumed. */
export interface RunIdentity {
  experiment: AnyExperiment;
  fingerprint: string;
  files: Record<string, string>;
  version: string;
}

/**
 * Open a directory for a run.
 *
 * @param options.resume - Continue what is there; a directory without a run in it starts afresh.
 * @throws CajalError `directory-not-empty`, `directory-in-use`, `different-experiment`, `different-version`,
 * `different-files`, `disk-full`, `cannot-write`.
 */
export async function openRunDirectory(
  folder: string,
  identity: RunIdentity,
  options: { resume?: boolean; write?: WriteDurably } = {},
): Promise<RunDirectory> {
  const { resume = false, write = writeDurably } = options;
  await makeRunFolder(folder);
  if (!resume) await refuseContent(folder);
  const lock = await takeLock(folder);
  try {
    await removeTemporaries(folder);
    const earlier = await readManifest(folder);
    if (earlier) await checkSame(folder, earlier, identity);
    else if (resume) await refuseForeign(folder);
    const journal = new Journal(join(folder, RUN_FILES.journal), identity.fingerprint, { write });
    await journal.open();
    const { experiment, version } = identity;
    // Also when resumed: it may be damaged, and files it names may lie elsewhere now.
    await write(join(folder, RUN_FILES.experiment), experimentYaml(experiment, { folder, version }));
    return opened(folder, journal, earlier, lock, write);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The manifest of a directory; undefined when there is none. @throws CajalError `damaged-run`. */
export async function readManifest(folder: string): Promise<RunManifest | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, RUN_FILES.manifest), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOTDIR: a file was named where a folder is wanted.
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
  try {
    const manifest = JSON.parse(text) as RunManifest;
    const { format, cajal, fingerprint, sessions, jobs, machine } = manifest;
    if (format === "cajal-run" && cajal && fingerprint && Array.isArray(sessions) && jobs && machine)
      return manifest;
  } catch {
    // Falls through: not JSON is as bad as not ours.
  }
  throw new CajalError("run.json is damaged, or not one of Cajal's", {
    code: "damaged-run",
    where: shownPath(folder),
    hint: "Choose another directory.",
  });
}

/** A new folder `runs/<name>-<n>` below `parent`, made here so that two runs never get the same. */
export async function newRunFolder(parent: string, name: string): Promise<string> {
  await makeRunFolder(parent);
  const last = await lastRunNumber(parent, name);
  for (let n = last + 1; ; n++) {
    const folder = join(parent, `${name}-${n}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw writeError(error, folder);
    }
  }
}

/** The newest `runs/<name>-<n>` below `parent`; undefined when there is none. */
export async function lastRunFolder(parent: string, name: string): Promise<string | undefined> {
  const last = await lastRunNumber(parent, name);
  return last > 0 ? join(parent, `${name}-${last}`) : undefined;
}

// Implementation

function opened(
  folder: string,
  journal: Journal,
  earlier: RunManifest | undefined,
  lock: Lock,
  write: WriteDurably,
): RunDirectory {
  return {
    folder,
    journal,
    earlier,
    write: (name, content) => write(join(folder, name), content),
    close: () => lock.release(),
  };
}

async function makeRunFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw writeError(error, folder);
  }
}

async function lastRunNumber(parent: string, name: string): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  const numbers = names.flatMap((entry) => {
    const number = entry.startsWith(`${name}-`) ? entry.slice(name.length + 1) : "";
    return /^[1-9]\d*$/.test(number) ? [Number(number)] : [];
  });
  return Math.max(0, ...numbers);
}

async function refuseContent(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length === 0) return;
  const run = names.includes(RUN_FILES.manifest);
  throw new CajalError(`${shownPath(folder)} ${run ? "already holds a run" : "is not empty"}`, {
    code: "directory-not-empty",
    hint: run ? "Continue it with --resume, or choose another --out." : "Choose another --out.",
  });
}

/** A process killed before it wrote run.json leaves nothing but our own files: those may be taken over. */
async function refuseForeign(folder: string): Promise<void> {
  const ours: readonly string[] = [...Object.values(RUN_FILES), "lock"];
  const foreign = (await readdir(folder)).find((name) => !ours.includes(name) && !name.endsWith(".tmp"));
  if (foreign === undefined) return;
  const hint = "Choose another --out.";
  throw new CajalError(`${shownPath(folder)} holds ${foreign} but no run to resume`, {
    code: "directory-not-empty",
    hint,
  });
}

async function checkSame(folder: string, earlier: RunManifest, identity: RunIdentity): Promise<void> {
  const afresh = "To start afresh, choose another --out.";
  if (earlier.cajal !== identity.version) {
    throw new CajalError(`the run was started with Cajal ${earlier.cajal}, this is ${identity.version}`, {
      code: "different-version",
      where: shownPath(folder),
      hint: `Numbers of two versions are not mixed. ${afresh}`,
    });
  }
  if (earlier.fingerprint === identity.fingerprint) return;
  const text = await readFile(join(folder, RUN_FILES.experiment), "utf8");
  const changed = differences(readExperimentYaml(text, { folder }), identity.experiment);
  if (changed.length > 0) {
    const shown = changed
      .slice(0, 5)
      .map((d) => `  ${d.path}: ${shownValue(d.before)} then, ${shownValue(d.now)} now`);
    const more = changed.length > 5 ? [`  … and ${changed.length - 5} more`] : [];
    throw new CajalError("the experiment is not the one that was started here", {
      code: "different-experiment",
      where: shownPath(folder),
      frame: [...shown, ...more].join("\n"),
      hint: `Undo the change to resume. ${afresh}`,
    });
  }
  const files = Object.keys(identity.files).filter((name) => earlier.files[name] !== identity.files[name]);
  throw new CajalError(
    `the content of ${files.join(", ") || "the data"} has changed since the run was started`,
    {
      code: "different-files",
      where: shownPath(folder),
      hint: afresh,
    },
  );
}

const shownValue = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
