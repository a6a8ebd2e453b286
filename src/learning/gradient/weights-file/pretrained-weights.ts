/**
 * @file Weights of a file back into a network: what `parameterTensors` and `constraintTensors` wrote, or another
 * program under the same names.
 */

import { CajalError } from "../../../core/index.ts";
import type { PerProjection, WiringOptions } from "../train/wiring-options.ts";
import type { Tensor } from "./safetensors.ts";
import { SYNAPSE } from "./synapse-masks.ts";

/** Options of a network's wiring that a file can give. */
export type PretrainedWeights = Pick<WiringOptions, "weights" | "masks" | "fixed">;

/**
 * Weights to start from, as options of `rateNetwork` and the other builders.
 *
 * @param tensors - Of a file: `weights:in` of shape `(unit, input)`, `weights:rec` `(post, pre)`, `weights:out`
 * `(output, unit)`, those that there are. Masks are looked at only if asked for.
 * @param options.masks - Take `masks/in`, `masks/rec` and `masks/out` too: a synapse is where the mask is not 0, and
 * one where it is 2 keeps its weight. Default false: 0 is a weight like others.
 * @throws CajalError `no-weights`; with `masks` also `no-mask`, and `shape` for a mask of another shape than its weights.
 * @example
 * const { tensors } = decodeSafetensors(await readFile("rate.r0.best.safetensors"));
 * rateNetwork({ inputs: 2, units: 100, outputs: 2, rng, ...pretrainedWeights(tensors, { masks: true }) });
 */
export function pretrainedWeights(
  tensors: Readonly<Record<string, Tensor>>,
  { masks = false }: { masks?: boolean } = {},
): PretrainedWeights {
  const found = PROJECTIONS.filter((name) => tensors[`weights:${name}`] !== undefined);
  if (found.length === 0) {
    throw fail("no-weights", "there are no weights", `Wanted: ${PROJECTIONS.map(nameOf).join(", ")}.`);
  }
  const weights = Object.fromEntries(
    found.map((name) => [name, Float64Array.from(tensors[nameOf(name)].values)]),
  );
  if (!masks) return { weights };
  const out: Required<PretrainedWeights> = { weights, masks: {}, fixed: {} };
  for (const name of found) takeMask(tensors, name, out);
  const { fixed, ...free } = out;
  return Object.keys(fixed).length > 0 ? out : free;
}

// Implementation

const PROJECTIONS = ["in", "rec", "out"] as const;
type Projection = (typeof PROJECTIONS)[number];
const nameOf = (name: Projection) => `weights:${name}`;

function fail(code: string, what: string, hint: string): CajalError {
  return new CajalError(what, { code, where: "pretrainedWeights", hint });
}

function takeMask(
  tensors: Readonly<Record<string, Tensor>>,
  name: Projection,
  { masks, fixed }: { masks: PerProjection<ArrayLike<number>>; fixed: PerProjection<ArrayLike<number>> },
): void {
  const mask = tensors[`masks/${name}`];
  const { shape, values: weights } = tensors[nameOf(name)];
  if (!mask) {
    const hint = "Leave masks out, or give a file that has them: constraintTensors writes them.";
    throw fail("no-mask", `there is no "masks/${name}" beside "weights:${name}"`, hint);
  }
  if (mask.shape.join() !== shape.join()) {
    const shapes = `"masks/${name}" has shape (${mask.shape.join(", ")}), "weights:${name}" (${shape.join(", ")})`;
    throw fail("shape", shapes, "Both are (post, pre).");
  }
  masks[name] = Uint8Array.from(mask.values, (m) => (m === SYNAPSE.none ? 0 : 1));
  if (!mask.values.some((m) => m === SYNAPSE.fixed)) return;
  fixed[name] = Float64Array.from(mask.values, (m, k) => (m === SYNAPSE.fixed ? weights[k] : 0));
}
