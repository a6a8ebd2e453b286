/**
 * @file What an experiment file says about the training itself: loss, optimiser, schedule, when to look and to stop.
 */

import { z } from "zod";
import { SURROGATE_NAMES } from "../../compiler/index.ts";
import { RATE_METRICS, STOPPING_CRITERIA, WEIGHT_METRICS } from "../../learning/index.ts";
import { conditionListSchema } from "./trained-task-schema.ts";

const atLeast = (least: number, description: string) => z.number().min(least).meta({ description });
const whole = (least: number, description: string) => z.int().min(least).meta({ description });

const named = {
  name: z.string().min(1).optional().meta({ description: "Name in the history; default the kind." }),
  weight: z.number().optional().meta({ description: "Factor λ on the term, default 1; 0: only watched." }),
};
const of = (fallback: string) =>
  z.string().min(1).default(fallback).meta({
    description: "Variable: z (outputs), r (rates), x (states), or population.variable.",
  });
const weights = z.enum(["in", "rec", "out"]).default("rec").meta({ description: "Which weights." });
const powerKey = z.number().optional().meta({ description: "Power that rates are raised to, default 2." });

function term<K extends string, S extends z.ZodRawShape>(kind: K, description: string, options: S) {
  return z.strictObject({ kind: z.literal(kind), ...named, ...options }).meta({ description });
}

const supervised = { of: of("z") };

const terms = [
  term("mse", "Mean squared error of the outputs, where the mask counts.", supervised),
  term(
    "binary-cross-entropy",
    "Binary cross-entropy of outputs before a sigmoid, which it has itself; targets between 0 and 1.",
    supervised,
  ),
  term("cross-entropy", "Cross-entropy of softmax outputs with the labels.", supervised),
  term(
    "nll",
    "Negative log-likelihood after a log-softmax of the outputs, as torch's NLLLoss after LogSoftmax: cross-entropy by its other name.",
    supervised,
  ),
  term("soft-cross-entropy", "Cross-entropy with targets as probabilities.", supervised),
  term("rate", "Level or spread of activity.", {
    of: of("r"),
    metric: z.enum(RATE_METRICS).optional().meta({ description: "What is penalised, default l2." }),
    target: z.number().optional().meta({ description: "Wanted rate, default 0." }),
    absolute: z.boolean().optional().meta({ description: "Take |r|, default false." }),
  }),
  term("smoothness", "Squared change of activity from step to step.", {
    of: of("r"),
    lag: whole(1, "Steps between what is compared, ≥ 1, default 1.").optional(),
  }),
  term("entropy", "Entropy of activity over units.", { of: of("r"), power: powerKey }),
  term("divergence", "How two populations differ.", {
    of: of("r"),
    from: z.string().min(1).meta({ description: "Variable of the other population." }),
    symmetric: z.boolean().optional().meta({ description: "Default false." }),
    power: powerKey,
  }),
  term("weight", "Size of weights.", {
    weights,
    metric: z.enum(WEIGHT_METRICS).optional().meta({ description: "Default l2-mean." }),
  }),
  term("hebbian", "Correlation of activity along recurrent weights.", { of: of("r"), weights }),
] as const;

/** One term of a loss. */
export const lossTermSchema = z
  .discriminatedUnion("kind", terms)
  .meta({ description: "One term of the loss." });

/** One term that is trained on and not validated. */
export const regulariserSchema = z
  .discriminatedUnion("kind", [
    ...terms,
    term("omega", "Keeps gradients from vanishing, Pascanu et al. (2013); Song et al. have weight 2.", {}),
  ])
  .meta({ description: "A further term." });

const overrides = z
  .record(
    z.string(),
    z.strictObject({
      learningRateScale: atLeast(0, "Factor on the learning rate, ≥ 0; 0 freezes.").optional(),
      weightDecay: atLeast(0, "In place of the optimiser's own, ≥ 0.").optional(),
    }),
  )
  .optional()
  .meta({ description: "Exceptions by part: in, rec, out, bias, outputBias, start, tau." });
const common = {
  learningRate: z.number().gt(0).default(1e-3).meta({ description: "Step size, > 0." }),
  weightDecay: atLeast(0, "Decay of weights, ≥ 0; default 0, of adamw 0.01.").optional(),
  overrides,
};
const below1 = (description: string) => z.number().min(0).lt(1).optional().meta({ description });
const epsilon = atLeast(0, "Added to the root, ≥ 0, default 1e-8.").optional();
const adam = {
  ...common,
  beta1: below1("Share of the old mean that is kept, default 0.9."),
  beta2: below1("Share of the old mean square that is kept, default 0.999."),
  epsilon,
  amsgrad: z
    .boolean()
    .optional()
    .meta({ description: "Divide by the largest mean square so far, default false." }),
};

/** The optimiser; formulas and defaults are PyTorch's. */
export const optimiserSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("adam"), ...adam }).meta({ description: "Kingma & Ba (2015)." }),
    z.strictObject({ kind: z.literal("adamw"), ...adam }).meta({ description: "Adam with decoupled decay." }),
    z
      .strictObject({
        kind: z.literal("sgd"),
        ...common,
        momentum: below1("Momentum, 0 ≤ μ < 1, default 0."),
        dampening: z.number().min(0).max(1).optional().meta({ description: "0 … 1, default 0." }),
        nesterov: z.boolean().optional().meta({ description: "Nesterov's look-ahead, default false." }),
      })
      .meta({ description: "Gradient descent." }),
    z
      .strictObject({
        kind: z.literal("rmsprop"),
        ...common,
        smoothing: below1("Share of the old mean square that is kept, default 0.99."),
        epsilon,
        momentum: below1("Momentum, 0 ≤ μ < 1, default 0."),
        centered: z
          .boolean()
          .optional()
          .meta({ description: "Divide by the standard deviation, default false." }),
      })
      .meta({ description: "Tieleman & Hinton (2012)." }),
  ])
  .meta({ description: "The optimiser, in the formulas of PyTorch: adam, adamw, sgd, rmsprop." });

const warmUp = z
  .strictObject({
    length: whole(0, "Updates until the rate is reached, ≥ 0."),
    from: z.number().min(0).max(1).optional().meta({ description: "Share to begin with, default 0.1." }),
  })
  .optional()
  .meta({ description: "First the rate rises on a line." });
const least = z
  .number()
  .min(0)
  .max(1)
  .optional()
  .meta({ description: "Smallest share of the rate, default 0." });
const factor = z.number().min(0).lt(1).optional().meta({ description: "Each time times this, default 0.1." });

/** How the learning rate changes. */
export const scheduleSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("constant"), warmUp }).meta({ description: "Always the same." }),
    z
      .strictObject({
        kind: z.literal("step"),
        warmUp,
        every: whole(1, "Updates between two cuts, ≥ 1."),
        factor,
      })
      .meta({ description: "Cut at equal distances." }),
    z
      .strictObject({
        kind: z.literal("exponential"),
        warmUp,
        factor: z.number().gt(0).meta({ description: "Times this after each update, > 0." }),
      })
      .meta({ description: "A little less with each update." }),
    z
      .strictObject({
        kind: z.literal("cosine"),
        warmUp,
        length: whole(1, "Updates down to the least, ≥ 1."),
        least,
      })
      .meta({ description: "Down a half cosine." }),
    z
      .strictObject({
        kind: z.literal("plateau"),
        warmUp,
        factor,
        patience: whole(0, "Validations without a better loss before a cut, ≥ 0, default 10.").optional(),
        threshold: atLeast(0, "How much better counts, default 1e-4.").optional(),
        absolute: z
          .boolean()
          .optional()
          .meta({ description: "Whether the threshold is a difference, default false." }),
        cooldown: whole(0, "Validations after a cut that do not count, default 0.").optional(),
        least,
      })
      .meta({ description: "Cut when the loss of the validations no longer falls." }),
  ])
  .meta({ description: "How the learning rate changes with updates." });

/** Limits of the gradient. */
export const clipSchema = z
  .strictObject({
    norm: z.number().gt(0).optional().meta({ description: "Largest norm over all parameters, > 0." }),
    value: z.number().gt(0).optional().meta({ description: "Largest size of each number, > 0." }),
    epsilon: z.number().min(0).optional().meta({
      description: "Added to the norm that gradients are divided by, ≥ 0, default 0; torch has 1e-6.",
    }),
  })
  .default({ norm: 1 })
  .meta({ description: "Limits of the gradient, default { norm: 1 }; {} for none." });

/** Trials without a reset. Left out, a file means what it meant before there was this. */
export const continuousSchema = z.boolean().optional().meta({
  description:
    "Whether trials follow each other without a reset, default false: trial k of a batch begins in the state in which trial k of the batch before ended. pycog's continuous mode has batchSize 1. Starts are not trained then; validation and test begin in the states that training has come to.",
});

/** Trials that are never trained on. */
export const validationSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      trials: whole(1, "At least so many, ≥ 1; whole batches are taken.").default(200),
      every: whole(1, "Updates between two validations, ≥ 1.").default(50),
      conditions: conditionListSchema.default("drawn"),
    }),
  ])
  .prefault({})
  .meta({ description: "Fixed trials to look at now and then; false for none." });

/** When training ends before its last update. */
export const earlyStoppingSchema = z
  .strictObject({
    criterion: z.enum(STOPPING_CRITERIA).default("fractionCorrect").meta({
      description:
        "What validations are judged by. `worstFractionCorrect`: the smallest fraction correct of any condition (Song et al. 2016); validate with `conditions: grid` and many trials of each.",
    }),
    target: z
      .number()
      .min(0)
      .optional()
      .meta({ description: "Stop when this is reached, as a mean of `window` validations." }),
    window: whole(1, "Validations that are averaged, ≥ 1, default 1; Song et al. have 5.").optional(),
    patience: whole(1, "Stop after so many validations without a better one, ≥ 1.").optional(),
  })
  .meta({ description: "When training ends before its last update; give a target, a patience, or both." });

const stageWindow = whole(1, "Validations that are averaged, ≥ 1, default 1.").optional();

/** What ends a stage of the curriculum. */
const goalSchema = z
  .union([
    z.strictObject({
      fractionCorrect: z.number().min(0).max(1).meta({ description: "At least this share is right, 0 … 1." }),
      window: stageWindow,
    }),
    z.strictObject({ loss: atLeast(0, "The loss is at most this, ≥ 0."), window: stageWindow }),
  ])
  .meta({
    description:
      "Goal that ends the stage, e.g. { fractionCorrect: 0.85, window: 2 } or { loss: 0.1 }. Judged at every validation, by as many trials as that has, with the conditions of the stage.",
  });

/** Conditions that change as training goes on. */
export const curriculumSchema = z
  .array(
    z.strictObject({
      update: whole(
        0,
        "First update of this stage, 0 is the first; before that it begins when the stage before reaches its goal.",
      ).optional(),
      until: goalSchema.optional(),
      conditions: conditionListSchema,
    }),
  )
  .default([])
  .meta({
    description:
      "Stages with conditions of their own: each begins at its `update`, or when the stage before has reached its `until`.",
  });

/** What is tried at the end, with the best parameters. */
export const testSchema = z
  .strictObject({
    trials: whole(1, "Trials, ≥ 1.").max(1_000_000).default(200),
    shown: z
      .int()
      .min(0)
      .max(24)
      .default(12)
      .meta({ description: "Trials kept whole for pictures, 0 … 24." }),
    conditions: conditionListSchema.default("grid"),
    task: z.record(z.string(), z.unknown()).default({}).meta({
      description: "Options of the task that differ from training, e.g. { phase: testing }.",
    }),
  })
  .prefault({})
  .meta({ description: "Fresh trials for the best parameters, after training." });

/** How the gradient is computed. */
export const gradientSchema = z
  .strictObject({
    checkpoint: z
      .union([z.boolean(), whole(1, "Steps.")])
      .optional()
      .meta({
        description:
          "Keep the state only every so many steps and compute the rest again, same bits; true: every √steps; default: when memory asks.",
      }),
    memory: z.number().gt(0).optional().meta({
      description: "Most bytes for the states of all steps before checkpoints set in, default 512 MiB.",
    }),
    window: whole(1, "Steps that the gradient is carried back, ≥ 1; default all.").optional(),
    shards: whole(
      1,
      "Parts of a batch that threads can train at once, 1 … batchSize, default 1. Gradients are summed in each, then over all: last bits depend on it, and not on --threads.",
    ).optional(),
    surrogate: z
      .strictObject({
        kind: z.enum(SURROGATE_NAMES).meta({ description: "Its shape." }),
        slope: z.number().gt(0).optional().meta({ description: "β > 0, default 10." }),
      })
      .optional()
      .meta({ description: "What stands for the derivative of thresholds." }),
  })
  .default({})
  .meta({ description: "How the gradient is computed; results do not depend on checkpoint and memory." });
