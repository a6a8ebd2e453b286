/**
 * @file From the name of a trainable to what it is.
 */

import { CajalError, suggest } from "../../core/index.ts";
import type { RunPlan } from "../plan.ts";

/** Something that gets a gradient; populations and projections by their place in the plan. */
export type Trainable =
  | { kind: "weights"; name: string; projection: number }
  | { kind: "parameter"; name: string; population: number; parameter: string }
  | { kind: "initial"; name: string; population: number; variable: string }
  /** The start of each trial, as `forward` was given it. */
  | { kind: "start"; name: string; population: number; variable: string }
  | { kind: "input"; name: string; input: string };

/** Resolve the names of all trainables. @throws CajalError `unknown-trainable`, `duplicate-name`. */
export function findTrainables(names: readonly string[], plan: RunPlan): Trainable[] {
  const known = knownTrainables(plan);
  return names.map((name, k) => {
    if (names.indexOf(name) !== k) {
      throw new CajalError(`"${name}" is listed twice`, { code: "duplicate-name", where: "trainable" });
    }
    const found = known.filter((t) => t.name === name);
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      throw new CajalError(`${found.length} projections are called "${name.slice("weights:".length)}"`, {
        code: "duplicate-name",
        where: "trainable",
        hint: 'Give each a name of its own: projection(from, to, { name: "…", … }).',
      });
    }
    throw new CajalError(`there is no "${name}" to train`, {
      code: "unknown-trainable",
      where: "trainable",
      hint: suggest(
        name,
        known.map((t) => t.name),
      ),
    });
  });
}

// Implementation

function knownTrainables({ populations, projections, inputs }: RunPlan): Trainable[] {
  return [
    ...projections.map(
      ({ projection: { name } }, projection): Trainable => ({
        kind: "weights",
        name: `weights:${name}`,
        projection,
      }),
    ),
    ...populations.flatMap(({ population: { name }, model }, population): Trainable[] => [
      ...model.parameters.map(
        (parameter): Trainable => ({
          kind: "parameter",
          name: `${name}.${parameter}`,
          population,
          parameter,
        }),
      ),
      ...(["initial", "start"] as const).flatMap((kind) =>
        model.variables.map(
          (v): Trainable => ({ kind, name: `${kind}:${name}.${v.name}`, population, variable: v.name }),
        ),
      ),
    ]),
    ...[...inputs.keys()].map((input): Trainable => ({ kind: "input", name: `input:${input}`, input })),
  ];
}
