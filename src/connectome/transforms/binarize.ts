/**
 * @file Give every edge the same strength.
 */

import { type Connectome, withWeights } from "../connectome.ts";
import { mapWeights } from "./map-weights.ts";

/** Weights 1 where w > 0 and −1 where w < 0, so that inhibition stays inhibition. */
export function binarize(connectome: Connectome): Connectome {
  return withWeights(connectome, mapWeights(connectome.weights, Math.sign));
}
