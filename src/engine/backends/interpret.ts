/**
 * @file The interpreting backend: plain JavaScript over the same memory layout. Slow, obviously right, and the
 * reference that the compiled backend is tested against.
 */

import { FLUSH_BELOW, interpretPopulation, type SlotView } from "../../compiler/index.ts";
import { cos, log, philox4x32, uniformFromWords } from "../../core/index.ts";
import {
  type FloatArray,
  referenceDenseProduct,
  referenceReduction,
  referenceSparseProduct,
} from "../kernels/index.ts";
import type { PlannedPopulation, PlannedProjection, RunPlan, Slot } from "../plan.ts";
import { type Backend, stepWords } from "./backend.ts";

/** Interpret the plan of a run. */
export function createInterpretBackend(plan: RunPlan): Backend {
  const memory = new ArrayBuffer(plan.bytes);
  const view = (address: number, length: number) => floats(memory, plan, address, length);
  const products = plan.projections.map((p) => bindProduct(p, plan, view));
  const populations = plan.populations.map((p) => bindPopulation(p, plan, view));
  return {
    memory,
    prepare: () => {},
    project: (p, source) => products[p](source),
    reduce: (p) => populations[p].reduce(),
    draw: (p, step) => populations[p].draw(step),
    update: (p) => populations[p].update(),
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
  { weights, projection, pre, out, accumulate }: PlannedProjection,
  plan: RunPlan,
  view: View,
): (source: number) => void {
  const { precision, stride } = plan.options;
  const options = { precision, stride, accumulate };
  const target = view(out.address, out.length);
  const { rows, columns } = projection.weights;
  if (weights.kind === "dense") {
    const multiply = referenceDenseProduct(options);
    return (source) => multiply(target, view(source, pre.state.length), weights.values, rows, columns);
  }
  const multiply = referenceSparseProduct(options);
  const { rowStart, column, values } = weights.packed;
  return (source) => multiply(target, view(source, pre.state.length), rowStart, column, values, rows);
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
        fill(
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

/** Random numbers of one site and step: Philox at counter (unit, step) under the key of each instance. */
function fill(
  out: FloatArray,
  { units, step, distribution }: { units: number; step: number; distribution: "uniform" | "normal" },
  keys: Uint32Array,
): void {
  const stride = keys.length / 2;
  const { low, high } = stepWords(step);
  const words = new Uint32Array(4);
  for (let unit = 0; unit < units; unit++) {
    for (let instance = 0; instance < stride; instance++) {
      words.set([unit, low, high, 0]);
      philox4x32(words, [keys[instance], keys[stride + instance]]);
      out[unit * stride + instance] =
        distribution === "uniform" ? uniform(out, words[0], words[1]) : normal(out, words);
    }
  }
}

function uniform(out: FloatArray, low: number, high: number): number {
  // In single precision only the top 24 bits fit: rounding 53 of them could give 1.
  return out instanceof Float64Array ? uniformFromWords(low, high) : (high >>> 8) / 16777216;
}

/** Box–Muller. */
function normal(out: FloatArray, words: Uint32Array): number {
  const radius = Math.sqrt(-2 * log(1 - uniform(out, words[0], words[1])));
  return radius * cos(2 * Math.PI * uniform(out, words[2], words[3]));
}
