/**
 * @file Make nodes excitatory or inhibitory as a whole (Dale's law).
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { type Connectome, withWeights } from "../connectome.ts";
import { type NodeSelector, selectNodes } from "../select.ts";
import { mapWeights } from "./map-weights.ts";

/** Which nodes inhibit: a selection, or a share of the nodes drawn at random. */
export type InhibitoryNodes = NodeSelector | { fraction: number };

/**
 * Give all edges out of an inhibitory node, its column of `w[post, pre]`, the sign −, and all others the sign +.
 * Magnitudes are kept, old signs are not. An undirected connectome becomes directed.
 *
 * @param options.inhibitory - A selector, or `{ fraction }` for round(fraction · N) random nodes, 0 … 1.
 * @param options.rng - Needed when nodes are drawn.
 * @throws CajalError `bad-range`, `rng-missing` and those of `selectNodes`.
 */
export function assignSigns(
  connectome: Connectome,
  { inhibitory, rng }: { inhibitory: InhibitoryNodes; rng?: Rng },
): Connectome {
  const negative = new Uint8Array(connectome.labels.length);
  for (const node of selectNodes(connectome, toSelector(inhibitory, negative.length), rng))
    negative[node] = 1;
  return withWeights(
    connectome,
    mapWeights(connectome.weights, (w, _, pre) => (negative[pre] ? -Math.abs(w) : Math.abs(w))),
  );
}

// Implementation

function toSelector(inhibitory: InhibitoryNodes, size: number): NodeSelector {
  if (typeof inhibitory !== "object" || !("fraction" in inhibitory)) return inhibitory;
  const { fraction } = inhibitory;
  if (fraction >= 0 && fraction <= 1) return { random: Math.round(fraction * size) };
  throw new CajalError(`fraction must be between 0 and 1, got ${fraction}`, {
    code: "bad-range",
    where: "assignSigns",
    hint: "0.2 makes a fifth of the nodes inhibitory.",
  });
}
