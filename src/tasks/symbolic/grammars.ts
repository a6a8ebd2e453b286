/**
 * @file Small artificial grammars made for Cajal, each asking for one kind of memory.
 */

/** One way on from a state: the token shown, and the state after it; `to: null` ends the sentence. */
export interface GrammarRule {
  emit: string;
  to: string | null;
  probability: number;
}

/** A probabilistic regular grammar: from `start`, each step takes one rule of the state it is in. */
export interface Grammar {
  kind: "grammar";
  name: string;
  description: string;
  /** State in which every sentence begins. */
  start: string;
  /** Rules of each state; their probabilities sum to 1. */
  rules: Record<string, readonly GrammarRule[]>;
}

/** Names of the grammars that come with Cajal. */
export type GrammarName = "crossroads" | "agreement" | "brackets" | "shore";

/**
 * Grammars by name.
 *
 * - `crossroads`: letters on a loop of five states; the same letter means different things in different states, so one
 *   step of memory is not enough. Sentences of 3 letters or more.
 * - `agreement`: the first token (a or b) decides the last (c or d) over a run of fillers x and y of random length,
 *   5 on average: one bit held for a time not known beforehand.
 * - `brackets`: well-formed brackets at most three deep: a stack of bounded depth, that is a counter.
 * - `shore`: short sentences of English words with agents, verbs and objects that go together: a phrase grammar
 *   where the verb follows from the agent and the object from both.
 */
export const GRAMMARS: Record<GrammarName, Grammar> = {
  crossroads: {
    kind: "grammar",
    name: "crossroads",
    description: "letters on a loop of five states, ambiguous one by one",
    start: "gate",
    rules: {
      gate: [rule("k", "north", 0.5), rule("m", "south", 0.5)],
      north: [rule("l", "north", 0.3), rule("p", "square", 0.7)],
      south: [rule("p", "south", 0.3), rule("l", "square", 0.7)],
      square: [rule("r", "exit", 0.8), rule("k", "south", 0.2)],
      exit: [rule("m", null, 0.6), rule("p", "square", 0.4)],
    },
  },
  agreement: {
    kind: "grammar",
    name: "agreement",
    description: "the first token decides the last over fillers of random length",
    start: "open",
    rules: {
      open: [rule("a", "in a", 0.5), rule("b", "in b", 0.5)],
      "in a": [rule("x", "run a", 0.5), rule("y", "run a", 0.5)],
      "in b": [rule("x", "run b", 0.5), rule("y", "run b", 0.5)],
      "run a": [rule("x", "run a", 0.4), rule("y", "run a", 0.4), rule("c", null, 0.2)],
      "run b": [rule("x", "run b", 0.4), rule("y", "run b", 0.4), rule("d", null, 0.2)],
    },
  },
  brackets: {
    kind: "grammar",
    name: "brackets",
    description: "well-formed brackets at most three deep",
    start: "outside",
    rules: {
      outside: [rule("(", "one", 1)],
      one: [rule("(", "two", 0.5), rule(")", null, 0.5)],
      two: [rule("(", "three", 0.4), rule(")", "one", 0.6)],
      three: [rule(")", "two", 1)],
    },
  },
  shore: {
    kind: "grammar",
    name: "shore",
    description: "English sentences of agents, verbs and objects that go together",
    start: "sentence",
    rules: {
      sentence: [rule("the", "agent", 1)],
      agent: [rule("gull", "gull", 0.4), rule("otter", "otter", 0.35), rule("sailor", "sailor", 0.25)],
      gull: [rule("steals", "stolen", 0.6), rule("drops", "dropped", 0.4)],
      otter: [rule("opens", "opened", 0.7), rule("drops", "dropped", 0.3)],
      sailor: [rule("mends", "mended", 0.8), rule("opens", "bottle", 0.2)],
      stolen: [rule("bread", "stop", 0.5), rule("fish", "stop", 0.5)],
      dropped: [rule("shells", "stop", 1)],
      opened: [rule("shells", "stop", 0.9), rule("mussels", "stop", 0.1)],
      mended: [rule("nets", "stop", 0.75), rule("sails", "stop", 0.25)],
      bottle: [rule("bottles", "stop", 1)],
      stop: [rule(".", null, 0.8), rule("and", "sentence", 0.2)],
    },
  },
};

// Implementation

function rule(emit: string, to: string | null, probability: number): GrammarRule {
  return { emit, to, probability };
}
