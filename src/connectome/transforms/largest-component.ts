/**
 * @file Keep the largest connected component.
 */

import { largestOf, stronglyConnected, weaklyConnected } from "../components.ts";
import type { Connectome } from "../connectome.ts";
import { inducedConnectome } from "../induced-connectome.ts";

/**
 * The largest component, its nodes in their old order. Of equally large ones, the one with the lowest node.
 *
 * @param options.connection - `"weak"` (default) ignores direction; in `"strong"` every node reaches every other.
 */
export function largestComponent(
  connectome: Connectome,
  { connection = "weak" }: { connection?: "weak" | "strong" } = {},
): Connectome {
  const find = connection === "strong" ? stronglyConnected : weaklyConnected;
  return inducedConnectome(connectome, largestOf(find(connectome.weights)));
}
