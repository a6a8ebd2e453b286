/**
 * @file One run at a time in a directory: a file that names the process, and is known to be stale when that is gone.
 */

import { readFileSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { CajalError } from "../../core/index.ts";
import { shownPath } from "../shown-path.ts";
import { writeError } from "./durable-file.ts";

/** A held lock. */
export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  host: string;
  /** When the process started, in the system's own count; tells a process from a later one with the same pid. */
  born: string | null;
}

const NAME = "lock";
let serial = 0;

/**
 * Take the lock of a run directory.
 *
 * @throws CajalError `directory-in-use` when another living process holds it.
 */
export async function takeLock(folder: string): Promise<Lock> {
  const path = join(folder, NAME);
  const mine: Holder = { pid: process.pid, host: hostname(), born: birthOf(process.pid) };
  const text = `${JSON.stringify(mine)}\n`;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await createWhole(path, text)) return { release: () => releaseIfMine(path, text) };
    const found = await readFile(path, "utf8").catch(() => "");
    const holder = holderOf(found);
    if (holder && isAlive(holder)) throw inUse(folder, path, holder);
    await removeStale(path, found);
  }
  throw new CajalError(`cannot take the lock of ${shownPath(folder)}`, {
    code: "directory-in-use",
    hint: `Remove ${path} if no run uses it.`,
  });
}

// Implementation

/** Create the file with its content in one step, so that nobody reads it half written. False if there is one. */
async function createWhole(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}-${serial++}.tmp`;
  try {
    await writeFile(temporary, text);
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code === "EPERM" || code === "ENOTSUP" || code === "ENOSYS") return createExclusive(path, text);
    throw writeError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For file systems without hard links. */
async function createExclusive(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw writeError(error, path);
  }
}

function holderOf(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Another process may have replaced the stale lock by its own in the meantime: that one is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}-${serial++}.tmp`;
  try {
    await rename(path, aside);
  } catch {
    return; // Somebody else has removed it.
  }
  const moved = await readFile(aside, "utf8").catch(() => stale);
  if (moved !== stale) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function releaseIfMine(path: string, text: string): Promise<void> {
  const now = await readFile(path, "utf8").catch(() => "");
  if (now === text) await rm(path, { force: true });
}

function isAlive({ pid, host, born }: Holder): boolean {
  // A process on another machine cannot be seen from here.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const now = birthOf(pid);
  return born === null || now === null || born === now;
}

/** Start of a process in clock ticks since boot, with the boot's own name; null where the system does not tell. */
function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // The name in brackets may hold spaces; the start time is the 20th field after it.
    return `${boot}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return null;
  }
}

function inUse(folder: string, path: string, { pid, host }: Holder): CajalError {
  const here = host === hostname();
  return new CajalError(
    `another run is writing to ${shownPath(folder)} (process ${pid}${here ? "" : ` on ${host}`})`,
    {
      code: "directory-in-use",
      hint: here
        ? "Wait for it, stop it, or choose another --out."
        : `If that run has ended, remove ${shownPath(path)}.`,
    },
  );
}
