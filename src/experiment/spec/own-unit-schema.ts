/**
 * @file What an experiment file says about trained units with equations of their own, and values that differ from unit
 * to unit.
 */

import { z } from "zod";
import { RATE_ACTIVATIONS, type RateActivation } from "../../learning/index.ts";

/** One number for all units, one for each, or one for each kind of cell or area. */
export function perUnit(one: z.ZodNumber, description: string) {
  return z.union([one, z.array(one).min(1), z.record(z.string().min(1), one)]).meta({
    description: `${description} One number, a list of one a unit, or one for each kind of cell, { E: 100, I: 50 }, or for each area by name.`,
  });
}

/** A value as a file gives it to units. */
export type PerUnitChoice = number | readonly number[] | Readonly<Record<string, number>>;

const name = (description: string) => z.string().min(1).optional().meta({ description });
const activations = Object.keys(RATE_ACTIVATIONS) as [RateActivation, ...RateActivation[]];

/** Keys of networks whose model is `equations`. */
export const ownUnitKeys = {
  equations: z.string().min(1).optional().meta({
    description:
      "Of equations: what every unit obeys, text in the equation language, one equation a line. `sum(in)` is the input, `sum(rec)` what the other units send.",
  }),
  parameters: z
    .record(z.string().min(1), perUnit(z.number(), "Value of a name that the equations use."))
    .optional()
    .meta({
      description: "Of equations: values of the names they use.",
    }),
  read: name("Of equations: the variable that is read out, default r."),
  send: name("Of equations: the variable that units send each other, default the one that is read out."),
  shared: z.array(z.string().min(1)).min(1).optional().meta({
    description: "Of equations: those of the trained parameters that have one value for all units.",
  }),
  bounds: z
    .record(z.string().min(1), z.tuple([z.number(), z.number()]))
    .optional()
    .meta({
      description:
        "Of equations: least and largest value of trained parameters, e.g. { tau: [20, 500] }; those called tau… stay at 1 ms or above.",
    }),
  leaky: z
    .strictObject({
      state: z.string().min(1).meta({ description: "x, a variable of the equations." }),
      activation: z.enum(activations).meta({ description: "f in r = f(g x)." }),
      tau: name("τ [ms], a parameter of the equations."),
      alpha: name("α itself, a parameter of the equations, where they have no τ."),
      gain: name("g, a parameter of the equations; left out, 1."),
    })
    .optional()
    .meta({
      description:
        "Of equations: that the state leaks, x ← (1 − α) x + α (sum(rec) + …) with α = dt / τ, which the term omega of a loss has to know.",
    }),
};
