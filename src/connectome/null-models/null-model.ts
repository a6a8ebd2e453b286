/**
 * @file Null models as plain data, as an experiment file holds them: a kind and its options.
 */

import { CajalError, type Rng, suggest } from "../../core/index.ts";
import type { Connectome } from "../connectome.ts";
import { rewire } from "./rewire.ts";

/** A null model; each is documented at the function that makes it. */
export type NullModelSpec = {
  kind: "rewired";
  swapsPerEdge?: number;
  connected?: boolean;
  maxAttempts?: number;
};

/** Facts on one kind of null model. */
export interface NullModel<K extends NullModelSpec["kind"]> {
  /** One line for lists and reports. */
  summary: string;
  /** What it keeps and what it destroys, and its source, for the methods paragraph of a report. */
  methods: string;
  apply(connectome: Connectome, spec: Extract<NullModelSpec, { kind: K }>, rng: Rng): Connectome;
}

/** Every null model by kind. */
export const NULL_MODELS: { readonly [K in NullModelSpec["kind"]]: NullModel<K> } = {
  rewired: {
    summary: "edges swapped at random; keeps every in- and out-degree and connectedness",
    methods:
      "degree-preserving edge swaps (Maslov & Sneppen 2002) that keep every in- and out-degree, the set of weights and connectedness (Viger & Latapy 2005)",
    apply: (connectome, { swapsPerEdge, connected, maxAttempts }, rng) =>
      rewire(connectome, { swapsPerEdge, connected, maxAttempts, rng }),
  },
};

/** Kinds of null models, for schemas and messages. */
export const NULL_MODEL_KINDS = Object.keys(NULL_MODELS) as readonly NullModelSpec["kind"][];

/**
 * One randomised copy of a connectome.
 *
 * @param rng - Give each copy its own stream: `rng.stream(k)`.
 * @throws CajalError `unknown-null-model`, and those of the null model.
 * @example applyNullModel(worm, { kind: "rewired", swapsPerEdge: 10 }, rng.stream("nulls").stream(3))
 */
export function applyNullModel(connectome: Connectome, spec: NullModelSpec, rng: Rng): Connectome {
  if (!Object.hasOwn(NULL_MODELS, spec.kind)) {
    throw new CajalError(`unknown null model "${spec.kind}"`, {
      code: "unknown-null-model",
      where: "applyNullModel",
      hint: suggest(String(spec.kind), NULL_MODEL_KINDS),
    });
  }
  return NULL_MODELS[spec.kind].apply(connectome, spec, rng);
}
