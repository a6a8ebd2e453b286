/**
 * @file The mask that bio_rnn_mem trains under: which synapses there are when the areas of the marmoset's cortex become
 * neurons. Its connectome is no part of the package.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expandAreas, readConnectome } from "../../src/connectome/index.ts";
import { createRng, toDense } from "../../src/core/index.ts";
import { packageRoot } from "../machine.ts";

/** Areas of the connectome. */
const AREAS = 55;
/** Share of the synapses that there are at four and eight neurons an area. */
const DENSITY = 0.475;

/** Which of the synapses `(post, pre)` there are, and who says so. */
export interface Mask {
  mask: Uint8Array;
  origin: "marmoset" | "random";
}

/**
 * Neurons contact 80 % of an area that theirs is connected with and all of their own, except themselves. Without the
 * connectome, as many at random.
 */
export function marmosetMask(neurons: number): Mask {
  const path = join(packageRoot(), "..", "shared", "data", "connectomes", "C_Marmoset_Normalized.npy");
  const rng = createRng(neurons).stream("mask");
  if (!existsSync(path)) {
    const mask = Uint8Array.from({ length: (AREAS * neurons) ** 2 }, () => (rng.uniform() < DENSITY ? 1 : 0));
    return { mask, origin: "random" };
  }
  const areas = readConnectome(readFileSync(path), { name: "marmoset.npy" });
  const { connectome } = expandAreas(areas, {
    neurons,
    density: 0.8,
    // A single neuron could only contact itself.
    intrinsic: neurons > 1 ? {} : false,
    partition: { kind: "stick-breaking" },
    rng,
  });
  return {
    mask: Uint8Array.from(toDense(connectome.weights).values, (w) => (w === 0 ? 0 : 1)),
    origin: "marmoset",
  };
}
