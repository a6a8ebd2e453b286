/**
 * @file What makes two runs the same run: the resolved experiment, and the content of the files it reads, wherever
 * they lie.
 */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { AnyExperiment } from "../spec/experiment-kind.ts";
import { canonicalJson, fingerprint } from "./canonical.ts";
import { mapFiles } from "./experiment-file.ts";
import type { RunIdentity } from "./run-directory.ts";

/** The identity of an experiment whose files are readable. */
export async function runIdentity(experiment: AnyExperiment, version: string): Promise<RunIdentity> {
  const paths = new Set<string>();
  mapFiles(experiment, (path) => {
    paths.add(path);
    return path;
  });
  const hashes = new Map<string, string>();
  const files: Record<string, string> = {};
  for (const path of paths) {
    const hash = fingerprint(await readFile(path));
    hashes.set(path, hash);
    const name = basename(path);
    const clash = Object.keys(files).filter(
      (known) => known === name || known.startsWith(`${name} (`),
    ).length;
    files[clash === 0 ? name : `${name} (${clash + 1})`] = hash;
  }
  const portable = mapFiles(experiment, (path) => hashes.get(path) ?? path);
  return { experiment, version, files, fingerprint: fingerprint(canonicalJson(portable)) };
}
