/**
 * @file A model after checking: every name resolved, every flag placed. The input of the plan.
 */

import type { Span } from "../../core/index.ts";
import type { Source } from "../parse/source.ts";
import type { Term } from "../term.ts";

/** How an ODE is advanced over one step. */
export type Method = "explicit" | "exponential" | "implicit" | "midpoint" | "rk4";

/** One value per unit, or one for the whole population. */
export type Locality = "unit" | "population";

/** State that the step writes. */
export interface Variable {
  name: string;
  locality: Locality;
  /** Starting value: constant, or of parameters and fresh random numbers; absent means 0. */
  initial?: Term;
  /** Clamp applied right after the variable's own update. */
  minimum?: Term;
  maximum?: Term;
}

/** One occurrence of a distribution in the text: one draw per step. */
export interface RandomSite {
  /** Name of the site's symbol, e.g. `uniform:0`. */
  name: string;
  distribution: "uniform" | "normal";
  locality: Locality;
}

/** How a variable is reduced over the population. */
export type ReductionKind = "sum" | "mean" | "min" | "max";

/** A reduction that the equations read. */
export interface Reduction {
  /** Name of the reduction's symbol, e.g. `mean:x`. */
  name: string;
  kind: ReductionKind;
  variable: string;
}

/** A text with its name: the equations of a neuron or a synapse, or one rule of a neuron. */
export interface Section {
  source: Source;
  /** Name of the rule; absent for the equations themselves. */
  rule?: string;
}

/** One line, resolved, with the section it stands in. */
export type CheckedStatement =
  | { kind: "assign"; variable: string; value: Term; span: Span; section: Section }
  /** gradient = rate, already solved for the gradient; `stated`: the line names its method itself. */
  | {
      kind: "ode";
      variable: string;
      rate: Term;
      method: Method;
      stated: boolean;
      span: Span;
      section: Section;
    };

/** A whole model, resolved. */
export interface CheckedModel {
  source: Source;
  parameters: string[];
  variables: Variable[];
  /** Targets whose sums are read; the empty name means all targets together. */
  targets: string[];
  reductions: Reduction[];
  randoms: RandomSite[];
  /** Names of the rules, which can be switched off one by one, in the order they run. */
  rules: string[];
  statements: CheckedStatement[];
}

/** The equations of a synapse, resolved. */
export interface CheckedSynapse {
  source: Source;
  parameters: string[];
  /** State of each synapse; the first is `w`, the weight. */
  variables: Variable[];
  /** Variables read of the neuron before and after the synapse, each once, in order of appearance. */
  pre: string[];
  post: string[];
  /** Of parameters and numbers: a synapse whose weight is at most this after an update is removed. */
  prune?: Term;
  statements: CheckedStatement[];
}
