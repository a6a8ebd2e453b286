/**
 * @file The compiled backend of gradients: one WebAssembly module for the forward and the backward pass.
 */

import {
  addRandomFill,
  emitPopulation,
  type FunctionHandle,
  INSTANCE,
  MathLibrary,
  ModuleBuilder,
  SCALAR,
  shareName,
} from "../../compiler/index.ts";
import { stepWords } from "../backends/backend.ts";
import {
  addDenseProduct,
  addOuterProduct,
  addReduction,
  addSparseOuterProduct,
  addSparseProduct,
} from "../kernels/index.ts";
import type { GradientBackend } from "./backend.ts";
import { adjointKey, type GradientPlan, type GradientPopulation, type Program } from "./gradient-plan.ts";

const PAGE = 65536;

type Kernel = (...values: number[]) => number;
type Kernels = (name: string) => Kernel;

/** The compiled backend, with a part of `backward` that others call on its own. */
export interface WasmGradient extends GradientBackend {
  /** Sum over units what the unit program left for the program of the whole population. */
  addShares(population: number): void;
}

/** Compile and instantiate the kernels of a plan. */
export function createWasmGradient(plan: GradientPlan): WasmGradient {
  const bytes = printModule(plan);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(plan.bytes / PAGE) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), {
    cajal: { memory },
  });
  const kernel: Kernels = (name) => instance.exports[name] as Kernel;
  const populations = plan.populations.map((p, k) =>
    bindPopulation(p, k, plan, { kernel, memory: memory.buffer }),
  );
  const projections = plan.projections.map((_, k) => bindProjection(k, plan, kernel));
  return {
    memory: memory.buffer,
    path: "wasm",
    prepare: (p) => populations[p].prepare(),
    draw: (p, step) => populations[p].draw(step),
    reduce: (p, frame) => populations[p].reduce(frame),
    forward: (p, frame) => populations[p].forward(frame) === 0,
    backward: (p, frame, ring) => populations[p].backward(frame, ring),
    addShares: (p) => populations[p].addShares(),
    project: (p, source, out) => projections[p].project(source, out),
    projectBack: (p, source, out) => projections[p].projectBack(source, out),
    outer: (p, d, x, series) => projections[p].outer(d, x, series),
  };
}

// Implementation

function printModule(plan: GradientPlan): Uint8Array {
  const { precision, stride } = plan.options.run;
  const module = new ModuleBuilder();
  module.importMemory("cajal", "memory");
  const math = new MathLibrary(module, precision, { constantsAddress: 0 });
  const made = new Set<string>();
  const once = (name: string, make: () => FunctionHandle) => {
    if (!made.has(name)) make();
    made.add(name);
  };
  const addProduct = (kind: string, accumulate: boolean) => {
    const add = kind === "dense" ? addDenseProduct : addSparseProduct;
    once(productName(kind, accumulate), () => add(module, { precision, stride, accumulate }));
  };
  for (const { planned, transposed, gradient } of plan.projections) {
    const { kind } = planned.weights;
    addProduct(kind, planned.accumulate);
    if (transposed) addProduct(kind, true);
    if (!gradient) continue;
    const addOuter = kind === "dense" ? addOuterProduct : addSparseOuterProduct;
    once(`outer ${kind}`, () => addOuter(module, { precision, stride }));
  }
  plan.populations.forEach((p, k) => {
    const { model } = p.planned;
    if (p.adjoint.shares > 0) once("sum", () => addReduction(module, { precision, stride, kind: "sum" }));
    for (const { kind } of model.reductions)
      once(kind, () => addReduction(module, { precision, stride, kind }));
    for (const { distribution } of model.randoms)
      once(`random ${distribution}`, () => addRandomFill(module, math, { precision, distribution }));
    printProgram(p.forward, { module, math, name: `forward${k}`, plan, p });
    printProgram(p.units, { module, math, name: `units${k}`, plan, p });
    if (p.shared) printProgram(p.shared, { module, math, name: `shared${k}`, plan, p });
  });
  return module.toBytes();
}

const productName = (kind: string, accumulate: boolean) => `${kind}Product${accumulate ? "Add" : ""}`;

/** The pointers that the functions of a population take, in order. */
const POINTERS = ["frame", "ring"] as const;

function printProgram(
  { kernel, place }: Program,
  {
    module,
    math,
    name,
    plan,
    p,
  }: { module: ModuleBuilder; math: MathLibrary; name: string; plan: GradientPlan; p: GradientPopulation },
): void {
  const { precision, stride } = plan.options.run;
  emitPopulation(kernel, {
    module,
    math,
    precision,
    name,
    units: p.planned.population.size,
    stride,
    pointers: POINTERS.length,
    address: (slot) => place(slot, "load").offset,
    relative: (slot, use) => {
      const { base, offset } = place(slot, use);
      return base === "memory" ? undefined : { pointer: POINTERS.indexOf(base), offset };
    },
  });
}

function bindPopulation(
  p: GradientPopulation,
  index: number,
  plan: GradientPlan,
  { kernel, memory }: { kernel: Kernels; memory: ArrayBuffer },
) {
  const { precision, stride } = plan.options.run;
  const { model, keys, slots, population } = p.planned;
  const { size } = population;
  const programs = ["forward", "units", ...(p.shared ? ["shared"] : [])];
  const prepares = programs.map((name) => kernel(`${name}${index}.prepare`));
  const forward = kernel(`forward${index}.update`);
  const units = kernel(`units${index}.update`);
  const shared = p.shared && kernel(`shared${index}.update`);
  const Floats = precision === "f64" ? Float64Array : Float32Array;
  const randoms = model.randoms.map(({ name, locality, distribution }) => {
    const fill = kernel(`random-${distribution}-${precision}`);
    const { address } = slots.get(`random:${name}`)!;
    const count = locality === "unit" ? size : 1;
    return (low: number, high: number) => fill(address, count, stride, keys.get(name)!, low, high);
  });
  const reductions = model.reductions.map((r) => {
    const reduce = kernel(r.kind);
    const out = p.frame.get(`reduction:${r.name}`)!.offset;
    const x = p.frame.get(`variable:${r.variable}`)!.offset;
    return (frame: number) => reduce(frame + out, frame + x, size);
  });
  const shares = Array.from({ length: p.adjoint.shares }, (_, k) => {
    const from = p.slots.get(shareName(k))!;
    const to = p.slots.get(adjointKey(shareName(k), INSTANCE));
    return to ? () => kernel("sum")(to.address, from.address, size) : () => 0;
  });
  // A single value is loaded as a whole vector, so it must stand in every lane.
  const derived = [...p.slots, ...slots].filter(([name, s]) => s.shape === SCALAR && name !== "time");
  const spread = () => {
    for (const [, s] of derived) {
      const values = new Floats(memory, s.address, s.length);
      values.fill(values[0]);
    }
  };
  const addShares = () => {
    for (const sum of shares) sum();
  };
  return {
    prepare: () => {
      spread();
      for (const prepare of prepares) prepare();
    },
    draw: (step: number) => {
      if (randoms.length === 0) return;
      const { low, high } = stepWords(step);
      for (const fill of randoms) fill(low, high);
    },
    reduce: (frame: number) => {
      for (const reduce of reductions) reduce(frame);
    },
    forward: (frame: number) => forward(frame, 0),
    backward: (frame: number, ring: number) => {
      let bad = units(frame, ring);
      addShares();
      if (shared) bad |= shared(frame, ring);
      return bad === 0;
    },
    addShares,
  };
}

function bindProjection(index: number, plan: GradientPlan, kernel: Kernels) {
  const { planned, transposed, gradient } = plan.projections[index];
  const { projection, weights, accumulate } = planned;
  const { rows, columns } = projection.weights;
  const bind = (
    w: { kind: string; address: number; rowStart?: number; column?: number },
    size: { rows: number; columns: number },
    add: boolean,
  ) => {
    const multiply = kernel(productName(w.kind, add));
    return w.kind === "dense"
      ? (source: number, out: number) => void multiply(out, source, w.address, size.rows, size.columns)
      : (source: number, out: number) =>
          void multiply(out, source, w.rowStart!, w.column!, w.address, size.rows);
  };
  const dPitch = plan.ring.bytes;
  const outer = gradient && kernel(weights.kind === "dense" ? "outerProduct" : "sparseOuterProduct");
  return {
    project: bind(weights as Parameters<typeof bind>[0], { rows, columns }, accumulate),
    projectBack: transposed ? bind(transposed, transposed, true) : () => {},
    outer: (d: number, x: number, { steps, xPitch }: { steps: number; xPitch: number }) => {
      if (weights.kind === "sparse")
        outer!(gradient!.address, d, x, weights.rowStart, weights.column, rows, steps, dPitch, xPitch);
      else outer!(gradient!.address, d, x, rows, columns, steps, dPitch, xPitch);
    },
  };
}
