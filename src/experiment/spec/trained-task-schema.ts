/**
 * @file What an experiment file says about the task a network is trained on: its name and its options.
 */

import { z } from "zod";

const number = (description: string) => z.number().meta({ description });
const whole = (least: number, description: string) => z.int().min(least).meta({ description });
const milliseconds = z.number().min(0).max(1e7);

const durationSchema = z
  .union([
    milliseconds.meta({ title: "A fixed duration [ms]" }),
    z
      .strictObject({
        kind: z.literal("choice"),
        values: z.array(milliseconds).min(1).meta({ description: "One of these is drawn [ms]." }),
      })
      .meta({ title: "One of several" }),
    z
      .strictObject({
        kind: z.literal("uniform"),
        min: milliseconds.meta({ description: "Shortest [ms]." }),
        max: milliseconds.meta({ description: "Longest [ms]." }),
      })
      .meta({ title: "Evenly from a range" }),
    z
      .strictObject({
        kind: z.literal("truncated-exponential"),
        mean: z.number().gt(0).meta({ description: "Mean before the cut [ms], > 0." }),
        min: milliseconds.meta({ description: "Shortest [ms]." }),
        max: milliseconds.meta({ description: "Longest [ms]." }),
      })
      .meta({ title: "Exponential, cut to a range" }),
  ])
  .meta({
    description:
      "Duration [ms]: a number, { kind: choice, values }, { kind: uniform, min, max } or { kind: truncated-exponential, mean, min, max }.",
  });

const dt = z
  .number()
  .gt(0)
  .max(1e6)
  .optional()
  .meta({ description: "Step [ms], > 0; default that of the task." });
const timing = z
  .record(z.string(), durationSchema)
  .optional()
  .meta({ description: "Durations of periods by name, in place of those of the task." });
const catchFraction = z
  .number()
  .min(0)
  .max(1)
  .optional()
  .meta({ description: "Share of catch trials, 0 … 1; default that of the paper." });
const noise = z
  .strictObject({
    sigma: z.number().min(0).meta({
      description: "Standard deviation of the noise after a unit has filtered it, ≥ 0; default 0.01.",
    }),
    tau: z.number().gt(0).meta({ description: "Time constant of that unit [ms], > 0; default 100." }),
    baseline: number("Added to every input; default 0.2, in PsychRNN's tasks 0."),
    rectify: z.boolean().meta({ description: "Whether inputs are cut at 0." }),
  })
  .partial()
  .optional()
  .meta({
    description: "Noise and baseline of the inputs; { sigma: 0, baseline: 0 } shows the bare signals.",
  });
const phase = z.enum(["training", "testing"]).optional().meta({
  description: "`training` (default): a short fixation; `testing`: a longer one, as the paper has it.",
});
const coherences = z
  .array(z.number().min(0))
  .min(1)
  .optional()
  .meta({ description: "Strengths of evidence, one is drawn for each trial." });

const decision = { dt, timing, noise, phase, catchFraction };
const psychRnn = {
  dt,
  timing,
  noise,
  length: z.number().gt(0).max(1e7).optional().meta({ description: "Length of a trial [ms], default 2000." }),
};
const fixation = {
  dt,
  timing,
  sigma: z.number().min(0).optional().meta({ description: "Noise of stimuli, ≥ 0, default 1." }),
  fixationWeight: z.number().min(0).optional().meta({
    description: "How much a step of fixation counts beside one of the answer, ≥ 0, default 1.",
  }),
};
const units = whole(2, "Units of a ring and choices, ≥ 2, default 2.").max(10_000).optional();
const ring = { ...fixation, units, coherences };
const back = {
  n: whole(1, "How far back, 1 ≤ n < length, default 2.").max(1e6).optional(),
  length: whole(2, "Items shown, the probe included, ≥ 2, default 5.").max(1e6).optional(),
};

function task<N extends string, S extends z.ZodRawShape>(name: N, description: string, options: S) {
  return z.strictObject({ name: z.literal(name), ...options }).meta({ description });
}

/** A task by name, with its options; what is left out is as the task has it. */
export const trainedTaskSchema = z
  .discriminatedUnion("name", [
    task("perceptual-decision", "Which of two directions of motion is the stronger? Song et al. (2016).", {
      ...decision,
      coherences,
      version: z.enum(["fixed", "variable", "reaction-time"]).optional().meta({
        description: "Whose end the stimulus follows: the clock (`fixed`, `variable`) or the network.",
      }),
    }),
    task(
      "context-integration",
      "Judge motion or colour, as a cue says. Mante et al. (2013), Song et al. (2016).",
      {
        ...decision,
        coherences,
      },
    ),
    task(
      "multisensory-integration",
      "Is a rate of flashes, clicks or both above a boundary? Raposo et al. (2014).",
      {
        ...decision,
        rates: z
          .array(z.number())
          .min(2)
          .optional()
          .meta({ description: "Rates of events [1/s], default 9 … 16." }),
        boundary: number("Rates above it are choice 1 [1/s], default 12.5.").optional(),
      },
    ),
    task(
      "parametric-working-memory",
      "Was the first of two vibrations the faster one? Romo et al. (1999).",
      decision,
    ),
    task("eye-movement-sequence", "Three eye movements in one of eight sequences. Averbeck & Lee (2007).", {
      dt,
      timing,
      noise,
    }),
    task("sine-wave", "A sine wave that the network makes by itself after a short cue, as pycog's example.", {
      dt,
      timing,
      period: z.number().gt(0).max(1e6).optional().meta({
        description: "Length of a period [ms], at least two steps, default 800.",
      }),
      periods: z.number().gt(0).max(1e6).optional().meta({
        description: "Periods of a trial, > 0, default 2; whole ones join without a jump.",
      }),
      amplitude: number("Largest value, default 0.9.").optional(),
      cue: milliseconds.optional().meta({
        description: "How long the cue is on at the start of a trial [ms], default 100; 0: nothing is shown.",
      }),
    }),
    task("random-dot-motion", "PsychRNN's random-dot motion. Britten et al. (1992).", {
      ...psychRnn,
      coherences,
    }),
    task("delayed-discrimination", "PsychRNN's delayed discrimination. Romo et al. (1999).", psychRnn),
    task(
      "delay-comparison",
      "NeuroGym's comparison of two values across a delay. Barak et al. (2010).",
      fixation,
    ),
    task("delayed-match-to-sample", "Is the second stimulus the first again? Miller et al. (1996).", {
      ...fixation,
      units,
    }),
    task("ring-decision", "NeuroGym's decision between directions on a ring, by classes.", ring),
    task("ring-multisensory", "NeuroGym's decision on evidence split between two rings.", ring),
    task("ring-context-decision", "NeuroGym's context-dependent decision on two rings.", {
      ...ring,
      context: z.enum(["first", "second"]).optional().meta({
        description: "Hold this context and show none; default: one is drawn and shown.",
      }),
    }),
    task("sequence-memory", "Give back a sequence of numbers after a cue. Goulas et al. (2021).", {
      length: whole(1, "Numbers to remember, ≥ 1, default 3.").max(1e6).optional(),
      low: number("Least number, default 0.").optional(),
      high: number("Largest number, default 1.").optional(),
    }),
    task("n-back", "Is the last number the one n steps before? Goulas et al. (2021).", back),
    task("picture-memory", "N-back with made-up pictures as vectors of features. Goulas et al. (2021).", {
      ...back,
      rescale: z.boolean().optional().meta({ description: "Bring each picture to 0 … 1, default true." }),
      classes: whole(2, "Classes of pictures, ≥ 2, default 10.").max(10_000).optional(),
      perClass: whole(1, "Pictures of each class, ≥ 1, default 100.").max(100_000).optional(),
      features: whole(1, "Features of a picture, ≥ 1, default 50.").max(10_000).optional(),
      spread: z.number().min(0).optional().meta({
        description: "Standard deviation of a picture around its class, in that of the classes, default 0.5.",
      }),
    }),
  ])
  .meta({ description: "What the network is trained on: a task by name, with its options." });

/** A task as a file describes it. */
export type TrainedTask = z.output<typeof trainedTaskSchema>;

const condition = z.union([z.number(), z.string(), z.boolean()]);

/** Conditions fixed in a trial, by name. */
export const conditionsSchema = z
  .record(z.string(), condition)
  .meta({ description: "Conditions to fix by name, e.g. { coherence: 51.2, direction: 1 }; `catch` too." });

/** Conditions of many trials. */
export const conditionListSchema = z
  .union([
    z.enum(["drawn", "grid"]),
    conditionsSchema,
    z.array(conditionsSchema).min(1).meta({ title: "A list that is gone through again and again" }),
  ])
  .meta({
    description:
      "`drawn`: as the task draws them; `grid`: every combination of its conditions in turn; or conditions to fix, one set or a list of sets.",
  });

/** `drawn`, `grid`, or sets of conditions. */
export type ConditionList = z.output<typeof conditionListSchema>;
