/**
 * @file The interpreting backend: plain JavaScript over the same memory layout. Slow, obviously right, and the
 * reference that the compiled backend is tested against.
 */

import { FLUSH_BELOW, interpretPopulation, type SlotView } from "../../compiler/index.ts";
import { NORMALS_PER_BLOCK, normalsFromWords, philox4x32, uniformFromWords } from "../../core/index.ts";
import {
  type FloatArray,
  packDense,
  packSparse,
  referenceDenseProduct,
  referenceReduction,
  referenceSparseProduct,
} from "../kernels/index.ts";
import type { Slot } from "../memory.ts";
import type { PlannedPopulation, PlannedProjection, RunPlan } from "../plan.ts";
import { viewStores } from "../plasticity/store.ts";
import { type Backend, stepWords } from "./backend.ts";
import { type Adapt, bindNormalisation, bindSynaptic, scatter } from "./plasticity-interpret.ts";

/** Interpret the plan of a run. */
export function createInterpretBackend(plan: RunPlan): Backend {
  const memory = new ArrayBuffer(plan.bytes);
  const view = (address: number, length: number) => floats(memory, plan, address, length);
  const products = plan.projections.map((p) => bindProduct(p, plan, view));
  const populations = plan.populations.map((p) => bindPopulation(p, plan, view));
  const rules = plan.projections.map((p) => bindRules(p, plan, { memory, view }));
  return {
    path: "interpret",
    memory,
    prepare: () => {},
    project: (p, source) => products[p](source),
    reduce: (p) => populations[p].reduce(),
    draw: (p, step) => populations[p].draw(step),
    update: (p) => populations[p].update(),
    adapt: (p, rule, instance) => rules[p][rule][instance](),
  };
}

// Implementation

type View = (address: number, length: number) => FloatArray;

function floats(memory: ArrayBuffer, plan: RunPlan, address: number, length: number): FloatArray {
  return plan.options.precision === "f64"
    ? new Float64Array(memory, address, length)
    : new Float32Array(memory, address, length);
}

function bindProduct(
  { weights, projection, pre, out, accumulate, scratch }: PlannedProjection,
  plan: RunPlan,
  view: View,
): (source: number) => void {
  const { precision, stride, instances } = plan.options;
  const options = { precision, stride, accumulate };
  const target = view(out.address, out.length);
  const { rows, columns } = projection.weights;
  if (weights.kind === "plastic") {
    const stores = viewStores(target.buffer as ArrayBuffer, weights, instances);
    const sums = scratch ? view(scratch.address, scratch.length) : target;
    return (source) => {
      sums.fill(0);
      const x = view(source, pre.state.length);
      stores.forEach((store, instance) => {
        scatter(store, { out: sums, x, instance, stride });
      });
      if (sums !== target) for (let k = 0; k < target.length; k++) target[k] += sums[k];
    };
  }
  if (projection.weights.kind === "dense") {
    const multiply = referenceDenseProduct(options);
    const values = packDense(projection.weights, options);
    return (source) => multiply(target, view(source, pre.state.length), values, rows, columns);
  }
  const multiply = referenceSparseProduct(options);
  const { rowStart, column, values } = packSparse(projection.weights, options);
  return (source) => multiply(target, view(source, pre.state.length), rowStart, column, values, rows);
}

/** Rules of a projection by (rule, instance). */
function bindRules(
  { weights }: PlannedProjection,
  plan: RunPlan,
  { memory, view }: { memory: ArrayBuffer; view: View },
): Adapt[][] {
  if (weights.kind !== "plastic") return [];
  const slotValues = (slot: Slot) => view(slot.address, slot.length);
  const stores = viewStores(memory, weights, plan.options.instances);
  return weights.rules.map((rule) =>
    stores.map((store, instance): Adapt => {
      if (rule.kind === "synaptic") return bindSynaptic(rule, store, { plan, view: slotValues, instance });
      if (rule.kind === "normalisation") return bindNormalisation(rule, store);
      return () => true;
    }),
  );
}

function bindPopulation(p: PlannedPopulation, plan: RunPlan, view: View) {
  const { dt, instances, stride, precision } = plan.options;
  const slots = new Map<string, SlotView>();
  for (const [name, slot] of p.slots) slots.set(name, slotView(slot, view));
  const { size } = p.population;
  const update = interpretPopulation({
    model: p.model,
    dt,
    units: size,
    instances,
    stride,
    flushBelow: FLUSH_BELOW[precision],
    targets: p.targets,
    slot: (name) => slots.get(name)!,
  });
  return {
    update,
    reduce: () => {
      for (const r of p.model.reductions) {
        const reduce = referenceReduction({ precision, stride, kind: r.kind });
        reduce(slots.get(`reduction:${r.name}`)!.values, slots.get(`variable:${r.variable}`)!.values, size);
      }
    },
    draw: (step: number) => {
      for (const r of p.model.randoms) {
        const out = slots.get(`random:${r.name}`)!.values;
        const keys = { address: p.keys.get(r.name)!, stride };
        const units = r.locality === "unit" ? size : 1;
        fillRandom(
          out,
          { units, step, distribution: r.distribution },
          new Uint32Array(view(0, 0).buffer, keys.address, 2 * stride),
        );
      }
    },
  };
}

function slotView({ address, shape, length }: Slot, view: View): SlotView {
  return { values: view(address, length), shape };
}

/** Random numbers of one site and step: Philox blocks at counter (block, step) under the key of each instance. */
export function fillRandom(
  out: FloatArray,
  { units, step, distribution }: { units: number; step: number; distribution: "uniform" | "normal" },
  keys: Uint32Array,
): void {
  const stride = keys.length / 2;
  const { low, high } = stepWords(step);
  const precision = out instanceof Float64Array ? "f64" : "f32";
  const perBlock = distribution === "uniform" ? 1 : NORMALS_PER_BLOCK;
  const words = new Uint32Array(4);
  for (let first = 0; first < units; first += perBlock) {
    for (let instance = 0; instance < stride; instance++) {
      words.set([first / perBlock, low, high, 0]);
      philox4x32(words, [keys[instance], keys[stride + instance]]);
      const numbers =
        distribution === "uniform" ? [uniform(words, precision)] : normalsFromWords(words, precision);
      const count = Math.min(perBlock, units - first);
      for (let k = 0; k < count; k++) out[(first + k) * stride + instance] = numbers[k];
    }
  }
}

function uniform([low, high]: Uint32Array, precision: "f64" | "f32"): number {
  // In single precision only the top 24 bits fit: rounding 53 of them could give 1.
  return precision === "f64" ? uniformFromWords(low, high) : (high >>> 8) / 16777216;
}
