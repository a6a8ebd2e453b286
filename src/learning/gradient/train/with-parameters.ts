/**
 * @file From trained numbers back to a network like any other: to be simulated, lesioned, stored, used as a reservoir.
 */

import { CajalError } from "../../../core/index.ts";
import type { Network } from "../../../model/index.ts";
import type { ActingParameters } from "./training-result.ts";

/**
 * The network with other weights, parameters and starting values; `network` itself stays as it is.
 *
 * @param parameters - By name of the trainable, e.g. `last` or `best.parameters` of a training result.
 * @throws CajalError `unknown-trainable`, `shape`.
 * @example simulate(withParameters(rate.network, result.last), { dt: 20, instances: 500 })
 */
export function withParameters(network: Network, parameters: Readonly<ActingParameters>): Network {
  let { populations, projections } = network;
  for (const [name, values] of Object.entries(parameters)) {
    const [, kind = "parameter", path] = /^(weights|initial):(.+)$/.exec(name) ?? [
      undefined,
      undefined,
      name,
    ];
    const dot = path.indexOf(".");
    const [group, member] = [path.slice(0, dot), path.slice(dot + 1)];
    let found = false;
    if (kind === "weights") {
      projections = projections.map((p) => {
        if (p.name !== path) return p;
        found = true;
        checkLength(name, values, p.weights.values.length);
        return { ...p, weights: { ...p.weights, values: values.slice() } };
      });
    } else {
      populations = populations.map((p) => {
        if (p.name !== group || (kind === "parameter" && !(member in p.neuron.parameters))) return p;
        found = true;
        if (values.length !== 1) checkLength(name, values, p.size);
        const value = values.length === 1 ? values[0] : values.slice();
        return kind === "parameter"
          ? { ...p, parameters: { ...p.parameters, [member]: value } }
          : { ...p, initial: { ...p.initial, [member]: value } };
      });
    }
    if (found) continue;
    throw new CajalError(`the network has no "${name}"`, {
      code: "unknown-trainable",
      where: "withParameters",
      hint: "Give the network that was trained, and its parameters.",
    });
  }
  return { ...network, populations, projections };
}

// Implementation

function checkLength(name: string, values: Float64Array, wanted: number): void {
  if (values.length === wanted) return;
  throw new CajalError(`"${name}" has ${values.length} values, wanted ${wanted}`, {
    code: "shape",
    where: "withParameters",
    hint: "Give the network that was trained, and its parameters.",
  });
}
