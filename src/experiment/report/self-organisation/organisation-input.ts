/**
 * @file What the report of networks that organise themselves is made from: plain data, already read.
 */

import type { ShapedArray } from "../../results/array-archive.ts";
import type { FactorValue } from "../../spec/factors.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import type { RunFacts } from "../report-input.ts";
import type { SeedView } from "./seed-view.ts";

/** One job: a network with one seed. */
export interface SeedRun {
  job: string;
  repeat: number;
  metrics: Readonly<Record<string, number>>;
}

/** A network in one cell of the sweep, with all its seeds. */
export interface Setting {
  /** `full`, or `no-` and a rule. */
  network: string;
  /** Values of the sweep, by path. */
  factors: Readonly<Record<string, FactorValue>>;
  seeds: readonly SeedRun[];
}

/** A setting that is shown by a few figures of its first seed. */
export interface OtherSetting {
  network: string;
  factors: Readonly<Record<string, FactorValue>>;
  /** Its raster has the last steps alone. */
  view: SeedView;
}

/** Everything the report shows. */
export interface OrganisationInput {
  title: string;
  experiment: SelfOrganisationExperiment;
  experimentYaml: string;
  run: RunFacts;
  /** The first is the one that figures of a single network show. */
  settings: readonly Setting[];
  /** Arrays of the first setting's seeds, in their order. */
  records: readonly Readonly<Record<string, ShapedArray>>[];
  /** Some of the settings after the first, each with its first seed. */
  others: readonly OtherSetting[];
  /** The experiment of the first setting. */
  shown: SelfOrganisationExperiment;
  failures: readonly { job: string; message: string }[];
  warnings: readonly string[];
}
