/**
 * @file What an experiment file says about learning rules of its own: in order, for each projection, and by name, for
 * each population.
 */

import { z } from "zod";

const ruleName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/)
  .meta({
    description:
      "Name by which phases and ablations switch the rule off: letters, digits, _; no digit first.",
  });

const parameters = z
  .record(z.string(), z.number())
  .default({})
  .meta({ description: "Values of the names the equations use." });

const synapticRule = z
  .strictObject({
    name: ruleName,
    equations: z.string().min(1).meta({
      description:
        "What changes the weight `w` in every step; `pre.x` and `post.x` are variables of its two units after the step, `x_prev` those before it. Flags of the line: min, max, prune.",
    }),
    parameters,
  })
  .meta({ title: "A rule that every synapse follows by itself" });

const normalisationRule = z
  .strictObject({
    name: ruleName,
    normalise: z.enum(["incoming", "outgoing", "both"]).meta({
      description: "Weights of a unit that are scaled together: incoming, outgoing, or the mean of both.",
    }),
    total: z.number().gt(0).default(1).meta({ description: "Sum aimed at, > 0." }),
    rate: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .meta({ description: "Share of the way per step, 0 < rate ≤ 1." }),
  })
  .meta({ title: "Scaling that keeps sums of weights" });

const structuralRule = z
  .strictObject({
    name: ruleName,
    births: z.number().min(0).meta({ description: "Expected births of synapses per step, ≥ 0." }),
    weight: z.number().gt(0).default(0.001).meta({ description: "Weight at birth, > 0." }),
  })
  .meta({ title: "Births of synapses where there are none" });

const ruleSchema = z
  .union([synapticRule, normalisationRule, structuralRule])
  .meta({ description: "A rule: `equations` of a synapse, `normalise`, or `births`." });

const rulesOf = (what: string) => z.array(ruleSchema).meta({ description: what });

const neuronRule = z
  .union([
    z.string().min(1),
    z.strictObject({
      equations: z.string().min(1).meta({ description: "Lines that run after those of the neuron." }),
      parameters,
    }),
  ])
  .meta({ description: "Equations of the rule, or { equations, parameters }." });

const neuronRulesOf = (what: string) => z.record(ruleName, neuronRule).meta({ description: what });

/** Learning rules in place of a preset's. */
export const rulesSchema = z
  .strictObject({
    "E->E": rulesOf(
      "Rules of the recurrent excitatory synapses, in the order in which they act; at least one.",
    )
      .min(1)
      .optional(),
    "I->E": rulesOf(
      "Rules of the inhibitory synapses, in the order in which they act; variables are pre.y, post.x.",
    ).optional(),
    "E->I": rulesOf(
      "Rules of the synapses onto inhibitory units, in order; variables are pre.x, post.y.",
    ).optional(),
    "input->E": rulesOf(
      "Rules of the synapses of the input, in order; variables are pre.r, the input of the step, and post.x.",
    ).optional(),
    E: neuronRulesOf(
      "Rules of the excitatory units, by name; variables are x, x_prev, r, drive, T.",
    ).optional(),
    I: neuronRulesOf("Rules of the inhibitory units, by name; variables are y, y_prev, T.").optional(),
  })
  .meta({
    description:
      "Learning rules in place of the preset's, by projection (E->E, I->E, E->I, input->E) and by population (E, I); what is not named keeps the preset's.",
  });

/** Rules as written, defaults filled in. */
export type RulesChoice = z.output<typeof rulesSchema>;
/** A rule of a projection. */
export type RuleChoice = z.output<typeof ruleSchema>;
/** Projections whose rules a file can give. */
export const RULED_PROJECTIONS = ["E->E", "I->E", "E->I", "input->E"] as const;
/** Populations whose rules a file can give. */
export const RULED_POPULATIONS = ["E", "I"] as const;
