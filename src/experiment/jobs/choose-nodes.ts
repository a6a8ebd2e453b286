/**
 * @file Which units of a network receive the input and which are read out, for one repeat.
 */

import { type Connectome, type NodeSelector, selectNodes } from "../../connectome/index.ts";
import { CajalError, createRng, type Rng } from "../../core/index.ts";
import type { ResolvedExperiment } from "../spec/experiment-schema.ts";
import type { NodeChoice } from "../spec/node-choice-schema.ts";

/** Units by number, ascending. */
export interface ChosenNodes {
  input: Int32Array;
  output: Int32Array;
}

/** Stream of one repeat: input nodes, input weights and the input series are drawn below it, for every network alike. */
export function repeatRng(seed: number, repeat: number): Rng {
  return createRng(seed).stream("repeat").stream(repeat);
}

/**
 * Nodes of `network.input.nodes` and `network.output.nodes`. Null models keep the nodes, so the choice is the same
 * for the empirical network and its nulls.
 *
 * @throws CajalError `empty-selection`, `input-of-input` and those of `selectNodes`.
 */
export function chooseNodes(
  connectome: Connectome,
  experiment: ResolvedExperiment,
  repeat: number,
): ChosenNodes {
  const { network, seed } = experiment;
  const rng = repeatRng(seed, repeat);
  const input = chosen(
    connectome,
    withoutInput(network.input.nodes, undefined),
    rng.stream("input-nodes"),
    "input",
  );
  const output = chosen(
    connectome,
    withoutInput(network.output.nodes, input),
    rng.stream("output-nodes"),
    "output",
  );
  return { input, output };
}

/**
 * The choice with `input` replaced by the nodes it stands for.
 *
 * @throws CajalError `input-of-input` where there are none.
 */
export function withoutInput(choice: NodeChoice, input: Int32Array | undefined): NodeSelector {
  if (choice === "input") {
    if (input) return { indices: [...input] };
    throw new CajalError("the input nodes cannot be defined by the input nodes", {
      code: "input-of-input",
      where: "network.input.nodes",
      hint: "`input` can be used in network.output.nodes.",
    });
  }
  if (choice === "all") return "all";
  if ("not" in choice) return { not: withoutInput(choice.not, input) };
  if ("and" in choice) return { and: choice.and.map((part) => withoutInput(part, input)) };
  if ("random" in choice) {
    const { random, from } = choice;
    return from === undefined ? { random } : { random, from: withoutInput(from, input) };
  }
  return choice;
}

// Implementation

function chosen(connectome: Connectome, selector: NodeSelector, rng: Rng, which: string): Int32Array {
  const where = `network.${which}.nodes`;
  try {
    const nodes = selectNodes(connectome, selector, rng);
    if (nodes.length > 0) return nodes;
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    const { what, code, hint } = error;
    throw new CajalError(what, { code, where, hint, cause: error });
  }
  throw new CajalError("no node is chosen", { code: "empty-selection", where, hint: "Choose at least one." });
}
