/**
 * @file Files that are whole or absent: written beside their place, flushed to the disk, then renamed into it.
 */

import { open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CajalError } from "../../core/index.ts";
import { shownPath } from "../shown-path.ts";

/** Writes a file so that a crash at any moment leaves the old one or the new one. */
export type WriteDurably = (path: string, content: string | Uint8Array) => Promise<void>;

const TEMPORARY = ".tmp";
let serial = 0;

/**
 * Write a file durably: temporary file, fsync, rename, fsync of the folder.
 *
 * @throws CajalError `disk-full` when the disk or the quota is, `cannot-write` for anything else.
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  // The pid keeps two processes apart, the number two writes of one process.
  const temporary = `${path}.${process.pid}-${serial++}${TEMPORARY}`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(error, path);
  }
}

/** Remove what killed writers left behind in `folder`. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.endsWith(TEMPORARY)) await rm(join(folder, name), { force: true });
  }
}

/** The error of a failed write, in words. */
export function writeError(error: unknown, path: string): CajalError {
  if (error instanceof CajalError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    const hint = "Free some space, then continue with --resume: finished jobs are kept.";
    return new CajalError(`no space left to write ${shownPath(path)}`, {
      code: "disk-full",
      hint,
      cause: error,
    });
  }
  if (code === "EEXIST" || code === "ENOTDIR") {
    const what = `${shownPath((error as NodeJS.ErrnoException).path ?? path)} is a file, not a directory`;
    return new CajalError(what, { code: "not-a-directory", hint: "Choose another --out.", cause: error });
  }
  return new CajalError(`cannot write ${shownPath(path)}: ${REASONS[code ?? ""] ?? message}`, {
    code: "cannot-write",
    hint: "Mend that, or choose another place.",
    cause: error,
  });
}

// Implementation

const REASONS: Record<string, string> = {
  EACCES: "there is no permission to",
  EPERM: "there is no permission to",
  EROFS: "the disk is read-only",
  ENOENT: "the folder is gone, or nothing can be made in it",
  EIO: "the disk reports an error",
  ENAMETOOLONG: "the name is too long",
};

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Some systems cannot open or flush a folder; the rename itself has happened.
    const { code } = error as NodeJS.ErrnoException;
    if (!["EISDIR", "EPERM", "EINVAL", "EACCES", "ENOTSUP"].includes(code ?? "")) throw error;
  }
}
