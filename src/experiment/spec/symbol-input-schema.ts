/**
 * @file What an experiment file says about symbols shown to a network.
 */

import { z } from "zod";
import { GRAMMARS, type GrammarName } from "../../tasks/index.ts";

const pools = {
  unitsPerSymbol: z
    .int()
    .min(1)
    .default(10)
    .meta({ description: "Excitatory units that a symbol drives, ≥ 1." }),
  gain: z.number().default(1).meta({ description: "Weight of the input on each of them." }),
  overlap: z.boolean().default(false).meta({ description: "Whether a unit may belong to several symbols." }),
};

const letters = z.int().min(1).default(10).meta({ description: "Size of the alphabet, ≥ 1." });
const share = (description: string) => z.number().min(0).max(1).meta({ description });
const shares = (of: string) =>
  z
    .array(share("0–1."))
    .min(1)
    .optional()
    .meta({ description: `Probability of each ${of}, summing to 1; default equal.` });

const steps = z.int().min(0).max(1_000_000);
/** Blank steps after a word: a number, or one drawn evenly from a range. */
const blanks = z
  .union([
    steps,
    z.strictObject({
      min: steps.meta({ description: "Fewest, ≥ 0." }),
      max: steps.meta({ description: "Most, ≥ min." }),
    }),
  ])
  .meta({ description: "Steps without a symbol after each word: ≥ 0, or { min, max } to draw from." });

const grammar = z
  .union([
    z.enum(Object.keys(GRAMMARS) as [GrammarName, ...GrammarName[]]),
    z.strictObject({
      start: z.string().min(1).meta({ description: "State in which every sentence begins." }),
      rules: z
        .record(
          z.string().min(1),
          z
            .array(
              z.strictObject({
                emit: z.string().min(1).meta({ description: "Symbol shown." }),
                to: z.string().min(1).nullable().meta({ description: "Next state; null ends the sentence." }),
                probability: share("Of this rule in its state, 0–1."),
              }),
            )
            .min(1),
        )
        .meta({ description: "Rules of each state, their probabilities summing to 1." }),
    }),
  ])
  .default("agreement")
  .meta({
    description:
      "crossroads, agreement, brackets or shore; or a grammar of your own as { start, rules: { state: [{ emit, to, probability }] } }.",
  });

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
        letters,
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
        probabilities: shares("word"),
        blanks: blanks.default(0),
        ...pools,
      })
      .meta({
        description: "Your own words, in random order, with blanks between: the trials of an experiment.",
      }),
    z
      .strictObject({
        source: z.literal("occluder"),
        positions: z.int().min(3).default(8).meta({ description: "Places that the bar crosses, ≥ 3." }),
        hidden: z.int().min(1).default(4).meta({
          description: "Places in the middle behind the occluder, 1 … positions − 2.",
        }),
        ...pools,
      })
      .meta({ description: "A bar that moves left or right and for some steps is behind an occluder." }),
    z
      .strictObject({ source: z.literal("grammar"), grammar, ...pools })
      .meta({ description: "Sentences of a probabilistic regular grammar, one after another." }),
    z
      .strictObject({
        source: z.literal("poisson"),
        rate: z.number().min(0).max(1000).default(0.1).meta({
          description: "Mean number of symbols a step, ≥ 0; several in one step show one.",
        }),
        letters,
        probabilities: shares("letter"),
        ...pools,
      })
      .meta({ description: "Symbols at random times: input without any structure to learn." }),
    z
      .strictObject({
        source: z.literal("ambiguous-cue"),
        prior: share("Probability of A where the cue is clear, 0–1.").default(0.5),
        repeats: z.int().min(1).default(3).meta({ description: "Steps of X before the decision, ≥ 1." }),
        fractions: z
          .array(share("0–1."))
          .min(1)
          .default([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
          .meta({ description: "Shares of A in mixed cues, all equally often." }),
        mixed: z.array(z.string().min(1)).optional().meta({
          description: "Phases whose cues are mixed; default those that test a readout.",
        }),
        blanks: blanks.default({ min: 10, max: 15 }),
        ...pools,
      })
      .meta({
        description:
          "Trials A XXX _ and B XXX _: clear cues to learn from, then mixtures of A and B to decide about.",
      }),
  ])
  .meta({
    description:
      "Symbols shown to the network, one a step: counting, random-sequence, words, occluder, grammar, poisson or ambiguous-cue.",
  });

/** A source of symbols. */
export type SymbolInput = z.output<typeof inputSchema>;
/** Trials with a cue that is clear in some phases and mixed in others. */
export type CueInput = Extract<SymbolInput, { source: "ambiguous-cue" }>;
