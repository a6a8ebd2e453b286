/**
 * @file What an experiment file says about symbols shown to a network.
 */

import { z } from "zod";

const pools = {
  unitsPerSymbol: z
    .int()
    .min(1)
    .default(10)
    .meta({ description: "Excitatory units that a symbol drives, ≥ 1." }),
  gain: z.number().default(1).meta({ description: "Weight of the input on each of them." }),
  overlap: z.boolean().default(false).meta({ description: "Whether a unit may belong to several symbols." }),
};

/** A source of symbols with the pools of units they drive. */
export const inputSchema = z
  .discriminatedUnion("source", [
    z
      .strictObject({
        source: z.literal("counting"),
        n: z.int().min(1).max(1000).default(8).meta({ description: "Repeats of the middle letter, ≥ 1." }),
        ...pools,
      })
      .meta({
        description: "Words a bⁿ c and d eⁿ f in random order; to predict c or f a network must count.",
      }),
    z
      .strictObject({
        source: z.literal("random-sequence"),
        length: z.int().min(1).default(10).meta({ description: "Letters of the sequence, ≥ 1." }),
        letters: z.int().min(1).default(10).meta({ description: "Size of the alphabet, ≥ 1." }),
        ...pools,
      })
      .meta({ description: "One random sequence of letters, over and over." }),
    z
      .strictObject({
        source: z.literal("words"),
        words: z
          .array(z.string().min(1))
          .min(1)
          .meta({ description: "Words, one letter a step; `_` shows nothing." }),
        blanks: z
          .int()
          .min(0)
          .default(0)
          .meta({ description: "Steps without a symbol after each word, ≥ 0." }),
        ...pools,
      })
      .meta({ description: "Your own words, in random order." }),
  ])
  .meta({ description: "Symbols shown to the network, one a step: counting, random-sequence or words." });

/** A source of symbols. */
export type SymbolInput = z.output<typeof inputSchema>;
