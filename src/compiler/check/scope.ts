/**
 * @file What is known while the names of one model are resolved, and the names the language keeps to itself.
 */

import type { Source } from "../parse/source.ts";
import type { Owner } from "./flags.ts";
import { FUNCTIONS } from "./functions.ts";
import type { Locality, RandomSite, Reduction } from "./model.ts";

/** What is known while one model is resolved; sites found on the way are added to it. */
export interface Scope {
  source: Source;
  owner: Owner;
  parameters: Set<string>;
  variables: Map<string, { locality: Locality }>;
  targets: string[];
  reductions: Reduction[];
  randoms: RandomSite[];
  /** Variables of the neurons that a synapse reads. */
  pre: string[];
  post: string[];
}

/** Names a model may not define, because the language uses them. */
export const RESERVED = new Set([
  ...[
    "t",
    "dt",
    "pi",
    "pre",
    "post",
    "sum",
    "mean",
    "min",
    "max",
    "if",
    "else",
    "elif",
    "and",
    "or",
    "not",
    "is",
  ],
  ...["True", "False", "t_pre", "t_post", "t_last", "last_spike", "i", "j", "active", "refractory", "size"],
  ...["Uniform", "Normal", "LogNormal", "Exponential", "Gamma", "DiscreteUniform", "Binomial"],
  ...Object.keys(FUNCTIONS),
]);

/** Nothing but parameters. */
export function newScope(owner: Owner, source: Source, parameters: readonly string[]): Scope {
  return {
    source,
    owner,
    parameters: new Set(parameters),
    variables: new Map(),
    targets: [],
    reductions: [],
    randoms: [],
    pre: [],
    post: [],
  };
}
