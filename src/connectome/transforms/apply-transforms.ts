/**
 * @file A list of transforms as plain data, as an experiment file holds it, applied one after another.
 */

import { CajalError, type Rng, suggest } from "../../core/index.ts";
import type { Connectome } from "../connectome.ts";
import type { NodeSelector } from "../select.ts";
import { assignSigns, type InhibitoryNodes } from "./assign-signs.ts";
import { binarize } from "./binarize.ts";
import { keepNodes } from "./keep-nodes.ts";
import { largestComponent } from "./largest-component.ts";
import { normalizeSpectralRadius } from "./normalize-spectral-radius.ts";
import { removeSelfLoops } from "./remove-self-loops.ts";
import { scaleWeights } from "./scale-weights.ts";
import { symmetrize } from "./symmetrize.ts";
import { thresholdDensity } from "./threshold-density.ts";

/** One step; each is documented at the function that does it. */
export type Transform =
  | { kind: "largest-component"; connection?: "weak" | "strong" }
  | { kind: "keep-nodes"; nodes: NodeSelector }
  | { kind: "scale"; min?: number; max?: number }
  | { kind: "spectral-radius"; value?: number }
  | { kind: "binarize" }
  | { kind: "remove-self-loops" }
  | { kind: "symmetrize" }
  | { kind: "threshold-density"; density: number }
  | { kind: "assign-signs"; inhibitory: InhibitoryNodes };

type Apply<K extends Transform["kind"]> = (
  connectome: Connectome,
  transform: Extract<Transform, { kind: K }>,
  rng: Rng,
) => Connectome;

const TABLE: { [K in Transform["kind"]]: Apply<K> } = {
  "largest-component": (c, t) => largestComponent(c, t),
  "keep-nodes": (c, t, rng) => keepNodes(c, t.nodes, rng),
  scale: (c, t) => scaleWeights(c, t),
  "spectral-radius": (c, t) => normalizeSpectralRadius(c, t.value),
  binarize: (c) => binarize(c),
  "remove-self-loops": (c) => removeSelfLoops(c),
  symmetrize: (c) => symmetrize(c),
  "threshold-density": (c, t) => thresholdDensity(c, t.density),
  "assign-signs": (c, t, rng) => assignSigns(c, { inhibitory: t.inhibitory, rng }),
};

/** Kinds of transforms, for schemas and messages. */
export const TRANSFORM_KINDS = Object.keys(TABLE) as readonly Transform["kind"][];

/**
 * Apply transforms in order. Each draws from a stream named after its kind (and how many of that kind came before),
 * so adding a step of another kind does not change what it draws.
 *
 * @throws CajalError `unknown-transform` and those of the steps, with the number of the step in `where`.
 * @example applyTransforms(worm, [{ kind: "largest-component" }, { kind: "spectral-radius", value: 0.9 }], rng)
 */
export function applyTransforms(connectome: Connectome, list: readonly Transform[], rng: Rng): Connectome {
  const counts = new Map<string, number>();
  return list.reduce((current, transform, i) => {
    const { kind } = transform;
    const before = counts.get(kind) ?? 0;
    counts.set(kind, before + 1);
    if (!Object.hasOwn(TABLE, kind)) {
      throw new CajalError(`unknown transform "${kind}"`, {
        code: "unknown-transform",
        where: `transforms[${i}]`,
        hint: suggest(String(kind), TRANSFORM_KINDS),
      });
    }
    try {
      return (TABLE[kind] as Apply<typeof kind>)(
        current,
        transform as never,
        rng.stream(kind).stream(before),
      );
    } catch (error) {
      if (!(error instanceof CajalError)) throw error;
      const { code, hint, what } = error;
      throw new CajalError(what, { code, hint, where: `transforms[${i}] (${kind})`, cause: error });
    }
  }, connectome);
}
