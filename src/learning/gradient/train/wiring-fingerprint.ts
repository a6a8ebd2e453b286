/**
 * @file What of a network is not among its trained numbers, as a short text: which synapses exist, their signs, weights
 * and parameters that are not trained. Bytes of a run are of use to a network with the same text alone: numbers of one
 * mask would become weights of other synapses in another.
 */

import { Checksum } from "./checksum.ts";
import type { TrainableNetwork } from "./trainable-network.ts";

/** Sixteen hexadecimal digits; equal for equal wiring, whatever the trained numbers are. */
export function wiringFingerprint(network: TrainableNetwork): string {
  let text = known.get(network);
  if (text === undefined) {
    text = fingerprint(network);
    known.set(network, text);
  }
  return text;
}

// Implementation

/** Saves are many, and a network of thousands of units takes a while. */
const known = new WeakMap<TrainableNetwork, string>();

function fingerprint({ network, constraints = {}, trainable }: TrainableNetwork): string {
  const sum = new Checksum();
  for (const { name, weights } of network.projections) {
    const constraint = constraints[`weights:${name}`];
    if (weights.kind === "sparse") {
      sum.add(weights.rowStart);
      sum.add(weights.column);
    }
    if (!trainable.includes(`weights:${name}`)) sum.add(weights.values);
    if (!constraint) continue;
    for (const part of [constraint.plastic, constraint.signs, constraint.fixed]) if (part) sum.add(part);
  }
  for (const { name, parameters } of network.populations) {
    for (const [key, value] of Object.entries(parameters)) {
      if (trainable.includes(`${name}.${key}`)) continue;
      sum.add(typeof value === "number" ? [value] : value);
    }
  }
  return sum.text;
}
