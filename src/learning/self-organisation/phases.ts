/**
 * @file The phases of a run: which learning rules act for how many steps.
 */

import { CajalError, suggest } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";

/** A stretch of a run during which the same rules act. */
export interface Phase {
  name: string;
  /** Whole number ≥ 1. */
  steps: number;
  /** Rules that are off, `"stdp"` or `"E->E.stdp"`; `"all"` of them, or none (default). */
  freeze?: "all" | readonly string[];
  /** Whether activity and synapses are recorded, default true. */
  record?: boolean;
  /** Further variables whose raster is kept in this phase, such as `E.r`; default none. */
  rasters?: readonly string[];
}

/** Names of all learning rules of a network, as a simulation has them: `E->E.stdp`, `E.ip`. */
export function ruleNames(network: Network): string[] {
  return [
    ...network.projections.flatMap((p) => p.plasticity.map((rule) => `${p.name}.${rule.name}`)),
    ...network.populations.flatMap((p) =>
      Object.keys(p.neuron.plasticity).map((rule) => `${p.name}.${rule}`),
    ),
  ];
}

/**
 * Rules to freeze so that only some act: `freezeAllBut(network, ["ip"])`.
 *
 * @throws CajalError `unknown-rule`.
 */
export function freezeAllBut(network: Network, rules: readonly string[]): string[] {
  const all = ruleNames(network);
  const kept = new Set(rules.flatMap((wanted) => matching(all, wanted, "freezeAllBut")));
  return all.filter((name) => !kept.has(name));
}

/** Full names of the rules that are off in a phase. */
export function frozenIn({ name, freeze = [] }: Phase, rules: readonly string[]): string[] {
  if (freeze === "all") return [...rules];
  const off = new Set(freeze.flatMap((wanted) => matching(rules, wanted, `phase "${name}"`)));
  return rules.filter((rule) => off.has(rule));
}

/** @throws CajalError `bad-phase`, `unknown-rule`. */
export function checkPhases(phases: readonly Phase[], rules: readonly string[]): void {
  if (phases.length === 0) {
    throw new CajalError("no phases given, nothing would run", {
      code: "bad-phase",
      where: "SelfOrganisation",
      hint: 'Give at least one: { name: "plastic", steps: 50000 }.',
    });
  }
  for (const phase of phases) {
    if (!Number.isInteger(phase.steps) || phase.steps < 1) {
      throw new CajalError(`steps must be a whole number ≥ 1, got ${phase.steps}`, {
        code: "bad-phase",
        where: `phase "${phase.name}"`,
      });
    }
    frozenIn(phase, rules);
  }
}

// Implementation

/** A name as `freeze` of a simulation reads it. */
function matching(rules: readonly string[], wanted: string, where: string): string[] {
  const found = rules.filter((rule) => rule === wanted || rule.endsWith(`.${wanted}`));
  if (found.length > 0) return found;
  throw new CajalError(`there is no rule "${wanted}"`, {
    code: "unknown-rule",
    where,
    hint: suggest(wanted, [...new Set(rules.flatMap((r) => [r.slice(r.lastIndexOf(".") + 1), r]))]),
  });
}
