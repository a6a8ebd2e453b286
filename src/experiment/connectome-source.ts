/**
 * @file Open the connectome an experiment names, and take it through the experiment's transforms; and the files with
 * weights it names. The one place of the experiment that reads either.
 */

import { readdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import {
  applyTransforms,
  type Connectome,
  loadConnectome,
  readConnectome,
  readLabels,
  type Transform,
} from "../connectome/index.ts";
import { CajalError, createRng, nearest } from "../core/index.ts";
import type { PreparedChoice } from "./jobs/job.ts";
import { packageFile } from "./package-root.ts";
import { shownPath } from "./shown-path.ts";
import type { ConnectomeSource } from "./spec/experiment-schema.ts";
import type { WeightsFileSource } from "./spec/weights-file-schema.ts";
import { readTrainedFile, type TrainedFile } from "./weights-file/read-trained-file.ts";
import { type FileWeights, readWeights } from "./weights-file/read-weights-file.ts";

/**
 * Read a connectome as it is, before any transform.
 *
 * @param source - Shipped name or file, as in an experiment; paths absolute or relative to the working folder.
 * @throws CajalError `no-such-file`, `unreadable-file` and those of the readers.
 */
export async function openConnectome(source: ConnectomeSource): Promise<Connectome> {
  if ("name" in source) {
    const read = (path: string) => readFile(packageFile("data", path));
    return loadConnectome(source.name, { read, synapses: source.synapses });
  }
  const { path, labels, types, ...options } = source;
  const bytes = await readBytes(path);
  return readConnectome(bytes, {
    ...options,
    name: shownPath(path),
    ...(labels !== undefined && { labels: readLabels(await readBytes(labels), { name: shownPath(labels) }) }),
    ...(types !== undefined && { types: lines(await readBytes(types)) }),
  });
}

/** Every file a connectome is read from, for fingerprints. */
export function connectomeFiles(source: ConnectomeSource): string[] {
  if ("name" in source) return [];
  return [source.path, source.labels, source.types].filter((path) => path !== undefined);
}

/** Reads and transforms connectomes, and reads files with weights, each once. */
export class ConnectomeStore {
  readonly #opened = new Map<string, Promise<Connectome>>();
  readonly #prepared = new Map<string, Promise<Connectome>>();
  readonly #weights = new Map<string, Promise<FileWeights>>();
  readonly #trained = new Map<string, Promise<TrainedFile>>();

  /** As read. */
  open(source: ConnectomeSource): Promise<Connectome> {
    return once(this.#opened, JSON.stringify(source), () => openConnectome(source));
  }

  /** Weights of one projection. @throws CajalError `no-such-file`, `unreadable-file` and those of `readWeights`. */
  weights(source: WeightsFileSource): Promise<FileWeights> {
    return once(this.#weights, JSON.stringify(source), async () =>
      readWeights(await readBytes(source.path), source, shownPath(source.path)),
    );
  }

  /** All that an earlier run trained. @throws CajalError `no-such-file`, `unreadable-file` and those of `readTrainedFile`. */
  trained(path: string): Promise<TrainedFile> {
    return once(this.#trained, path, async () => readTrainedFile(await readBytes(path), shownPath(path)));
  }

  /** After the experiment's transforms, whose draws depend on the seed alone. */
  prepare({ connectome, transforms, seed }: PreparedChoice): Promise<Connectome> {
    return once(this.#prepared, JSON.stringify([connectome, transforms, seed]), async () => {
      const rng = createRng(seed).stream("transforms");
      return applyTransforms(await this.open(connectome), transforms as readonly Transform[], rng);
    });
  }
}

// Implementation

function once<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const name = shownPath(path);
    if (code === "ENOENT") {
      const near = nearest(basename(path), await readdir(dirname(path)).catch(() => []));
      const meant = near === undefined ? "" : `Did you mean ${near}? `;
      const hint = `${meant}In a file, paths are relative to that file; with --set, to the working folder.`;
      throw new CajalError(`there is no file ${name}`, { code: "no-such-file", hint, cause });
    }
    const what = code === "EISDIR" ? `${name} is a folder, not a file` : `${name} cannot be read: ${message}`;
    throw new CajalError(what, { code: "unreadable-file", cause });
  }
}

function lines(bytes: Uint8Array): string[] {
  const all = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/);
  while (all.length > 0 && all[all.length - 1].trim() === "") all.pop();
  return all.map((line) => line.trim());
}
