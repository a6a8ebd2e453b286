/**
 * @file A connectome as the recurrent wiring of a trainable network: its synapses as the mask, its weights to start
 * from, or some of them to be kept as they are.
 */

import type { Connectome } from "../../../connectome/index.ts";
import { CajalError, type Rng, shuffled, spectralRadius, toDense } from "../../../core/index.ts";
import { checkNumber } from "../parameters.ts";
import type { WiringOptions } from "./wiring-options.ts";

/** How a connectome is used. */
export interface ConnectomeWiringOptions {
  /** `mask` (default): where synapses may be, weights are drawn. `weights`: also what they start from. */
  use?: "mask" | "weights";
  /** Synapses that keep the connectome's weight: a share of all, drawn, or shape `(unit, unit)` of 0 and 1. */
  fixed?: number | ArrayLike<number>;
  /** Scale all weights of the connectome to this spectral radius first. */
  spectralRadius?: number;
  /**
   * Dale's law: `connectome`, each unit has the sign of the weights it sends (the connectome must be signed so), or
   * the sign of each unit, shape `(unit)`; weights then lend their size. Default none.
   */
  dale?: "connectome" | ArrayLike<number>;
  /** Draws a share of fixed synapses. */
  rng?: Rng;
}

/** Options of a network that follow from a connectome, to be spread into those of `rateNetwork` and others. */
export interface ConnectomeWiring
  extends Pick<WiringOptions, "units" | "dale" | "autapses" | "weights" | "fixed"> {
  masks: { rec: Uint8Array };
}

/**
 * Units, mask, signs and weights of a connectome; of areas expanded to neurons, give `expandAreas(…).connectome`.
 *
 * @throws CajalError `bad-option`, `bad-range`, `shape`, `mixed-signs`, `zero-spectral-radius`.
 * @example rateNetwork({ inputs: 2, outputs: 1, ...connectomeWiring(marmoset, { use: "weights", spectralRadius: 1 }), rng })
 */
export function connectomeWiring(
  { weights: matrix, labels }: Connectome,
  options: ConnectomeWiringOptions = {},
): ConnectomeWiring {
  const { use = "mask", fixed = 0, spectralRadius: radius, dale, rng } = options;
  if (use !== "mask" && use !== "weights") throw fail(`there is no use "${use}"`, "Known: mask, weights.");
  const units = matrix.rows;
  const weights = toDense(matrix).values.slice();
  const mask = Uint8Array.from(weights, (w) => (w !== 0 ? 1 : 0));
  const signs = dale === "connectome" ? sentSigns(weights, labels) : dale;
  if (signs && signs.length !== units) throw fail(`dale has ${signs.length} signs for ${units} units`);
  if (dale !== "connectome" && signs)
    for (let k = 0; k < weights.length; k++) weights[k] = withSign(weights[k], signs[k % units]);
  if (radius !== undefined) scaleAll(weights, { units, radius });
  const kept = chooseFixed(mask, fixed, rng);
  return {
    units,
    masks: { rec: mask },
    // The mask says who has autapses.
    autapses: true,
    ...(signs && { dale: Array.from(signs) }),
    ...(use === "weights" && { weights: { rec: weights } }),
    ...(kept && { fixed: { rec: weights.map((w, k) => (kept[k] !== 0 ? w : 0)) } }),
  };
}

// Implementation

function fail(what: string, hint?: string): CajalError {
  return new CajalError(what, { code: "bad-option", where: "connectomeWiring", ...(hint && { hint }) });
}

const withSign = (w: number, sign: number) => (sign === 0 ? w : Math.sign(sign) * Math.abs(w));

/** Sign of what each unit sends; a unit that sends nothing excites. */
function sentSigns(weights: Float64Array, labels: readonly string[]): Int8Array {
  const units = labels.length;
  const signs = new Int8Array(units);
  weights.forEach((w, k) => {
    if (w === 0) return;
    const pre = k % units;
    if (signs[pre] !== 0 && signs[pre] !== Math.sign(w)) {
      throw new CajalError(`unit "${labels[pre]}" sends weights of both signs`, {
        code: "mixed-signs",
        where: "connectomeWiring",
        hint: "Give dale as the sign of each unit, or leave it out.",
      });
    }
    signs[pre] = Math.sign(w);
  });
  return signs.map((sign) => sign || 1);
}

function scaleAll(weights: Float64Array, { units, radius }: { units: number; radius: number }): void {
  checkNumber(radius, "spectralRadius", { where: "connectomeWiring", above: 0 });
  const now = spectralRadius({ kind: "dense", rows: units, columns: units, values: weights });
  if (!(now > 0)) {
    throw new CajalError(`the spectral radius of the connectome is 0, it cannot be made ${radius}`, {
      code: "zero-spectral-radius",
      where: "connectomeWiring",
      hint: "Its synapses form no loop; leave out spectralRadius.",
    });
  }
  for (let k = 0; k < weights.length; k++) weights[k] *= radius / now;
}

/** 1 where a synapse keeps its weight; undefined when none does. */
function chooseFixed(
  mask: Uint8Array,
  fixed: number | ArrayLike<number>,
  rng: Rng | undefined,
): ArrayLike<number> | undefined {
  if (typeof fixed !== "number") {
    if (fixed.length !== mask.length) throw fail(`fixed has ${fixed.length} values, wanted ${mask.length}`);
    return mask.map((m, k) => (m === 1 && fixed[k] !== 0 ? 1 : 0));
  }
  checkNumber(fixed, "fixed", { where: "connectomeWiring", least: 0, most: 1 });
  if (fixed === 0) return undefined;
  if (!rng)
    throw fail("a share of fixed synapses is drawn, and there is no rng", "Give rng: createRng(seed).");
  const places = Array.from(mask, (_, k) => k).filter((k) => mask[k] === 1);
  const out = new Uint8Array(mask.length);
  const chosen = shuffled(places, rng.stream("fixed")).slice(0, Math.round(fixed * places.length));
  for (const k of chosen) out[k] = 1;
  return out;
}
