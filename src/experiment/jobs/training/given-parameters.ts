/**
 * @file Biases, time constants and whatever else an earlier run trained as the start of a network: each must be a
 * parameter of it, of the same shape, within the bounds it is trained in.
 */

import { CajalError, suggest } from "../../../core/index.ts";
import { type RateNetwork, withParameters } from "../../../learning/index.ts";
import type { TrainedFile } from "../../weights-file/read-trained-file.ts";

/**
 * The network that starts at the parameters of a file; its weights are left as they are.
 *
 * @throws CajalError `unknown-trainable`, `shape`, `nan-parameter`, `bad-range`; `where` is `network.weights.path`.
 */
export function withGivenParameters(
  rate: RateNetwork,
  { name: file, parameters }: Pick<TrainedFile, "name" | "parameters">,
): RateNetwork {
  for (const [name, values] of Object.entries(parameters)) check(rate, { file, name, values });
  return { ...rate, network: withParameters(rate.network, parameters) };
}

// Implementation

function check(
  { network, bounds = {} }: RateNetwork,
  { file, name, values }: { file: string; name: string; values: Float64Array },
): void {
  const fail = (code: string, what: string, hint: string): never => {
    throw new CajalError(`${file}: ${what}`, { code, where: "network.weights.path", hint });
  };
  const sizes = sizesOf(network);
  const size = sizes.get(name);
  if (size === undefined) {
    fail(
      "unknown-trainable",
      `it holds "${name}", and the network has no such parameter`,
      `${suggest(name, [...sizes.keys()])} Train a network of the same model, or name the parts one by one.`,
    );
  }
  if (values.length !== size) {
    const what = `"${name}" has ${values.length} values, the network ${size}`;
    fail("shape", what, "Give the network the units of the run that wrote the file.");
  }
  const odd = values.findIndex((v) => !Number.isFinite(v));
  if (odd >= 0) fail("nan-parameter", `"${name}" of unit ${odd} is ${values[odd]}`, "Take another file.");
  const [least, most] = bounds[name] ?? [-Infinity, Infinity];
  const outside = values.findIndex((v) => v < least || v > most);
  if (outside < 0) return;
  const range = most < Number.MAX_VALUE ? `within ${least} … ${most}` : `from ${least} on`;
  const what = `"${name}" of unit ${outside} is ${values[outside]}, it is trained ${range}`;
  fail("bad-range", what, "Take another file, or do not train it.");
}

/** Values that each parameter and each starting value of the network has, by name. */
function sizesOf({ populations }: RateNetwork["network"]): Map<string, number> {
  const length = (value: number | ArrayLike<number>) => (typeof value === "number" ? 1 : value.length);
  const sizes = new Map<string, number>();
  for (const { name, neuron, parameters, initial = {} } of populations) {
    for (const [key, value] of Object.entries({ ...neuron.parameters, ...parameters }))
      sizes.set(`${name}.${key}`, length(value));
    for (const [key, value] of Object.entries(initial)) sizes.set(`initial:${name}.${key}`, length(value));
  }
  return sizes;
}
