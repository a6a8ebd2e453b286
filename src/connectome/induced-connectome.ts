/**
 * @file The part of a connectome that lies within some of its nodes.
 */

import { principalBlock } from "../core/index.ts";
import { type Connectome, createConnectome } from "./connectome.ts";

/**
 * The connectome of some of the nodes, with the edges among them.
 *
 * @param nodes - Node indices, ascending, without repetition, at least one.
 */
export function inducedConnectome(connectome: Connectome, nodes: Int32Array): Connectome {
  const { weights, labels, positions, types, attributes, directed, name, source } = connectome;
  const pick = (values: readonly string[]) => Array.from(nodes, (i) => values[i]);
  return createConnectome({
    name,
    weights: principalBlock(weights, nodes),
    labels: pick(labels),
    types: types && pick(types),
    attributes:
      attributes &&
      Object.fromEntries(Object.entries(attributes).map(([key, values]) => [key, pick(values)])),
    positions: positions && Array.from(nodes, (i) => [...positions.subarray(3 * i, 3 * i + 3)]).flat(),
    source,
    ...(directed && { directed }),
  });
}
