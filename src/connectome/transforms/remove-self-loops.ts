/**
 * @file Remove edges from a node to itself.
 */

import { type Connectome, withWeights } from "../connectome.ts";
import { mapWeights } from "./map-weights.ts";

/** The connectome with a zero diagonal. */
export function removeSelfLoops(connectome: Connectome): Connectome {
  const weights = mapWeights(connectome.weights, (w, post, pre) => (post === pre ? 0 : w));
  return withWeights(connectome, weights);
}
