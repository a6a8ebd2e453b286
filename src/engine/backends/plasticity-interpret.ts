/**
 * @file Plasticity by the interpreter, over the same stores in the same order as the compiled kernels.
 */

import { FLUSH_BELOW, interpretSynapse, slotIndex } from "../../compiler/index.ts";
import type { FloatArray } from "../kernels/index.ts";
import type { Slot } from "../memory.ts";
import type { RunPlan } from "../plan.ts";
import type { PlannedNormalisation, PlannedSynapticRule } from "../plasticity/plan-plasticity.ts";
import { pruneThreshold } from "../plasticity/prune-threshold.ts";
import type { SynapseStore } from "../plasticity/store.ts";

/** One rule of one instance. @returns Whether all stored values are finite. */
export type Adapt = () => boolean;

type View = (slot: Slot) => FloatArray;

/** Weighted sums of one instance: adds to `out`, which the caller has cleared. */
export function scatter(
  store: SynapseStore,
  { out, x, instance, stride }: { out: FloatArray; x: FloatArray; instance: number; stride: number },
): void {
  const { columns, outCapacity } = store.layout;
  const [weights] = store.values;
  for (let pre = 0; pre < columns; pre++) {
    const value = x[pre * stride + instance];
    for (let e = pre * outCapacity; e < pre * outCapacity + store.outCount[pre]; e++) {
      const at = (store.outPost[e] / 4) * stride + instance;
      const product = weights[store.outSlot[e] / 4] * value;
      out[at] += out instanceof Float32Array ? Math.fround(product) : product;
    }
  }
}

/** Bind a synapse's equations to a store. */
export function bindSynaptic(
  rule: PlannedSynapticRule,
  store: SynapseStore,
  { plan, view, instance }: { plan: RunPlan; view: View; instance: number },
): Adapt {
  const { dt, precision, stride } = plan.options;
  const update = interpretSynapse(rule.synapse, { dt, flushBelow: FLUSH_BELOW[precision] });
  const at = (slot: Slot, unit: number) => view(slot)[slotIndex(slot.shape, { unit, instance }, stride)];
  const visit = (slot: number, post: number, pre: number) =>
    update(
      (kind, name) => {
        if (kind === "variable") return store.values[rule.arrays.get(name)!][slot];
        if (kind === "parameter") return view(rule.parameters.get(name)!)[0];
        if (kind === "time") return view(plan.time)[0];
        return at(rule[kind].get(name)!, kind === "pre" ? pre : post);
      },
      (name, value) => {
        store.values[rule.arrays.get(name)!][slot] = value;
      },
    );
  const eachSlot = rule.synapse.order === "post" ? eachRow : eachList;
  return () => {
    let finite = true;
    const threshold = pruneThreshold(rule, view);
    eachSlot(store, { threshold, isQuiet: (unit) => isQuiet(rule, at, unit) }, (slot, post, pre) => {
      if (!visit(slot, post, pre)) finite = false;
      store.dirty[post] = 1;
    });
    return finite;
  };
}

/** Scale the weights of one store. */
export function bindNormalisation(rule: PlannedNormalisation, store: SynapseStore): Adapt {
  return () => {
    if (rule.over === "incoming") normaliseIncoming(rule, store);
    else normaliseOutgoing(rule, store);
    return true;
  };
}

// Implementation

type Visit = (slot: number, post: number, pre: number) => void;

interface Walk {
  /** Weight at or below which synapses are removed. */
  threshold: number | undefined;
  /** Whether the unit is passed over. */
  isQuiet(unit: number): boolean;
}

function eachRow(store: SynapseStore, { threshold, isQuiet }: Walk, visit: Visit): void {
  const { rows, inCapacity } = store.layout;
  for (let post = 0; post < rows; post++) {
    if (isQuiet(post)) continue;
    const start = post * inCapacity;
    for (let s = start; s < start + store.inCount[post]; s++) visit(s, post, store.inPre[s] / 4);
    if (threshold === undefined) continue;
    for (let s = start; s < start + store.inCount[post]; ) {
      if (store.values[0][s] <= threshold) store.remove(s);
      else s++;
    }
  }
}

function eachList(store: SynapseStore, { threshold, isQuiet }: Walk, visit: Visit): void {
  const { columns, outCapacity } = store.layout;
  for (let pre = 0; pre < columns; pre++) {
    if (isQuiet(pre)) continue;
    const start = pre * outCapacity;
    for (let e = start; e < start + store.outCount[pre]; e++)
      visit(store.outSlot[e] / 4, store.outPost[e] / 4, pre);
    if (threshold === undefined) continue;
    for (let e = start; e < start + store.outCount[pre]; ) {
      if (store.values[0][store.outSlot[e] / 4] <= threshold) store.remove(store.outSlot[e] / 4);
      else e++;
    }
  }
}

/** Whether the guard of the equations says that nothing changes: then nothing is clamped or pruned either. */
function isQuiet(
  { synapse, pre, post }: PlannedSynapticRule,
  at: (slot: Slot, unit: number) => number,
  unit: number,
): boolean {
  const slots = synapse.order === "post" ? post : pre;
  return synapse.guard.length > 0 && synapse.guard.every((name) => at(slots.get(name)!, unit) === 0);
}

function rowSum(store: SynapseStore, post: number): number {
  const [weights] = store.values;
  const start = post * store.layout.inCapacity;
  const lanes = weights.slice(0, 4).fill(0);
  for (let k = 0; k < store.inCount[post]; k++) lanes[k % 4] += weights[start + k];
  return rounded(weights, rounded(weights, lanes[0] + lanes[2]) + rounded(weights, lanes[1] + lanes[3]));
}

function rounded(like: FloatArray, x: number): number {
  return like instanceof Float32Array ? Math.fround(x) : x;
}

function relaxed({ rate }: PlannedNormalisation, factor: number, round: (x: number) => number): number {
  return rate === 1 ? factor : round(1 + round(round(rate) * round(factor - 1)));
}

function normaliseIncoming(rule: PlannedNormalisation, store: SynapseStore): void {
  const [weights] = store.values;
  const round = (x: number) => rounded(weights, x);
  for (let post = 0; post < store.layout.rows; post++) {
    if (rule.onlyChanged && store.dirty[post] === 0) continue;
    store.dirty[post] = 0;
    const sum = rowSum(store, post);
    if (sum === 0) continue;
    const factor = relaxed(rule, round(round(rule.total) / sum), round);
    const start = post * store.layout.inCapacity;
    for (let s = start; s < start + store.inCount[post]; s++) weights[s] *= factor;
  }
}

function normaliseOutgoing(rule: PlannedNormalisation, store: SynapseStore): void {
  const { rows, columns, outCapacity } = store.layout;
  const [weights] = store.values;
  const round = (x: number) => rounded(weights, x);
  const inverse = (sum: number) => (sum === 0 ? 1 : round(round(rule.total) / sum));
  const incoming = Array.from({ length: rows }, (_, post) => inverse(rowSum(store, post)));
  const outgoing = Array.from({ length: columns }, (_, pre) => {
    let sum = 0;
    for (let k = 0; k < store.outCount[pre]; k++)
      sum = round(sum + weights[store.outSlot[pre * outCapacity + k] / 4]);
    return inverse(sum);
  });
  for (let pre = 0; pre < columns; pre++) {
    for (let e = pre * outCapacity; e < pre * outCapacity + store.outCount[pre]; e++) {
      const mixed = round(round(outgoing[pre] + incoming[store.outPost[e] / 4]) * 0.5);
      weights[store.outSlot[e] / 4] *= relaxed(rule, rule.over === "both" ? mixed : outgoing[pre], round);
    }
  }
}
