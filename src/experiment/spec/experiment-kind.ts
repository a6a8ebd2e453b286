/**
 * @file Which kind of experiment a file holds, told by its key `kind`, and the schema that goes with it.
 */

import { experimentSchema, type ResolvedExperiment } from "./experiment-schema.ts";
import { issuesError } from "./issue.ts";
import { describeValue, named } from "./problem.ts";
import { type SelfOrganisationExperiment, selfOrganisationSchema } from "./self-organisation-schema.ts";
import type { Source } from "./source.ts";
import { type TrainingExperiment, trainingSchema } from "./training-schema.ts";

/** Kinds of experiment. A file without the key `kind` is of kind `memory`. */
export type ExperimentKind = "memory" | "self-organisation" | "training";

/** An experiment of any kind, every default filled in. */
export type AnyExperiment = ResolvedExperiment | SelfOrganisationExperiment | TrainingExperiment;

/** The schema of each kind. */
export const SCHEMAS = {
  memory: experimentSchema,
  "self-organisation": selfOrganisationSchema,
  training: trainingSchema,
} as const;

/** Kinds that a file names. */
const NAMED = ["self-organisation", "training"] as const;
const isNamed = (kind: unknown): kind is (typeof NAMED)[number] => NAMED.some((name) => name === kind);

/** Kind of plain data; whatever `kind` says that is not known counts as `memory`. */
export function kindOf(data: unknown): ExperimentKind {
  const kind = typeof data === "object" && data !== null ? (data as { kind?: unknown }).kind : undefined;
  return isNamed(kind) ? kind : "memory";
}

/** Kind of a file. @throws CajalError `unknown-name` when its `kind` is none. */
export function experimentKind(source: Source): ExperimentKind {
  const { kind } = source.data as { kind?: unknown };
  if (kind === undefined || isNamed(kind)) return kindOf(source.data);
  const { note } = named(String(kind), NAMED);
  throw issuesError([
    {
      code: "unknown-name",
      what: `kind must be "self-organisation" or "training", got ${describeValue(kind)}`,
      place: source.locate(["kind"], "value"),
      ...(note && { note }),
      hint: "Leave the key out for an experiment on the memory of a connectome.",
    },
  ]);
}

/** Whether an experiment is of the kind `self-organisation`. */
export function isSelfOrganisation(experiment: AnyExperiment): experiment is SelfOrganisationExperiment {
  return kindOf(experiment) === "self-organisation";
}

/** Whether jobs leave arrays in `records/`, and states to go on from in `checkpoints/`. */
export function keepsRecords(
  experiment: AnyExperiment,
): experiment is SelfOrganisationExperiment | TrainingExperiment {
  return kindOf(experiment) !== "memory";
}

/** Whether an experiment is of the kind `training`. */
export function isTraining(experiment: AnyExperiment): experiment is TrainingExperiment {
  return kindOf(experiment) === "training";
}
