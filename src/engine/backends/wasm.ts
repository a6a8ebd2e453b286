/**
 * @file The compiled backend: one WebAssembly module per run, made from the plan in milliseconds.
 */

import {
  addRandomFill,
  emitPopulation,
  type FunctionHandle,
  MathLibrary,
  ModuleBuilder,
  SCALAR,
} from "../../compiler/index.ts";
import {
  addAddTo,
  addClear,
  addDenseProduct,
  addEventProduct,
  addReduction,
  addSparseProduct,
  panelRows,
  type ReductionKind,
} from "../kernels/index.ts";
import type { Slot } from "../memory.ts";
import type { PlannedPopulation, PlannedProjection, RunPlan } from "../plan.ts";
import { type Backend, stepWords } from "./backend.ts";
import { addPlasticity, bindAdd, bindRules, bindScatter, type Kernel } from "./plasticity-wasm.ts";

const PAGE = 65536;

/** Compile and instantiate the kernels of a plan. */
export function createWasmBackend(plan: RunPlan): Backend {
  const names: Names = { products: [], populations: [] };
  const bytes = printModule(plan, names);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(plan.bytes / PAGE) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), {
    cajal: { memory },
  });
  const kernel = (name: string) => instance.exports[name] as Kernel;
  const products = plan.projections.map((p, k) =>
    p.weights.kind === "plastic"
      ? bindScatter(p, plan, { name: `s${k}`, kernel })
      : bindProduct(p, { name: names.products[k], kernel }),
  );
  const rules = plan.projections.map((p, k) =>
    bindRules(p, plan, { name: `s${k}`, kernel, memory: memory.buffer }),
  );
  const spread = (slot: Slot) => makeSpread(memory.buffer, plan, slot);
  const populations = plan.populations.map((p, k) =>
    bindPopulation(p, plan, { name: `p${k}`, kernel, spread }),
  );
  return {
    path: "wasm",
    memory: memory.buffer,
    prepare: (p) => populations[p].prepare(),
    project: (p, source) => products[p](source),
    reduce: (p) => populations[p].reduce(),
    draw: (p, step) => populations[p].draw(step),
    update: (p) => populations[p].update() === 0,
    adapt: (p, rule, instance) => rules[p][rule](instance),
  };
}

// Implementation

interface Names {
  products: string[];
  populations: string[];
}

function printModule(plan: RunPlan, names: Names): Uint8Array {
  const { precision, stride } = plan.options;
  const module = new ModuleBuilder();
  module.importMemory("cajal", "memory");
  const math = new MathLibrary(module, precision, { constantsAddress: 0 });
  const made = new Map<string, FunctionHandle>();
  const once = (name: string, make: () => FunctionHandle) => {
    if (!made.has(name)) made.set(name, make());
    return name;
  };
  plan.projections.forEach(({ weights, accumulate, scratch }, k) => {
    if (scratch) once("addTo", () => addAddTo(module, precision));
    if (weights.kind === "plastic") {
      once("clear", () => addClear(module, precision));
      addPlasticity(module, math, { plan, weights, name: `s${k}` });
      names.products.push("");
    } else if (weights.kind === "events") {
      const { form } = weights.packed;
      names.products.push(
        once(form === "columns" ? "eventColumns" : "eventEntries", () =>
          addEventProduct(module, { precision, form }),
        ),
      );
    } else {
      const name = `${weights.kind}Product${accumulate ? "Add" : ""}`;
      const addProduct = weights.kind === "dense" ? addDenseProduct : addSparseProduct;
      names.products.push(once(name, () => addProduct(module, { precision, stride, accumulate })));
    }
  });
  plan.populations.forEach((p, k) => {
    for (const { kind } of p.model.reductions)
      once(kind, () => addReduction(module, { precision, stride, kind }));
    for (const { distribution } of p.model.randoms) {
      once(distribution, () => addRandomFill(module, math, { precision, distribution }));
    }
    const units = stride === 1 ? Math.ceil(p.population.size / panelRows) * panelRows : p.population.size;
    const address = (slot: string) => p.slots.get(slot)!.address;
    emitPopulation(p.kernel, { module, math, precision, name: `p${k}`, units, stride, address });
  });
  return module.toBytes();
}

/** A single value is loaded as a whole vector, so it must stand in every lane; other slots need nothing. */
function makeSpread(memory: ArrayBuffer, plan: RunPlan, { address, shape, length }: Slot): () => void {
  if (shape !== SCALAR) return () => {};
  const FloatArray = plan.options.precision === "f64" ? Float64Array : Float32Array;
  const values = new FloatArray(memory, address, length);
  return () => void values.fill(values[0]);
}

function bindProduct(
  { weights, projection, out, scratch }: PlannedProjection,
  { name, kernel }: { name: string; kernel: (name: string) => Kernel },
): (source: number) => void {
  const { rows, columns } = projection.weights;
  const multiply = kernel(name);
  if (weights.kind === "dense")
    return (source) => void multiply(out.address, source, weights.address, rows, columns);
  if (weights.kind === "sparse") {
    const { rowStart, column, address } = weights;
    return (source) => void multiply(out.address, source, rowStart, column, address, rows);
  }
  if (weights.kind === "plastic") throw new Error("plastic weights have a product of their own");
  const { start, post, address, packed } = weights;
  const sums = scratch ?? out;
  const add = bindAdd(out, scratch, kernel);
  if (packed.form === "columns") {
    return (source) => {
      multiply(sums.address, source, address, packed.height, columns);
      add();
    };
  }
  return (source) => {
    multiply(sums.address, source, start, post, address, columns, rows);
    add();
  };
}

function bindPopulation(
  p: PlannedPopulation,
  plan: RunPlan,
  {
    name,
    kernel,
    spread,
  }: { name: string; kernel: (name: string) => Kernel; spread: (slot: Slot) => () => void },
) {
  const { stride } = plan.options;
  const { size } = p.population;
  const address = (slot: string) => p.slots.get(slot)!.address;
  const reductions = p.model.reductions.map((r) => {
    const reduce = kernel(r.kind satisfies ReductionKind);
    const out = address(`reduction:${r.name}`);
    const x = address(`variable:${r.variable}`);
    const spreadOut = spread(p.slots.get(`reduction:${r.name}`)!);
    return () => {
      reduce(out, x, size);
      spreadOut();
    };
  });
  const randoms = p.model.randoms.map((r) => {
    const fill = kernel(`random-${r.distribution}-${plan.options.precision}`);
    const out = address(`random:${r.name}`);
    const keys = p.keys.get(r.name)!;
    const units = r.locality === "unit" ? size : 1;
    const spreadOut = spread(p.slots.get(`random:${r.name}`)!);
    return (low: number, high: number) => {
      fill(out, units, stride, keys, low, high);
      spreadOut();
    };
  });
  return {
    prepare: kernel(`${name}.prepare`) as () => number,
    update: kernel(`${name}.update`) as () => number,
    reduce: () => {
      for (const reduce of reductions) reduce();
    },
    draw: (step: number) => {
      if (randoms.length === 0) return;
      const { low, high } = stepWords(step);
      for (const fill of randoms) fill(low, high);
    },
  };
}
