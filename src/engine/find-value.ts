/**
 * @file From the name of a value, `population.variable`, to its place in memory.
 */

import { CajalError, suggest } from "../core/index.ts";
import type { Slot } from "./memory.ts";
import type { PlannedPopulation, RunPlan } from "./plan.ts";

/** Place of a value, and the units it stands for. */
export interface FoundValue {
  slot: Slot;
  units: number;
}

/**
 * Find `"population.variable"`, `"population.parameter"`, `"population.sum(target)"` or `"input.r"`.
 *
 * @param others - Further names that exist, for the hint.
 * @throws CajalError `unknown-variable` with the nearest known name.
 */
export function findValue(name: string, plan: RunPlan, others: readonly string[]): FoundValue {
  const [group, member = ""] = name.split(".");
  const input = plan.inputs.get(group);
  if (input && member === "r") {
    return { slot: input, units: plan.network.inputs.find((i) => i.name === group)!.size };
  }
  const population = plan.populations.find((p) => p.population.name === group);
  const slot = population && findMember(population, member);
  if (slot) return { slot, units: population.population.size };
  const known = [
    ...others,
    ...[...plan.inputs.keys()].map((i) => `${i}.r`),
    ...plan.populations.flatMap((p) => membersOf(p).map((m) => `${p.population.name}.${m}`)),
  ];
  throw new CajalError(`there is no "${name}"`, {
    code: "unknown-variable",
    where: "simulation",
    hint: suggest(name, known),
  });
}

// Implementation

function membersOf(p: PlannedPopulation): string[] {
  return [
    ...p.model.variables.map((v) => v.name),
    ...p.model.parameters,
    ...p.targets.map((t) => `sum(${t})`),
  ];
}

function findMember(p: PlannedPopulation, member: string): Slot | undefined {
  const target = /^sum\((\w*)\)$/.exec(member);
  if (target) return p.slots.get(`sum:${target[1]}`);
  return p.slots.get(`variable:${member}`) ?? p.slots.get(`parameter:${member}`);
}
