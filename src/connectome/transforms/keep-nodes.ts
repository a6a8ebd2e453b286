/**
 * @file Keep some of the nodes and the edges among them.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import type { Connectome } from "../connectome.ts";
import { inducedConnectome } from "../induced-connectome.ts";
import { type NodeSelector, selectNodes } from "../select.ts";

/**
 * The connectome of the selected nodes, in their old order.
 *
 * @throws CajalError `empty-selection` and those of `selectNodes`.
 */
export function keepNodes(connectome: Connectome, selector: NodeSelector, rng?: Rng): Connectome {
  const nodes = selectNodes(connectome, selector, rng);
  if (nodes.length > 0) return inducedConnectome(connectome, nodes);
  throw new CajalError("the selection holds no node", {
    code: "empty-selection",
    where: "keepNodes",
    hint: "Keep at least one node.",
  });
}
