/**
 * @file From a valid experiment with a network that organises itself to its jobs: ablations × repeats × cells of the
 * sweep, each a network of its own.
 */

import type { JobSpec } from "../jobs/job.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";
import type { PhaseChoice, SelfOrganisationExperiment } from "../spec/self-organisation-schema.ts";
import type { ExperimentPlan } from "./plan-experiment.ts";
import { planCells } from "./planned-factors.ts";

/** Name in tables of the network without the rule; `none` is the whole network, `all` one that never changes. */
export function ablationName(rule: string): string {
  if (rule === "all") return "static";
  return rule === "none" ? "full" : `no-${rule.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase()}`;
}

/** The phase whose activity is analysed: the one named, or the last without a readout, or the last. */
export function analysedPhase({ phases, analyse }: SelfOrganisationExperiment): number {
  const named = phases.findIndex(({ name }) => name === analyse);
  if (named >= 0) return named;
  const free = phases.findLastIndex(({ readout }) => readout === undefined);
  return free >= 0 ? free : phases.length - 1;
}

/** Steps of all phases together. */
export function totalSteps({ phases }: Pick<SelfOrganisationExperiment, "phases">): number {
  return phases.reduce((sum, { steps }) => sum + steps, 0);
}

/**
 * First step after the last phase in which rules act: from there on no synapse is born or dies. Of a network that never
 * changes the end of the run.
 */
export function plasticEnd({ phases }: Pick<SelfOrganisationExperiment, "phases">): number {
  const last = phases.findLastIndex(({ freeze }) => freeze !== "all");
  return totalSteps({ phases: last < 0 ? phases : phases.slice(0, last + 1) });
}

/** The jobs of an experiment, in the order they start: whole networks first. */
export function planSelfOrganisation(
  resolved: Resolved<SelfOrganisationExperiment>,
): ExperimentPlan<SelfOrganisationExperiment> {
  const { experiment } = resolved;
  const { factors, settings } = planCells(resolved);
  const jobs: JobSpec<SelfOrganisationExperiment>[] = [];
  for (const rule of experiment.ablations) {
    for (let repeat = 0; repeat < experiment.repeat; repeat++) {
      for (const { index, suffix, fixed, experiment: own } of settings) {
        const network = ablationName(rule);
        const id = `${network}.r${repeat}${suffix}`;
        const phases = own.phases.map((phase) => withoutRule(phase, rule));
        jobs.push({
          id,
          index: jobs.length,
          group: id,
          experiment: { ...own, phases, ablations: [rule] },
          network,
          nullModel: null,
          nullIndex: null,
          repeat,
          fixed,
          cells: [{ index, factors: {} }],
          steps: totalSteps(own),
        });
      }
    }
  }
  const networks = experiment.ablations.map((rule) => ({ name: ablationName(rule), model: null, count: 1 }));
  return { experiment, factors, networks, jobs, cells: settings.length };
}

// Implementation

function withoutRule(phase: PhaseChoice, rule: string): PhaseChoice {
  const { freeze } = phase;
  if (rule === "all") return { ...phase, freeze: "all" };
  if (rule === "none" || freeze === "all" || freeze.includes(rule)) return phase;
  return { ...phase, freeze: [...freeze, rule] };
}
