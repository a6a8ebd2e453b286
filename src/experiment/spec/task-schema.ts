/**
 * @file What an experiment file says about the task, the readout and the grid of values.
 */

import { z } from "zod";

/** What the network is asked to do. */
export const taskSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("memory-capacity"),
        steps: z
          .int()
          .min(10)
          .max(100_000_000)
          .default(4000)
          .meta({ description: "Length of the input series [steps], washout included." }),
        maxDelay: z
          .int()
          .min(1)
          .max(10_000)
          .default(40)
          .meta({ description: "Longest delay k to reconstruct [steps], ≥ 1." }),
        washout: z.int().min(0).default(200).meta({
          description: "First steps that are not used, while the network forgets its start [steps].",
        }),
      })
      .meta({
        description:
          "Reconstruct a uniform random input after 1 … maxDelay steps. After Jaeger (2001): capacity is Σ r²(k).",
      }),
  ])
  .meta({ description: "What the network is asked to do." });

/** The trained map from states to targets. */
export const readoutSchema = z
  .strictObject({
    kind: z.literal("ridge").default("ridge"),
    lambda: z
      .union([z.literal("gcv"), z.number().min(0)])
      .default("gcv")
      .meta({
        description:
          "Ridge penalty on standardised states, ≥ 0, or `gcv`: chosen by generalised cross-validation.",
      }),
    trainFraction: z.number().gt(0).lt(1).default(0.7).meta({
      description: "Share of the steps after the washout that trains; the rest, later in time, tests.",
    }),
  })
  .meta({ description: "The trained map from recorded states to targets." });

const count = z.int().min(1).max(100_000);

/** The values one path takes. */
export const sweepValuesSchema = z
  .union([
    z.array(z.unknown()).min(1).meta({ title: "A list of values" }),
    z
      .strictObject({ linspace: z.tuple([z.number(), z.number(), count]) })
      .meta({ title: "[first, last, n]: n values at equal distances" }),
    z
      .strictObject({
        logspace: z.tuple([z.number().min(-300).max(300), z.number().min(-300).max(300), count]),
      })
      .meta({ title: "[a, b, n]: n values from 10^a to 10^b at equal ratios" }),
    z
      .strictObject({ geomspace: z.tuple([z.number().gt(0), z.number().gt(0), count]) })
      .meta({ title: "[first, last, n]: n values at equal ratios, first and last > 0" }),
  ])
  .meta({
    description:
      "A list, { linspace: [first, last, n] }, { logspace: [a, b, n] } or { geomspace: [first, last, n] }.",
  });

/** Path → values; the grid is the product of all. */
export const sweepSchema = z.record(z.string(), sweepValuesSchema).meta({
  description:
    "Values to try, by dotted path, e.g. network.spectralRadius. The grid is the product of all lines.",
});
