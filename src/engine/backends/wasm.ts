/**
 * @file The compiled backend: one WebAssembly module per run, made from the plan in milliseconds.
 */

import {
  addRandomFill,
  emitPopulation,
  type FunctionHandle,
  MathLibrary,
  ModuleBuilder,
} from "../../compiler/index.ts";
import {
  addAddTo,
  addClear,
  addDenseProduct,
  addEventProduct,
  addReduction,
  addSparseProduct,
  panelRows,
} from "../kernels/index.ts";
import type { RunPlan } from "../plan.ts";
import { type Backend, stepWords } from "./backend.ts";
import {
  bindCalls,
  type Kernel,
  projectionCalls,
  randomCalls,
  reductionCalls,
  type StepValues,
} from "./kernel-calls.ts";
import { addPlasticity, bindRules } from "./plasticity-wasm.ts";
import { addSpread, addSteps, movingSources, type PlannedCalls } from "./wasm-steps.ts";

const PAGE = 65536;

/** Compile and instantiate the kernels of a plan. */
export function createWasmBackend(plan: RunPlan): Backend {
  const { bytes, calls } = printModule(plan);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(plan.bytes / PAGE) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), {
    cajal: { memory },
  });
  const kernel = (name: string) => instance.exports[name] as Kernel;
  const rules = plan.projections.map((p, k) =>
    bindRules(p, plan, { name: `s${k}`, kernel, memory: memory.buffer }),
  );
  const project = calls.project.map((list) => bindCalls(list, kernel));
  const reduce = calls.reduce.map((list) => bindCalls(list, kernel));
  const draw = calls.draw.map((list) => bindCalls(list, kernel));
  const ofPopulation = (name: string) => plan.populations.map((_, k) => kernel(`p${k}.${name}`));
  const [prepare, update] = ["prepare", "update"].map(ofPopulation);
  return {
    path: "wasm",
    memory: memory.buffer,
    prepare: (p) => void prepare[p](),
    project: (p, source) => project[p]({ ...NOTHING, source }),
    reduce: (p) => reduce[p](NOTHING),
    draw: (p, step) => {
      const { low, high } = stepWords(step);
      draw[p]({ ...NOTHING, stepLow: low, stepHigh: high });
    },
    update: (p) => update[p]() === 0,
    ...bindSteps(plan, kernel("steps")),
    adapt: (p, rule, instance) => rules[p][rule](instance),
  };
}

// Implementation

const NOTHING: StepValues = { source: 0, stepLow: 0, stepHigh: 0 };

/** One step, or many where none reads what was there some steps ago. */
function bindSteps(plan: RunPlan, steps: Kernel): Pick<Backend, "advance" | "advanceMany"> {
  const moving = movingSources(plan);
  const advance: Backend["advance"] = (step, source) => {
    const { low, high } = stepWords(step);
    if (moving.length === 0) return steps(low, high, 1) > 0;
    return steps(low, high, 1, ...moving.map(source)) > 0;
  };
  if (moving.length > 0) return { advance };
  return {
    advance,
    advanceMany: (step, count) => {
      const { low, high } = stepWords(step);
      const done = steps(low, high, count);
      return { steps: Math.abs(done), finite: done > 0 };
    },
  };
}

function printModule(plan: RunPlan): { bytes: Uint8Array; calls: PlannedCalls } {
  const { precision, stride } = plan.options;
  const module = new ModuleBuilder();
  module.importMemory("cajal", "memory");
  const math = new MathLibrary(module, precision, { constantsAddress: 0 });
  const made = new Map<string, FunctionHandle>();
  const products: string[] = [];
  const once = (name: string, make: () => FunctionHandle) => {
    if (!made.has(name)) made.set(name, make());
    return name;
  };
  plan.projections.forEach(({ weights, accumulate, scratch }, k) => {
    if (scratch) once("addTo", () => addAddTo(module, precision));
    if (weights.kind === "plastic") {
      once("clear", () => addClear(module, precision));
      addPlasticity(module, math, { plan, weights, name: `s${k}` });
      products.push("");
    } else if (weights.kind === "events") {
      const { form } = weights.packed;
      products.push(
        once(form === "columns" ? "eventColumns" : "eventEntries", () =>
          addEventProduct(module, { precision, form }),
        ),
      );
    } else {
      const name = `${weights.kind}Product${accumulate ? "Add" : ""}`;
      const addProduct = weights.kind === "dense" ? addDenseProduct : addSparseProduct;
      products.push(once(name, () => addProduct(module, { precision, stride, accumulate })));
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
  addSpread(module, plan);
  const calls = {
    project: plan.projections.map((p, k) =>
      projectionCalls(p, plan, { name: `s${k}`, product: products[k] }),
    ),
    reduce: plan.populations.map(reductionCalls),
    draw: plan.populations.map((p) => randomCalls(p, plan)),
  };
  addSteps(module, plan, calls);
  return { bytes: module.toBytes(), calls };
}
