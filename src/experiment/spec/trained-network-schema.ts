/**
 * @file What an experiment file says about a network that is trained: units, activations, signs, areas, how its wiring
 * is used, where weights start, and what is trained.
 */

import { z } from "zod";
import {
  CURRENT_PARTS,
  ELMAN_PARTS,
  ENFORCEMENTS,
  EQUATION_PARTS,
  PART_NAMES,
  RATE_ACTIVATIONS,
  type RateActivation,
  SPIKING_PARTS,
} from "../../learning/index.ts";
import { fixedSchema } from "./fixed-schema.ts";
import { echoState } from "./network-schema.ts";
import { ownUnitKeys, perUnit } from "./own-unit-schema.ts";
import { givenWeightsSchema } from "./weights-file-schema.ts";

const share = (description: string) => z.number().min(0).max(1).meta({ description });
const gain = z.number().gt(0).optional().meta({ description: "Factor on the draws, > 0, default 1." });
const draw = z.enum(["uniform", "normal"]).optional().meta({ description: "Default uniform." });
const distribution = <K extends string, S extends z.ZodRawShape>(kind: K, description: string, options: S) =>
  z.strictObject({ kind: z.literal(kind), ...options }).meta({ description });

const distributionSchema = z
  .discriminatedUnion("kind", [
    distribution("uniform-fan-in", "Uniform up to gain / √fan-in, as in PyTorch.", { gain }),
    distribution("normal-fan-in", "Normal with variance gain² / fan-in.", { gain }),
    distribution("xavier", "Glorot & Bengio (2010).", { draw, gain }),
    distribution("he", "He et al. (2015).", {
      draw,
      gain,
      fan: z.enum(["in", "out"]).optional().meta({ description: "Default in." }),
    }),
    distribution("orthogonal", "Orthonormal rows or columns.", { gain }),
    distribution("gamma", "Gamma distribution; Song et al. (2016) have shape 2.", {
      shape: z.number().gt(0).optional().meta({ description: "k > 0, default 2." }),
      scale: z.number().gt(0).meta({ description: "θ > 0; the mean is k θ." }),
    }),
    distribution("normal", "Normal.", {
      mean: z.number().optional().meta({ description: "Default 0." }),
      sd: z.number().gt(0).meta({ description: "Standard deviation, > 0." }),
    }),
    distribution("uniform", "Uniform from low to high.", {
      low: z.number().meta({ description: "Least weight." }),
      high: z.number().meta({ description: "Largest weight." }),
    }),
    distribution("constant", "All the same.", { value: z.number().meta({ description: "The weight." }) }),
  ])
  .meta({ description: "Distribution that weights are drawn from." });

const initialSchema = z
  .strictObject({
    distribution: distributionSchema.optional(),
    fans: z.enum(["synapses", "full"]).optional().meta({
      description: "What fans count: synapses that exist (default), or the full matrix as PyTorch does.",
    }),
    signs: z.enum(["size", "clamp"]).optional().meta({
      description: "Under Dale's law draws lend their size (default), or those of the wrong sign become 0.",
    }),
    balance: z.enum(["none", "rows", "matrix"]).optional().meta({
      description:
        "Excitation and inhibition: each row sums to 0 (`rows`), or nn4n's (`matrix`). Default none.",
    }),
    spectralRadius: z.number().gt(0).optional().meta({
      description: "Spectral radius of the recurrent weights as they act, > 0; default as drawn.",
    }),
  })
  .meta({ description: "How these weights start." });

const density = z
  .union([
    z.number().min(0).max(1),
    z.partialRecord(z.enum(["E", "I", "E->E", "E->I", "I->E", "I->I"]), z.number().min(0).max(1)),
  ])
  .meta({
    description: "Share of the possible synapses, 0 … 1: one for all, by sending cell { E, I }, or by both.",
  });

const areaSchema = z
  .strictObject({
    name: z.string().min(1).meta({ description: "Name of the area." }),
    units: z.int().min(0).max(20_000).meta({ description: "Units, ≥ 1." }),
    excitatory: share(
      "Share of excitatory units, 0 … 1; then Dale's law holds. Give it for all areas or for none.",
    ).optional(),
    tau: z
      .number()
      .gt(0)
      .optional()
      .meta({ description: "Time constant of its units [ms], > 0; default network.tau." }),
  })
  .meta({ description: "One area." });

const groupSchema = z
  .strictObject({
    channels: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "How many inputs or outputs, in order; default all that are left." }),
    areas: z.array(z.string().min(1)).min(1).optional().meta({ description: "Areas by name; default all." }),
    cells: z.enum(["E", "I"]).optional().meta({ description: "Kind of cells; default both." }),
  })
  .meta({ description: "A group of inputs or outputs, and the units it is connected with." });

const layoutSchema = z
  .strictObject({
    list: z.array(areaSchema).min(1).meta({ description: "The areas, in order." }),
    within: density.optional().meta({ description: "Density within each area, default 1." }),
    between: z
      .union([density, z.strictObject({ forward: density, backward: density })])
      .optional()
      .meta({
        description: "Density between areas, default 0; { forward, backward } by the order of the areas.",
      }),
    pairs: z.record(z.string(), density).optional().meta({
      description: 'Exceptions by pair, e.g. { "V1->V2": 0.2 } from V1 to V2.',
    }),
    draw: z.enum(["exact", "bernoulli"]).optional().meta({
      description: "`exact` (default): the rounded number of synapses; `bernoulli`: each by chance.",
    }),
    inputs: z
      .array(groupSchema)
      .min(1)
      .optional()
      .meta({ description: "Which areas get which inputs; default all get all." }),
    outputs: z
      .array(groupSchema)
      .min(1)
      .optional()
      .meta({ description: "Which areas are read by which outputs; default all by all." }),
  })
  .meta({ description: "Areas with their own units, densities, inputs and outputs." });

/** Models of networks, with the parts of each that can be trained; equations have their parameters beside these. */
export const MODEL_PARTS = {
  rate: PART_NAMES,
  elman: ELMAN_PARTS,
  current: CURRENT_PARTS,
  spiking: SPIKING_PARTS,
  equations: EQUATION_PARTS,
} as const;

/** A model of networks. */
export type TrainedModel = keyof typeof MODEL_PARTS;

/** What differs between models where the file says nothing. */
const MODEL_DEFAULTS = {
  rate: { activation: "relu", enforce: "rectify", autapses: false, start: 0.1 },
  elman: { activation: "tanh", enforce: "project", autapses: true, start: 0 },
  current: { activation: "relu", enforce: "project", autapses: true, start: 0 },
  // Spikes have no activation function, the readout is linear, and membranes start at 0.
  spiking: { activation: undefined, enforce: "rectify", autapses: false, start: undefined },
  equations: { activation: undefined, enforce: "rectify", autapses: false, start: undefined },
} as const;

const parts = [...new Set(Object.values(MODEL_PARTS).flatMap((of) => Object.keys(of)))] as [
  TrainedPart,
  ...TrainedPart[],
];
/** A part that can be trained. */
export type TrainedPart = { [M in TrainedModel]: keyof (typeof MODEL_PARTS)[M] }[TrainedModel];
const models = Object.keys(MODEL_PARTS) as [TrainedModel, ...TrainedModel[]];
const activations = Object.keys(RATE_ACTIVATIONS) as [RateActivation, ...RateActivation[]];
const least0 = (description: string) => z.number().min(0).optional().meta({ description });

/** The network that is trained. */
export const trainedNetworkSchema = z
  .strictObject({
    model: z.enum(models).default("rate").meta({
      description:
        "`rate`: the continuous-time rate network of Song et al. (2016); `elman`: torch's nn.RNN; `current`: nn4n's; `spiking`: integrate-and-fire units trained through their spikes; `equations`: units of your own.",
    }),
    units: z.int().min(1).max(20_000).optional().meta({
      description: "Recurrent units, ≥ 1; default those of the connectome or of the areas, else 100.",
    }),
    activation: z.enum(activations).optional().meta({
      description: "f in r = f(x); default relu, of elman tanh. Spiking networks have none.",
    }),
    outputActivation: z.enum(activations).optional().meta({
      description:
        "g in z = g(W r + b), default linear; classes by softmax need linear, the loss has it. Spiking networks have none.",
    }),
    tau: perUnit(
      z.number().gt(0).max(1e7),
      "Time constant [ms], > 0; of rate default 100, or the step in tasks that count in items; of spiking 20; of current instead of alpha, α = dt / τ.",
    ).optional(),
    noise: z.number().min(0).default(0).meta({
      description:
        "Of rate: standard deviation that noise gives x of a unit alone, ≥ 0; Song et al. have 0.15.",
    }),
    gain: perUnit(z.number(), "Of rate: g in r = f(g x), default 1.").optional(),
    alpha: perUnit(z.number().gt(0).max(1), "Of current: α = dt / τ, 0 < α ≤ 1, default 0.1.").optional(),
    preNoise: least0("Of current: standard deviation of noise on the input of units, ≥ 0, default 0."),
    postNoise: least0("Of current: standard deviation of noise on rates, ≥ 0, default 0."),
    biases: z
      .union([z.literal([0, 1, 2]), z.enum(["zero", "uniform", "normal"])])
      .optional()
      .meta({
        description:
          "Of elman: how many biases units have, 0, 1 or 2 as torch; of current: how they start, zero, uniform or normal.",
      }),
    tauSynapse: perUnit(
      z.number().gt(0).max(1e7),
      "Of spiking: time constant of what a spike does [ms], > 0, default 100.",
    ).optional(),
    refractory: perUnit(
      z.number().min(0),
      "Of spiking: time after a spike in which a unit rests [ms], ≥ 0, default 0.",
    ).optional(),
    adaptation: perUnit(
      z.number().min(0),
      "Of spiking: how far a spike raises the threshold, ≥ 0, default 0.15.",
    ).optional(),
    tauAdaptation: perUnit(
      z.number().gt(0).max(1e7),
      "Of spiking: time constant with which thresholds fall back [ms], > 0, default 1000.",
    ).optional(),
    drive: perUnit(z.number(), "Of spiking: constant drive of a unit, default 0.8.").optional(),
    neuron: echoState.optional().meta({
      description: "Of equations: a neuron of the library instead of a text; it reads sum(in) and sum(rec).",
    }),
    ...ownUnitKeys,
    dale: z
      .union([z.number().min(0).max(1), z.literal("connectome"), z.literal("weights")])
      .optional()
      .meta({
        description:
          "Dale's law: share of excitatory units, 0 … 1; `connectome`: the sign of what each node sends; `weights`: of what each unit sends in the file of network.weights. Default none.",
      }),
    enforce: z.enum(ENFORCEMENTS).optional().meta({
      description:
        "How signs are kept: rectify (Song et al. 2016; default of rate and spiking), project (nn4n; of elman and current), absolute (PsychRNN).",
    }),
    autapses: z.boolean().optional().meta({
      description: "Whether units may contact themselves; default false, of elman and current true.",
    }),
    density: z.number().gt(0).max(1).default(1).meta({
      description: "Probability of each recurrent synapse among those the wiring allows, 0 < density ≤ 1.",
    }),
    fixed: fixedSchema,
    initial: z
      .strictObject({
        in: initialSchema.optional(),
        rec: initialSchema.optional(),
        out: initialSchema.optional(),
      })
      .default({})
      .meta({ description: "Initial weights of each projection; default those of the model." }),
    weights: givenWeightsSchema.optional(),
    start: z.number().optional().meta({
      description:
        "State before the first step; default 0.1, of elman and current 0. Spiking networks have none.",
    }),
    train: z
      .array(z.union([z.enum(parts), z.string().min(1)]))
      .min(1)
      .optional()
      .meta({
        description:
          "What is trained, e.g. [in, rec, out, bias]; default all weights and biases, of rate start too. Of equations also their parameters by name; default [in, rec, out, outputBias].",
      }),
    areas: layoutSchema.optional(),
  })
  .transform((network) => {
    const defaults = MODEL_DEFAULTS[network.model];
    const { activation, outputActivation, enforce, autapses, start } = network;
    return {
      ...network,
      activation: activation ?? defaults.activation,
      outputActivation: outputActivation ?? (network.model === "spiking" ? undefined : "linear"),
      enforce: enforce ?? defaults.enforce,
      autapses: autapses ?? defaults.autapses,
      start: start ?? defaults.start,
    };
  })
  .meta({ description: "The network, before it is trained." });

/** The network as a file describes it. */
export type TrainedNetworkChoice = z.output<typeof trainedNetworkSchema>;
/** Areas as a file describes them. */
export type LayoutChoice = z.output<typeof layoutSchema>;
