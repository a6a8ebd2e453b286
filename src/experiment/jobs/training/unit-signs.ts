/**
 * @file Dale's law as an experiment asks for it: the sign of each unit.
 */

import type { Connectome } from "../../../connectome/index.ts";
import { CajalError, type Rng } from "../../../core/index.ts";
import type { WiringOptions } from "../../../learning/index.ts";
import type { TrainedNetworkChoice } from "../../spec/trained-network-schema.ts";
import type { UnitAreas } from "./area-options.ts";

/** Where signs come from. */
export interface SignSources {
  /** The connectome, if there is one. */
  empirical: Connectome | undefined;
  /** A share of the units of each is drawn; undefined: the first units are excitatory. */
  areas: UnitAreas | undefined;
  rng: Rng;
}

/** Signs, or the share of excitatory units; undefined without the law. @throws CajalError `no-connectome`, `sign-conflict`. */
export function daleOf(
  dale: TrainedNetworkChoice["dale"],
  { empirical, areas, rng }: SignSources,
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
