/**
 * @file What the three weight matrices of a trainable network may be and start from, whatever its equations are.
 */

import { CajalError, checkKeys, type KeysOf, type Rng } from "../../../core/index.ts";
import type { Enforcement } from "../constraints/weight-constraint.ts";
import type { InitialWeights } from "../initialise/initial-weights.ts";
import { checkNumber } from "../parameters.ts";

/** Something for each of the three projections: from the inputs, recurrent, to the outputs. */
export type PerProjection<T> = Partial<Record<"in" | "rec" | "out", T>>;

/** Sizes, signs, masks and initial weights. */
export interface WiringOptions {
  inputs: number;
  units: number;
  outputs: number;
  /** Draws the initial weights, and the mask when there is a density. */
  rng: Rng;
  /**
   * Dale's law: share of excitatory units, who come first, or the sign of each, shape `(unit)`. Inputs then excite, and
   * only excitatory units are read out. Default none: weights are free.
   */
  dale?: number | ArrayLike<number>;
  /** Sign of single synapses, shapes as `masks`, 0 for either; must agree with `dale`. */
  entrySigns?: PerProjection<ArrayLike<number>>;
  /** How signs are kept. */
  enforce?: Enforcement;
  /** Whether units may contact themselves. */
  autapses?: boolean;
  /** Probability of each recurrent synapse, 0 … 1, default 1. */
  density?: number;
  /** Shapes `(unit, input)`, `(unit, unit)`, `(output, unit)`: 0 where no synapse may be. */
  masks?: PerProjection<ArrayLike<number>>;
  /** Weights that are not trained, as they act; same shapes, 0 elsewhere. */
  fixed?: PerProjection<ArrayLike<number>>;
  /** How weights are drawn. */
  initial?: PerProjection<InitialWeights>;
  /**
   * Weights to start from, as they act, instead of drawn ones; same shapes, within masks and signs. A `spectralRadius`
   * of `initial` still holds.
   */
  weights?: PerProjection<ArrayLike<number>>;
  /** Only to see whether the network can be made, see `initialWeights`; default false. */
  sketch?: boolean;
}

/** Keys of {@link WiringOptions}. */
export const WIRING_KEYS: KeysOf<WiringOptions> = {
  inputs: true,
  units: true,
  outputs: true,
  rng: true,
  dale: true,
  entrySigns: true,
  enforce: true,
  autapses: true,
  density: true,
  masks: true,
  fixed: true,
  initial: true,
  weights: true,
  sketch: true,
};

/**
 * @param own - Keys that the kind of network has beside those of its wiring.
 * @throws CajalError `unknown-option`, `bad-range`, `bad-option`, `constraint-shape`.
 */
export function checkWiring(
  options: WiringOptions,
  own: Readonly<Record<string, true>>,
  where: string,
): void {
  const { units, density = 1, dale = 0.5, masks = {} } = options;
  // What `areaWiring` gives has these too, whichever network it is spread into.
  const ofAreas = "layout" in options ? ["layout", "tau"] : [];
  checkKeys(options, [...Object.keys(WIRING_KEYS), ...Object.keys(own), ...ofAreas], { where });
  checkNumber(density, "density", { where, above: 0, most: 1 });
  // A density is combined with the mask before constraints look at its shape.
  if (density < 1 && masks.rec && masks.rec.length !== units * units) {
    throw new CajalError(`masks.rec has ${masks.rec.length} values, wanted ${units} × ${units}`, {
      code: "constraint-shape",
      where,
      hint: "Shape is (post, pre), row by row.",
    });
  }
  if (typeof dale === "number") checkNumber(dale, "dale", { where, least: 0, most: 1 });
  else {
    checkPerUnit(dale, "dale", { units, where });
    const odd = Array.from(dale).findIndex((one) => !Number.isFinite(one));
    if (odd >= 0) {
      // Its sign would count as 0, which is a unit without a law.
      throw new CajalError(`the sign of unit ${odd} in dale is ${dale[odd]}`, {
        code: "bad-option",
        where,
        hint: "Give 1, −1, or 0 for a unit without a law.",
      });
    }
  }
}

/** Throws for trained parameters whose first values bounds would move without a word. @throws CajalError `bad-range`. */
export function checkStart(
  given: number | ArrayLike<number>,
  name: string,
  { bounds: [least, most], where }: { bounds: readonly [number, number]; where: string },
): void {
  const outside = (typeof given === "number" ? [given] : Array.from(given)).find(
    (v) => v < least || v > most,
  );
  if (outside === undefined) return;
  const upper = most < Number.MAX_VALUE ? ` … ${most}` : " and above";
  throw new CajalError(`${name} is trained within ${least}${upper} and starts at ${outside}`, {
    code: "bad-range",
    where,
    hint: "Start within the bounds, or do not train it.",
  });
}

/** One number, or one a unit. @throws CajalError `bad-option`. */
export function checkPerUnit(
  given: number | ArrayLike<number>,
  name: string,
  { units, where }: { units: number; where: string },
): void {
  if (typeof given === "number" || given.length === units) return;
  throw new CajalError(`${name} has ${given.length} values for ${units} units`, {
    code: "bad-option",
    where,
    hint: "Give one number, or one a unit.",
  });
}
