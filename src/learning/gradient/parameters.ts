/**
 * @file Trainable numbers by name, as plain typed arrays. Losses, optimisers and constraints share this form and know
 * nothing of the engine; in single precision every operation is done in double and rounded when it is stored.
 */

import { CajalError } from "../../core/index.ts";

/** One array of numbers, double or single precision. */
export type Values = Float64Array | Float32Array;

/** Arrays by parameter name, e.g. `{ wRec, wIn, bias }`; gradients have the same names and lengths. */
export type ParameterSet = Readonly<Record<string, Values>>;

/** Zeros of the same length and precision. */
export function zerosLike(values: Values): Values {
  return values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
}

/** Zeros of the same names, lengths and precision. */
export function zeroGradients(parameters: ParameterSet): Record<string, Values> {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, zerosLike(values)]));
}

/**
 * Names of the parameters, in their order, after checking that each has a gradient of its length.
 *
 * @throws CajalError `gradient-missing`, `gradient-length`.
 */
export function checkGradients(parameters: ParameterSet, gradients: ParameterSet, where: string): string[] {
  const names = Object.keys(parameters);
  for (const name of names) {
    const gradient = gradients[name];
    if (!gradient) {
      throw new CajalError(`parameter "${name}" has no gradient`, {
        code: "gradient-missing",
        where,
        hint: "Give one array per parameter under the same name; a frozen parameter is left out of both.",
      });
    }
    if (gradient.length !== parameters[name].length) {
      throw new CajalError(
        `the gradient of "${name}" has ${gradient.length} values, the parameter ${parameters[name].length}`,
        { code: "gradient-length", where, hint: "Both must have the same shape." },
      );
    }
  }
  return names;
}

/** A number within bounds, or an error that names the option. @throws CajalError `bad-range`. */
export function checkNumber(
  value: number,
  name: string,
  bounds: { where: string; least?: number; below?: number; most?: number; above?: number },
): void {
  const { where, least = -Infinity, most = Number.MAX_VALUE, above = -Infinity, below = Infinity } = bounds;
  if (value >= least && value <= most && value > above && value < below) return;
  const lower = above > -Infinity ? `> ${above}` : `≥ ${least}`;
  const upper = below < Infinity ? ` and < ${below}` : most < Number.MAX_VALUE ? ` and ≤ ${most}` : "";
  throw new CajalError(`${name} must be ${lower}${upper}, got ${value}`, { code: "bad-range", where });
}
