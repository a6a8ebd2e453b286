/**
 * @file The simulated connectome in a run directory: the weights as `.npy`, everything else as JSON.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Connectome,
  type ConnectomeSummary,
  catalogEntry,
  createConnectome,
  readNpy,
  summarize,
  writeNpy,
} from "../../connectome/index.ts";
import { dense, toDense } from "../../core/index.ts";
import type { ConnectomeSource } from "../spec/experiment-schema.ts";
import { RUN_FILES } from "./run-directory.ts";

/** A connectome read back, with what is known about it. */
export interface StoredNetwork {
  connectome: Connectome;
  summary: ConnectomeSummary;
  /** What a weight of 1 is, where known. */
  unit?: string;
}

/** Weights as `.npy`, shape `(post, pre)`, after the transforms and before any spectral radius. */
export function weightsFile({ weights }: Connectome): Uint8Array {
  const { rows, columns, values } = toDense(weights);
  return writeNpy({ shape: [rows, columns], values });
}

/** All but the weights. */
export function connectomeFile(connectome: Connectome, source: ConnectomeSource): string {
  const { name, labels, types, positions, directed, source: origin } = connectome;
  const unit = "name" in source ? catalogEntry(source.name).unit : undefined;
  const data = {
    name,
    orientation: "post-pre",
    directed,
    unit,
    summary: summarize(connectome),
    source: origin,
    labels,
    types,
    positions: positions && [...positions],
  };
  return `${JSON.stringify(data, null, 1)}\n`;
}

/** Read both files of a run directory. */
export async function readNetworkFiles(folder: string): Promise<StoredNetwork> {
  const text = await readFile(join(folder, RUN_FILES.connectome), "utf8");
  const { summary, unit, name, labels, types, positions, directed, source } = JSON.parse(text) as StoredJson;
  const { shape, values } = readNpy(await readFile(join(folder, RUN_FILES.weights)), {
    name: RUN_FILES.weights,
  });
  const weights = dense(shape[0], shape[1], values);
  const connectome = createConnectome({ name, weights, labels, types, positions, directed, source });
  return { connectome, summary, ...(unit !== undefined && { unit }) };
}

// Implementation

interface StoredJson extends Pick<Connectome, "name" | "labels" | "types" | "directed" | "source"> {
  positions?: number[];
  unit?: string;
  summary: ConnectomeSummary;
}
