/**
 * @file Dale's law as an experiment asks for it: the sign of each unit.
 */

import type { Connectome } from "../../../connectome/index.ts";
import { CajalError, type Rng } from "../../../core/index.ts";
import type { WiringOptions } from "../../../learning/index.ts";
import type { TrainedNetworkChoice } from "../../spec/trained-network-schema.ts";
import type { FileWeights } from "../../weights-file/read-weights-file.ts";
import type { UnitAreas } from "./area-options.ts";
import type { GivenWeights } from "./given-weights.ts";

/** Where signs come from. */
export interface SignSources {
  /** The connectome, if there is one. */
  empirical: Connectome | undefined;
  /** Recurrent weights and signs of the file of `network.weights`, if there is one. */
  given?: GivenWeights;
  /** A share of the units of each is drawn; undefined: the first units are excitatory. */
  areas: UnitAreas | undefined;
  rng: Rng;
}

/**
 * Signs, or the share of excitatory units; undefined without the law.
 *
 * @throws CajalError `no-connectome`, `no-weights`, `sign-conflict`.
 */
export function daleOf(
  dale: TrainedNetworkChoice["dale"],
  { empirical, given, areas, rng }: SignSources,
): WiringOptions["dale"] {
  if (dale === undefined) return undefined;
  if (dale === "connectome") {
    if (empirical) return nodeSigns(empirical);
    throw new CajalError("there is no connectome to take signs from", {
      code: "no-connectome",
      where: "network.dale",
      hint: "Give the share of excitatory units, e.g. dale: 0.8, or a connectome.",
    });
  }
  if (dale === "weights") {
    if (given?.rec) return given.trained?.signs ?? sentSigns(given.rec);
    throw new CajalError("there are no recurrent weights in a file to take signs from", {
      code: "no-weights",
      where: "network.dale",
      hint: "Give the share of excitatory units, e.g. dale: 0.8, or a file: weights: { rec: { path: rec.npy } }.",
    });
  }
  if (!areas) return dale;
  const signs = new Int8Array(areas.index.length);
  for (let area = 0; area < areas.names.length; area++) {
    const members = [...areas.index.keys()].filter((i) => areas.index[i] === area);
    const excitatory = Math.round(dale * members.length);
    for (let k = 0; k < members.length; k++) {
      const other = k + rng.integer(members.length - k);
      [members[k], members[other]] = [members[other], members[k]];
      signs[members[k]] = k < excitatory ? 1 : -1;
    }
  }
  return signs;
}

// Implementation

/** Sign of each unit from the weights it sends, shape `(unit)`, 0 for one that sends none. @throws CajalError `sign-conflict`. */
function sentSigns({ values, shape: [, units], name }: FileWeights): Int8Array {
  const signs = new Int8Array(units);
  for (const [k, w] of values.entries()) {
    const [pre, sign] = [k % units, w > 0 ? 1 : w < 0 ? -1 : 0];
    if (sign === 0 || signs[pre] === sign) continue;
    if (signs[pre] !== 0) {
      throw new CajalError(`${name}: unit ${pre} both excites and inhibits`, {
        code: "sign-conflict",
        where: "network.dale",
        hint: "Dale's law: one sign for all a unit sends. Rows are receivers unless orientation says otherwise.",
      });
    }
    signs[pre] = sign;
  }
  return signs;
}

/** Sign of each node from the connections it makes, 0 for a node that makes none. @throws CajalError `sign-conflict`. */
function nodeSigns({ weights, labels, name }: Connectome): Int8Array {
  const signs = new Int8Array(labels.length);
  for (let e = 0; e < weights.values.length; e++) {
    const pre = weights.column[e];
    const sign = Math.sign(weights.values[e]);
    if (signs[pre] === 0 || signs[pre] === sign) {
      signs[pre] = sign;
      continue;
    }
    throw new CajalError(`node ${labels[pre]} of ${name} both excites and inhibits`, {
      code: "sign-conflict",
      where: "network.dale",
      hint: "Dale's law: one sign for all a node sends, e.g. by the transform assign-signs.",
    });
  }
  return signs;
}
