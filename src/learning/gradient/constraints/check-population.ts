/**
 * @file What only shows when all projections of a population are seen together: units that nothing reaches, and units
 * with two signs.
 */

import { CajalError, plural } from "../../../core/index.ts";
import type { WeightConstraint } from "./weight-constraint.ts";

/** A population and the projections that touch it. */
export interface PopulationCheck {
  name: string;
  units: number;
  /** Names of the units, shape `(unit)`, for messages. */
  labels?: readonly string[];
  /** Projections onto it, external inputs included. Shape of storage `(post, pre)`. */
  incoming: readonly WeightConstraint[];
  /** Projections from it, readouts included. */
  outgoing?: readonly WeightConstraint[];
}

/**
 * Check a population before training.
 *
 * @throws CajalError `empty-area`, `constraint-shape`, `unit-without-input`, `sign-conflict`.
 */
export function checkPopulation({ name, units, labels, incoming, outgoing = [] }: PopulationCheck): void {
  const where = `population "${name}"`;
  if (!(Number.isInteger(units) && units > 0)) {
    throw new CajalError(`it has ${units} units`, {
      code: "empty-area",
      where,
      hint: "Every population needs at least one unit; leave it out otherwise.",
    });
  }
  for (const c of incoming) checkSide(c, { where, side: "post", size: c.post, units });
  for (const c of outgoing) checkSide(c, { where, side: "pre", size: c.pre, units });
  const call = (unit: number) => (labels ? `"${labels[unit]}"` : String(unit));
  const deaf = Array.from({ length: units }, (_, i) => i).filter((i) => !incoming.some((c) => hears(c, i)));
  if (deaf.length > 0) {
    const shown = deaf.slice(0, 5).map(call).join(", ") + (deaf.length > 5 ? ", …" : "");
    throw new CajalError(`${plural(deaf.length, "unit")} of ${units} can get no input: ${shown}`, {
      code: "unit-without-input",
      where,
      hint: "Raise the density, give them an input, or take them out; they could never be active.",
    });
  }
  checkSigns(outgoing, { where, units, call });
}

// Implementation

function checkSide(
  c: WeightConstraint,
  { where, side, size, units }: { where: string; side: "post" | "pre"; size: number; units: number },
): void {
  if (size === units && c.plastic.length === c.post * c.pre) return;
  throw new CajalError(`"${c.name}" has ${plural(size, "unit")} on its ${side} side, wanted ${units}`, {
    code: "constraint-shape",
    where,
    hint: "Weights are (post, pre); check before constraintOnEdges.",
  });
}

function hears({ pre, plastic, fixed }: WeightConstraint, unit: number): boolean {
  for (let k = unit * pre; k < (unit + 1) * pre; k++) {
    if (plastic[k] === 1 || (fixed && fixed[k] !== 0)) return true;
  }
  return false;
}

/** Dale's law over all projections of a unit. */
function checkSigns(
  outgoing: readonly WeightConstraint[],
  { where, units, call }: { where: string; units: number; call: (unit: number) => string },
): void {
  const sign = new Int8Array(units);
  const from: string[] = [];
  for (const { name, pre, plastic, signs } of outgoing) {
    if (!signs) continue;
    for (let k = 0; k < plastic.length; k++) {
      const unit = k % pre;
      if (plastic[k] === 0 || signs[k] === 0) continue;
      if (sign[unit] === 0) {
        sign[unit] = signs[k];
        from[unit] = name;
      } else if (sign[unit] !== signs[k]) {
        const [a, b] = [sign[unit], signs[k]].map((s) => (s > 0 ? "excitatory" : "inhibitory"));
        throw new CajalError(`unit ${call(unit)} is ${a} in "${from[unit]}" and ${b} in "${name}"`, {
          code: "sign-conflict",
          where,
          hint: "Dale's law: give all projections of a population the same signs.",
        });
      }
    }
  }
}
