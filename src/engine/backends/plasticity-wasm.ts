/**
 * @file Plasticity by compiled kernels: one set of functions per plastic projection, called for each instance.
 */

import type { MathLibrary, ModuleBuilder } from "../../compiler/index.ts";
import {
  addNormaliseIncoming,
  addNormaliseOutgoing,
  addPrune,
  addScatter,
  addSynapticUpdate,
} from "../kernels/index.ts";
import type { Slot } from "../memory.ts";
import type { PlannedProjection, RunPlan } from "../plan.ts";
import type { PlannedSynapticRule, PlasticWeights } from "../plasticity/plan-plasticity.ts";
import { pruneThreshold } from "../plasticity/prune-threshold.ts";
import type { Kernel } from "./kernel-calls.ts";

type Kernels = (name: string) => Kernel;

/** Add the kernels of a plastic projection: `<name>.scatter` and `<name>.<rule>`. */
export function addPlasticity(
  module: ModuleBuilder,
  math: MathLibrary,
  { plan, weights, name }: { plan: RunPlan; weights: PlasticWeights; name: string },
): void {
  const { precision, stride, dt, events } = plan.options;
  const { layout, rules } = weights;
  const target = { precision, stride, layout };
  addScatter(module, `${name}.scatter`, { ...target, events });
  const prunes = rules.some((r) => r.kind === "synaptic" && r.synapse.prune !== undefined);
  const prune = prunes ? addPrune(module, name, target) : undefined;
  const addresses = (slots: ReadonlyMap<string, Slot>) =>
    new Map([...slots].map(([variable, slot]) => [variable, slot.address]));
  for (const rule of rules) {
    const ruleName = `${name}.${rule.name}`;
    if (rule.kind === "normalisation") {
      const add = rule.over === "incoming" ? addNormaliseIncoming : addNormaliseOutgoing;
      add(module, ruleName, { ...target, ...rule });
    }
    if (rule.kind !== "synaptic") continue;
    const { synapse, arrays, parameters, pre, post } = rule;
    const places = {
      time: plan.time.address,
      parameters: addresses(parameters),
      pre: addresses(pre),
      post: addresses(post),
    };
    const withPrune = synapse.prune !== undefined && prune ? { prune } : {};
    addSynapticUpdate(module, ruleName, {
      ...target,
      math,
      dt,
      synapse,
      arrays,
      ...places,
      ...withPrune,
    });
  }
}

/** Rules of a projection, called with the instance. */
export function bindRules(
  { weights }: PlannedProjection,
  plan: RunPlan,
  { name, kernel, memory }: { name: string; kernel: Kernels; memory: ArrayBuffer },
): ((instance: number) => boolean)[] {
  if (weights.kind !== "plastic") return [];
  const { address, layout, rules, scratch } = weights;
  return rules.map((rule) => {
    if (rule.kind === "structural") return () => true;
    const run = kernel(`${name}.${rule.name}`);
    if (rule.kind === "normalisation") {
      const scratchOut = scratch + layout.rows * layout.bytes;
      return (b) => {
        run(address + b * layout.size, scratch, scratchOut);
        return true;
      };
    }
    const threshold = bindThreshold(rule, plan, memory);
    return (b) => run(address + b * layout.size, b * layout.bytes, threshold()) === 0;
  });
}

// Implementation

function bindThreshold(rule: PlannedSynapticRule, plan: RunPlan, memory: ArrayBuffer): () => number {
  const FloatView = plan.options.precision === "f64" ? Float64Array : Float32Array;
  const views = new Map(
    [...rule.parameters.values()].map((s) => [s, new FloatView(memory, s.address, s.length)]),
  );
  if (rule.synapse.prune?.kind === "constant") {
    const { value } = rule.synapse.prune;
    return () => value;
  }
  return () => pruneThreshold(rule, (slot) => views.get(slot)!) ?? Number.NEGATIVE_INFINITY;
}
