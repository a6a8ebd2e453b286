/**
 * @file Whether a file still is what was written: its length first, which costs nothing, then its SHA-256.
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FileMark } from "../jobs/job.ts";

/** The mark of bytes that are written. */
export function markOf(content: Uint8Array): FileMark {
  return { bytes: content.byteLength, sha256: createHash("sha256").update(content).digest("hex") };
}

/** What is wrong with a file, as the end of a sentence; undefined when it is as it was written. */
export async function fileFlaw(path: string, { bytes, sha256 }: FileMark): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size < bytes) return `is cut off, ${size} of ${bytes} bytes are left`;
    if (size > bytes) return `has ${size} bytes, ${bytes} were written`;
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
    return hash.digest("hex") === sha256 ? undefined : "has changed since it was written";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // ENOTDIR: a file lies where its folder was.
    return code === "ENOENT" || code === "ENOTDIR" ? "is missing" : `cannot be read: ${message}`;
  }
}
