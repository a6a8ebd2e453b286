/**
 * @file The schema of an experiment with a network that organises itself: a preset with changes, phases with rules
 * switched off, inputs, what is recorded and analysed, and the rules to leave out one by one.
 */

import { z } from "zod";
import { nameKey, repeatKey, seedKey } from "./common-keys.ts";
import { connectomeSchema, transformSchema } from "./connectome-schema.ts";
import { rulesSchema } from "./rules-schema.ts";
import { inputSchema } from "./symbol-input-schema.ts";
import { sweepSchema } from "./task-schema.ts";

/** Published networks, by name. */
export const PRESET_NAMES = ["lazar2009", "zheng2013", "hartmann2015", "delpapa2017", "sorn-0.7.3"] as const;

/** States that a readout can see: activity x, and the internal prediction x*, the response without the step's input. */
export const READOUT_STATES = ["E.x", "E.r"] as const;

/** What can be measured on a run. */
export const ANALYSES = [
  "connections",
  "rates",
  "spikes",
  "avalanches",
  "weights",
  "lifetimes",
  "perturbation",
  "readout",
] as const;

const rate = (description: string) => z.number().min(0).meta({ description });

const changeSchema = z
  .strictObject({
    noise: z.number().min(0).meta({
      description:
        "Standard deviation (not variance) of the Gaussian noise on every unit, ≥ 0; the papers have √0.05 = 0.2236.",
    }),
    randomSpikes: z.number().min(0).max(1).meta({
      description: "Probability per step that an excitatory unit fires whatever its drive, 0–1.",
    }),
    inhibition: z.enum(["fast", "slow"]).meta({
      description:
        "`fast`: inhibitory units see the excitatory ones of the same step; `slow`: of the step before.",
    }),
    comparison: z.enum([">", ">="]).meta({ description: "Θ(0): `>` makes it 0, `>=` makes it 1." }),
    rates: z
      .strictObject({
        stdp: rate("STDP, ≥ 0."),
        ip: rate("Intrinsic plasticity, ≥ 0."),
        istdp: rate("Inhibitory STDP, ≥ 0; 0 leaves the rule out."),
      })
      .meta({ description: "Learning rates per step; all three are given together." }),
    targetRate: z.number().gt(0).lt(1).meta({
      description:
        "Rate that intrinsic plasticity aims at, 0 < H < 1; at 0 or 1 thresholds would move without end.",
    }),
    inhibitoryTarget: z.number().gt(0).lt(1).meta({
      description: "Rate in the inhibitory rule, 0 < H < 1; default the target rate.",
    }),
    thresholdBounds: z.tuple([z.number(), z.number()]).meta({
      description: "[lowest, highest] threshold of excitatory units; default no bounds.",
    }),
    prune: z.number().min(0).meta({ description: "E→E synapses at or below this weight are removed, ≥ 0." }),
    inhibitorySynapses: z
      .union([
        z.strictObject({ floor: z.number().gt(0).meta({ description: "Lowest weight, > 0." }) }),
        z.strictObject({ prune: z.number().min(0).meta({ description: "Removed at or below, ≥ 0." }) }),
      ])
      .meta({ description: "I→E synapses stay at or above a `floor`, or are removed at or below `prune`." }),
    births: z.number().min(0).meta({ description: "Births of E→E synapses per step, ≥ 0." }),
    birthWeight: z.number().gt(0).meta({ description: "Weight of a synapse at birth, > 0." }),
    normalisation: z
      .strictObject({
        over: z.enum(["incoming", "outgoing", "both"]).default("incoming").meta({
          description: "Weights that are scaled to a sum of 1.",
        }),
        rate: z
          .number()
          .gt(0)
          .max(1)
          .default(1)
          .meta({ description: "Share of the way per step, 0 < rate ≤ 1." }),
      })
      .meta({ description: "Normalisation of E→E and I→E." }),
  })
  .partial()
  .meta({ description: "Anything of the model in place of what the preset says." });

const targetRatesSchema = z
  .strictObject({
    sd: z.number().min(0).max(0.5).meta({ description: "Standard deviation over units, 0–0.5." }),
    law: z.enum(["normal", "lognormal"]).default("normal").meta({
      description: "Law of the rates: normal, or lognormal, with few units of high rate.",
    }),
  })
  .meta({
    description:
      "Target rates that differ from unit to unit, around that of the preset or of change.targetRate; one that is not between 0 and 1 is drawn again.",
  });

const networkSchema = z
  .strictObject({
    preset: z.enum(PRESET_NAMES).meta({
      description:
        "Published network: lazar2009, zheng2013, hartmann2015, delpapa2017, or sorn-0.7.3 of the Python package.",
    }),
    units: z.int().min(2).max(20_000).optional().meta({
      description:
        "Excitatory units, ≥ 2, default 200 or those of the connectome; a fifth as many are inhibitory.",
    }),
    change: changeSchema.default({}),
    targetRates: targetRatesSchema.optional(),
    rules: rulesSchema.optional(),
  })
  .meta({ description: "The network, before it organises itself." });

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .meta({ description: "Name in tables and pictures: small letters, digits, hyphens." });

const phaseSchema = z
  .strictObject({
    name,
    steps: z.int().min(1).max(10_000_000_000).meta({ description: "Length [steps], ≥ 1." }),
    freeze: z
      .union([z.literal("all"), z.array(z.string().min(1))])
      .default([])
      .meta({
        description: "Rules that are off in this phase: `all`, or a list such as [stdp, ip] or [E->E.sn].",
      }),
    shows: z.enum(["symbols", "nothing"]).default("symbols").meta({
      description: "Whether the input shows its symbols in this phase, or nothing: spontaneous activity.",
    }),
    readout: z.enum(["train", "test"]).optional().meta({
      description: "Whether a readout is trained or tested on the states of this phase.",
    }),
  })
  .meta({ description: "A stretch of the run." });

const recordSchema = z
  .strictObject({
    raster: z.boolean().default(true).meta({
      description:
        "Whether it is kept which unit fired when, one bit a unit and step: 25 MB for 10⁶ steps of 200 units.",
    }),
    connections: z
      .int()
      .min(1)
      .default(1000)
      .meta({ description: "Steps between two counts of E→E synapses, ≥ 1." }),
    events: z
      .boolean()
      .default(true)
      .meta({ description: "Whether every birth and death of an E→E synapse is kept." }),
    weights: z
      .int()
      .min(0)
      .default(0)
      .meta({ description: "Steps between two copies of the E→E weights; 0: only those at the end." }),
  })
  .meta({ description: "What a job keeps in `records/`." });

const windowOf = (what: string) =>
  z
    .tuple([z.int().min(1), z.int().min(2)])
    .optional()
    .meta({
      description: `[first, last] ${what} that a power law is fitted to; by default known for 50, 100, 200, 400 and 800 units.`,
    });

const avalancheSchema = z
  .strictObject({
    theta: z.int().min(0).optional().meta({
      description:
        "Active units above which an avalanche lasts, whole, ≥ 0; default half of what is active on average.",
    }),
    duration: windowOf("duration [steps]"),
    size: windowOf("size [units × steps]"),
  })
  .meta({ description: "How avalanches are cut out of the activity, and where their laws are fitted." });

const perturbationSchema = z
  .strictObject({
    trials: z.int().min(1).max(10_000).default(20).meta({ description: "Twin runs, ≥ 1." }),
    steps: z.int().min(2).max(100_000).default(50).meta({ description: "Steps after the flip, ≥ 2." }),
    plastic: z.boolean().default(false).meta({
      description: "Whether learning rules act in twins, or the activity alone is followed.",
    }),
  })
  .meta({
    description:
      "How far twin runs part after one unit is flipped at the end of the run, noise and input being the same.",
  });

const readoutSchema = z
  .strictObject({
    states: z.array(z.enum(READOUT_STATES)).min(1).default(["E.x"]).meta({
      description:
        "States that are read out, each by a readout of its own: E.x, the activity, and E.r, the internal prediction, which is the response without the input of the step.",
    }),
  })
  .meta({ description: "What a linear readout sees." });

/** Everything a file with `kind: self-organisation` may say. Unknown keys are refused. */
export const selfOrganisationSchema = z
  .strictObject({
    kind: z.literal("self-organisation"),
    name: nameKey("self-organisation"),
    seed: seedKey,
    repeat: repeatKey(
      "How often everything is repeated with a fresh network, noise and input, ≥ 1. Networks with a rule left out and " +
        "cells of the sweep share them within a repeat, so comparisons are paired.",
    ),
    connectome: connectomeSchema.optional().meta({
      description:
        "Wiring that the E→E synapses start from: a shipped connectome by `name`, or a file by `path`; all weights ≥ 0.",
    }),
    transforms: z.array(transformSchema).default([]).meta({
      description: "Steps from the connectome as read to the one the network starts from, in this order.",
    }),
    network: networkSchema,
    input: inputSchema.optional(),
    phases: z.array(phaseSchema).min(1).meta({ description: "What happens, one stretch after the other." }),
    record: recordSchema.prefault({}),
    analyse: name.optional().meta({
      description: "Phase whose activity is analysed; default the last one without a readout.",
    }),
    analyses: z
      .array(z.enum(ANALYSES))
      .default(["connections", "rates", "spikes", "avalanches", "weights", "lifetimes"])
      .meta({
        description:
          "What is measured: connections, rates, spikes, avalanches, weights, lifetimes, perturbation, readout.",
      }),
    avalanches: avalancheSchema.prefault({}),
    perturbation: perturbationSchema.prefault({}),
    readout: readoutSchema.optional(),
    ablations: z.array(z.string().min(1)).min(1).default(["none"]).meta({
      description:
        "Networks to compare, each with one rule off from the start; `none` leaves all on, `all` switches all off.",
    }),
    sweep: sweepSchema.default({}),
  })
  .meta({
    title: "Cajal experiment with a network that organises itself",
    description: "A plastic network through phases, with what is recorded and analysed.",
  });

/** The experiment with every default filled in. Plain data. */
export type SelfOrganisationExperiment = z.output<typeof selfOrganisationSchema>;
/** One stretch of the run. */
export type PhaseChoice = SelfOrganisationExperiment["phases"][number];
/** A state that a readout sees. */
export type ReadoutState = (typeof READOUT_STATES)[number];
/** Something to measure. */
export type Analysis = SelfOrganisationExperiment["analyses"][number];
