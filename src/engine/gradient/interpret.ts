/**
 * @file The interpreting backend of gradients: plain JavaScript over the same memory layout. Slow, obviously right, and
 * the reference that the compiled backend is tested against.
 */

import {
  FLUSH_BELOW,
  INSTANCE,
  interpretPopulation,
  type SlotView,
  shareName,
} from "../../compiler/index.ts";
import { fillRandom } from "../backends/interpret.ts";
import {
  elementBytes,
  type FloatArray,
  referenceDenseProduct,
  referenceOuterProduct,
  referenceReduction,
  referenceSparseOuterProduct,
  referenceSparseProduct,
} from "../kernels/index.ts";
import type { GradientBackend } from "./backend.ts";
import { adjointKey, type GradientPlan, type GradientPopulation, type Program } from "./gradient-plan.ts";

/** Interpret a plan. */
export function createInterpretGradient(plan: GradientPlan): GradientBackend {
  const memory = new ArrayBuffer(plan.bytes);
  const populations = plan.populations.map((p) => bindPopulation(p, plan, memory));
  const projections = plan.projections.map((_, k) => bindProjection(k, plan, memory));
  return {
    memory,
    path: "interpret",
    prepare: () => {},
    draw: (p, step) => populations[p].draw(step),
    reduce: (p, frame) => populations[p].reduce(frame),
    forward: (p, frame) => populations[p].forward(frame),
    backward: (p, frame, ring) => populations[p].backward(frame, ring),
    project: (p, source, out) => projections[p].project(source, out),
    projectBack: (p, source, out) => projections[p].projectBack(source, out),
    outer: (p, d, x, series) => projections[p].outer(d, x, series),
  };
}

// Implementation

type View = (address: number, length: number) => FloatArray;

function viewOf(memory: ArrayBuffer, { options }: GradientPlan): View {
  const Floats = options.run.precision === "f64" ? Float64Array : Float32Array;
  return (address, length) => new Floats(memory, address, length);
}

function bindProgram(program: Program, p: GradientPopulation, plan: GradientPlan, memory: ArrayBuffer) {
  const { dt, instances, stride, precision } = plan.options.run;
  const view = viewOf(memory, plan);
  const base = { memory: 0, frame: 0, ring: 0 };
  let views = new Map<string, SlotView>();
  const run = interpretPopulation({
    model: program.model,
    dt,
    units: p.planned.population.size,
    instances,
    stride,
    flushBelow: FLUSH_BELOW[precision],
    targets: p.planned.targets,
    slot: (name) => {
      let found = views.get(name);
      if (found === undefined) {
        // State is updated in place: what a step has stored is what its later lines read.
        const use = program === p.forward && name.startsWith("variable:") ? "store" : "load";
        const place = program.place(name, use);
        found = { values: view(base[place.base] + place.offset, place.length), shape: place.shape };
        views.set(name, found);
      }
      return found;
    },
  });
  return (frame: number, ring: number) => {
    base.frame = frame;
    base.ring = ring;
    views = new Map();
    return run();
  };
}

function bindPopulation(p: GradientPopulation, plan: GradientPlan, memory: ArrayBuffer) {
  const { precision, stride } = plan.options.run;
  const { size } = p.planned.population;
  const { model, keys, slots } = p.planned;
  const view = viewOf(memory, plan);
  const forward = bindProgram(p.forward, p, plan, memory);
  const units = bindProgram(p.units, p, plan, memory);
  const shared = p.shared && bindProgram(p.shared, p, plan, memory);
  const inFrame = (frame: number, slot: string) => {
    const { offset, length } = p.frame.get(slot)!;
    return view(frame + offset, length);
  };
  const sum = referenceReduction({ precision, stride, kind: "sum" });
  return {
    draw: (step: number) => {
      for (const { name, locality, distribution } of model.randoms) {
        const { address, length } = slots.get(`random:${name}`)!;
        const site = { units: locality === "unit" ? size : 1, step, distribution };
        fillRandom(view(address, length), site, new Uint32Array(memory, keys.get(name)!, 2 * stride));
      }
    },
    reduce: (frame: number) => {
      for (const r of model.reductions) {
        const reduce = referenceReduction({ precision, stride, kind: r.kind });
        reduce(inFrame(frame, `reduction:${r.name}`), inFrame(frame, `variable:${r.variable}`), size);
      }
    },
    forward: (frame: number) => {
      for (const v of model.variables) {
        const slot = `variable:${v.name}`;
        inFrame(frame + plan.frames.bytes, slot).set(inFrame(frame, slot));
      }
      return forward(frame, 0);
    },
    backward: (frame: number, ring: number) => {
      let finite = units(frame, ring);
      for (let k = 0; k < p.adjoint.shares; k++) {
        const from = p.slots.get(shareName(k))!;
        const to = p.slots.get(adjointKey(shareName(k), INSTANCE));
        if (to) sum(view(to.address, to.length), view(from.address, from.length), size);
      }
      if (shared) finite = shared(frame, ring) && finite;
      return finite;
    },
  };
}

function bindProjection(index: number, plan: GradientPlan, memory: ArrayBuffer) {
  const { planned, transposed, gradient } = plan.projections[index];
  const { projection, weights, accumulate } = planned;
  const { precision, stride } = plan.options.run;
  const { rows, columns } = projection.weights;
  const view = viewOf(memory, plan);
  const int = (address: number, length: number) => new Int32Array(memory, address, length);
  const bytes = elementBytes(precision);
  const x = (address: number) => view(address, columns * stride);
  const sums = (address: number) => view(address, rows * stride);
  const product = (
    w: { kind: string; address: number; rowStart?: number; column?: number },
    size: { rows: number; columns: number; length: number },
    add: boolean,
  ) => {
    const options = { precision, stride, accumulate: add };
    const values = () => view(w.address, size.length);
    if (w.kind === "dense") {
      const multiply = referenceDenseProduct(options);
      return (to: FloatArray, from: FloatArray) => multiply(to, from, values(), size.rows, size.columns);
    }
    const multiply = referenceSparseProduct(options);
    return (to: FloatArray, from: FloatArray) =>
      multiply(to, from, int(w.rowStart!, size.rows + 1), int(w.column!, size.length), values(), size.rows);
  };
  const length = projection.weights.values.length;
  const forward = product(weights as Parameters<typeof product>[0], { rows, columns, length }, accumulate);
  const back = transposed && product(transposed, transposed, true);
  const dPitch = plan.ring.bytes / bytes;
  return {
    project: (source: number, to: number) => forward(sums(to), x(source)),
    projectBack: (source: number, to: number) => back!(x(to), sums(source)),
    outer: (d: number, from: number, { steps, xPitch }: { steps: number; xPitch: number }) => {
      const series = { steps, dPitch, xPitch: xPitch / bytes };
      const target = view(gradient!.address, gradient!.length);
      const dAll = view(d, (steps - 1) * dPitch + rows * stride);
      const xAll = view(from, (steps - 1) * series.xPitch + columns * stride);
      if (weights.kind === "sparse") {
        const { rowStart, column } = weights.packed;
        referenceSparseOuterProduct({ precision, stride })(target, dAll, xAll, {
          rowStart,
          column,
          ...series,
        });
      } else {
        referenceOuterProduct({ precision, stride })(target, dAll, xAll, { rows, columns, ...series });
      }
    },
  };
}
