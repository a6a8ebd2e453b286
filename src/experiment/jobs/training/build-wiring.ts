/**
 * @file From the connectome of an experiment to the recurrent wiring of the network that is trained: areas become
 * neurons, a random topology takes the place of the measured one, nodes get inputs and are read out.
 */

import { type Connectome, expandAreas, randomControl, selectNodes } from "../../../connectome/index.ts";
import { CajalError, type Rng } from "../../../core/index.ts";
import type { NodeChoice } from "../../spec/node-choice-schema.ts";
import type { WiringChoice } from "../../spec/wiring-schema.ts";
import { withoutInput } from "../choose-nodes.ts";

/** Wiring of the recurrent units. */
export interface Wiring {
  /** With the topology that is asked for. */
  connectome: Connectome;
  /** With its own topology; the same object when that is asked for. */
  empirical: Connectome;
  /** Units that get inputs, and that are read out; undefined: all. */
  inputs: Int32Array | undefined;
  outputs: Int32Array | undefined;
}

/** Kinds of controls by topology. */
const CONTROLS = {
  random: "permuted",
  "random-in-areas": "blocks",
  "shuffled-weights": "shuffled-weights",
} as const;

/**
 * The wiring.
 *
 * @param rng - Of the repeat. Every repeat draws neurons and random topologies anew; cells of a sweep share them.
 * @throws CajalError those of `expandAreas`, `randomControl`, `selectNodes`, and `empty-selection`; `where` is the path.
 */
export function buildWiring(areas: Connectome, wiring: WiringChoice, rng: Rng): Wiring {
  const { expand, topology, input, output } = wiring;
  const empirical = expand
    ? at(
        "wiring.expand",
        () => expandAreas(areas, { ...expand, autapses: false, rng: rng.stream("expand") }).connectome,
      )
    : areas;
  const connectome =
    topology === "empirical"
      ? empirical
      : at("wiring.topology", () => {
          // The radius of the weights at the start is matched later, whatever the weights are.
          const options = { kind: CONTROLS[topology], spectralRadius: false, rng: rng.stream("topology") };
          return randomControl(empirical, options as Parameters<typeof randomControl>[1]).connectome;
        });
  const heard = choose(empirical, input.nodes, { key: "input", rng });
  return {
    connectome,
    empirical,
    inputs: heard,
    outputs: choose(empirical, output.nodes, { key: "output", rng, heard }),
  };
}

// Implementation

function choose(
  connectome: Connectome,
  choice: NodeChoice,
  { key, rng, heard }: { key: "input" | "output"; rng: Rng; heard?: Int32Array },
): Int32Array | undefined {
  if (choice === "all") return undefined;
  return at(`wiring.${key}.nodes`, () => {
    const all = Int32Array.from(connectome.labels, (_, i) => i);
    const selector = withoutInput(choice, key === "output" ? (heard ?? all) : undefined);
    const nodes = selectNodes(connectome, selector, rng.stream(`${key}-nodes`));
    if (nodes.length > 0) return nodes;
    throw new CajalError("no node is chosen", { code: "empty-selection", hint: "Choose at least one." });
  });
}

/** Errors of `work` get the path of what asked for it. */
function at<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    const { what, code, cause } = error;
    const hint =
      code === "no-areas" ? "Expand nodes by wiring.expand, or take topology: random." : error.hint;
    throw new CajalError(what, { code, where, hint, cause });
  }
}
