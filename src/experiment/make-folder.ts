/**
 * @file Make a folder with its parents, one by one. Node's own recursive mkdir never returns where the file system
 * answers "no such file" for a folder whose parent exists, as /proc does.
 */

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Make `folder` and its missing parents; an existing folder is fine. @throws The system's error, e.g. `EACCES`. */
export async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    // Another process may have made it in between.
    if (!(await isFolder(folder))) throw error;
  }
}

// Implementation

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );
}
