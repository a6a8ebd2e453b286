/**
 * @file All that an earlier run trained, from its safetensors file: weights with the masks beside them, biases and other
 * parameters by their names.
 */

import { CajalError } from "../../core/index.ts";
import type { Tensor } from "../../learning/index.ts";
import { GIVEN_PROJECTIONS, type GivenProjection } from "../spec/weights-file-schema.ts";
import { readSafetensors } from "./read-safetensors.ts";
import type { FileWeights } from "./read-weights-file.ts";

/** What such a file gives. */
export interface TrainedFile {
  /** As people read it, for messages. */
  name: string;
  /** Masks are 0 where there is no synapse, 2 where one keeps its weight; missing where the file has none. */
  weights: Record<GivenProjection, FileWeights>;
  /** Sign of each unit under Dale's law, shape `(unit)`, 0 for one without a law; missing where there was none. */
  signs?: Int8Array;
  /** All else that was trained, by name, e.g. `rec.bias`; they may be anything yet. */
  parameters: Record<string, Float64Array>;
}

/**
 * Read a file of a run's folder `weights/`, or one with arrays of the same names.
 *
 * @param name - Of the file, for messages.
 * @throws CajalError `not-trained`, `no-matrix`, `mask-shape`, and those of `readSafetensors`.
 */
export function readTrainedFile(bytes: Uint8Array, name: string): TrainedFile {
  const tensors = readSafetensors(bytes, name);
  const weights = GIVEN_PROJECTIONS.map((part) => [part, weightsOf(tensors, part, name)] as const);
  const others = Object.entries(tensors).filter(
    ([key]) => !/^(weights:(in|rec|out)$|masks\/|signs\/)/.test(key),
  );
  const signs = Object.hasOwn(tensors, "signs/rec") ? tensors["signs/rec"].values : undefined;
  return {
    name,
    ...(signs && { signs: Int8Array.from(signs, Math.sign) }),
    weights: Object.fromEntries(weights) as TrainedFile["weights"],
    parameters: Object.fromEntries(others.map(([key, { values }]) => [key, Float64Array.from(values)])),
  };
}

// Implementation

function weightsOf(
  tensors: Readonly<Record<string, Tensor>>,
  part: GivenProjection,
  name: string,
): FileWeights {
  const fail = (code: string, what: string, hint: string): never => {
    throw new CajalError(what, { code, where: name, hint });
  };
  const read = (key: string) => (Object.hasOwn(tensors, key) ? tensors[key] : undefined);
  const weights =
    read(`weights:${part}`) ??
    fail(
      "not-trained",
      `holds no "weights:${part}"`,
      "What a run did not train is not in its file. Name the parts one by one: weights: { in: …, rec: …, out: … }; records/*.npz of a run have all three, e.g. array: weights/best.in.",
    );
  const { shape } = weights;
  if (shape.length !== 2)
    fail("no-matrix", `"weights:${part}" has shape (${shape.join(", ")})`, "Weights have two axes.");
  const mask = read(`masks/${part}`);
  if (mask && mask.shape.join() !== shape.join()) {
    const hint = "A mask has a number for each weight: 0 where there is no synapse.";
    fail("mask-shape", `"masks/${part}" has another shape than "weights:${part}"`, hint);
  }
  return {
    name,
    shape: [shape[0], shape[1]],
    values: Float64Array.from(weights.values),
    ...(mask && { mask: Float64Array.from(mask.values) }),
  };
}
