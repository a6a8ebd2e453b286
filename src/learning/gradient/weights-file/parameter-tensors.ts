/**
 * @file Trained parameters as arrays with shapes, for files that other programs read.
 */

import { CajalError, toDense } from "../../../core/index.ts";
import type { Network } from "../../../model/index.ts";
import type { ActingParameters } from "../train/training-result.ts";
import type { Tensor } from "./safetensors.ts";

/**
 * Weights as they act in dense shape `(post, pre)`, all else in shape `(unit)`.
 *
 * @param parameters - By name of the trainable, e.g. `last` or `best.parameters` of a training result.
 * @throws CajalError `unknown-trainable`, `shape`.
 * @example encodeSafetensors(parameterTensors(rate.network, result.best.parameters))
 */
export function parameterTensors(
  { projections }: Network,
  parameters: Readonly<ActingParameters>,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, values]): [string, Tensor] => {
      if (!name.startsWith("weights:")) return [name, { values: values.slice(), shape: [values.length] }];
      const found = projections.find((p) => p.name === name.slice("weights:".length));
      const wanted = found?.weights.values.length;
      if (!found || wanted !== values.length) {
        const what = found
          ? `"${name}" has ${values.length} values, wanted ${wanted}`
          : `the network has no "${name}"`;
        throw new CajalError(what, {
          code: found ? "shape" : "unknown-trainable",
          where: "parameterTensors",
          hint: "Give the network that was trained, and its parameters.",
        });
      }
      const { rows, columns } = found.weights;
      return [name, { values: toDense({ ...found.weights, values }).values.slice(), shape: [rows, columns] }];
    }),
  );
}
