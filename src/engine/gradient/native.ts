/**
 * @file The native backend of gradients: equations forward and backward, products and outer products printed as C,
 * which a loader given by the caller compiles. It works on the memory of the WebAssembly backend, which does the rest:
 * random numbers, reductions, what is constant during a run. Products are fused, so bits differ from WebAssembly's.
 */

import { CMathLibrary, printPopulation, printVectorTypes, type VectorBytes } from "../../compiler/index.ts";
import { compileNative, type NativeLoader } from "../backends/native-code.ts";
import type { GradientBackend } from "./backend.ts";
import type { GradientPlan, Program } from "./gradient-plan.ts";
import { printProjection } from "./native-projection.ts";
import { type PrintedSteps, printSteps, stepsBackAlone, stepsForwardAlone } from "./native-steps.ts";
import { at, ENTRY, type Printing } from "./native-table.ts";
import { createWasmGradient } from "./wasm.ts";

/** The native backend of a plan, or the WebAssembly one and the reason. */
export function createNativeGradient(plan: GradientPlan, loader: NativeLoader): GradientBackend {
  const wasm = createWasmGradient(plan);
  const printed = printNativeGradient(plan, loader.vectorBytes);
  const code = compileNative(printed, loader, wasm.memory);
  if ("reason" in code) return { ...wasm, reason: code.reason };
  const { table } = code;
  const call = (name: string) => code.find(name)!();
  const shared = plan.populations.map((p) => p.shared !== undefined);
  const product = (name: string, source: number, out: number) => {
    table[ENTRY.source] = source;
    table[ENTRY.out] = out;
    call(name);
  };
  return {
    ...wasm,
    path: "native",
    forward: (p, frame) => {
      table[ENTRY.frame] = frame;
      return call(`forward_${p}`) === 0;
    },
    backward: (p, frame, ring) => {
      table[ENTRY.frame] = frame;
      table[ENTRY.ring] = ring;
      const bad = call(`units_${p}`);
      wasm.addShares(p);
      return (shared[p] ? bad | call(`shared_${p}`) : bad) === 0;
    },
    project: (k, source, out) => product(`project_${k}`, source, out),
    projectBack: (k, source, out) => product(`back_${k}`, source, out),
    forwardAlone: stepsForwardAlone(plan),
    forwardSteps: (frame, step, steps) => {
      table[ENTRY.frame] = frame;
      table[ENTRY.steps] = steps;
      printed.steps.inputs.forEach((place, k) => {
        if (place === undefined) return;
        const { projection, delay } = plan.projections[k].planned;
        const { address, pitch } = plan.inputs.get(projection.from)!;
        table[place] = address + (step - delay) * pitch;
      });
      return call("forward_steps") - 1;
    },
    ...(stepsBackAlone(plan) && {
      backwardStep: (frame: number, ring: number, sums: Uint32Array) => {
        table[ENTRY.frame] = frame;
        table[ENTRY.ring] = ring;
        printed.steps.sums.forEach((place, k) => {
          if (place !== undefined) table[place] = sums[k];
        });
        return call("backward_step") === 0;
      },
    }),
    turn: (k) => {
      const run = code.find(`turn_${k}`);
      run?.();
      return run !== undefined;
    },
    outer: (k, d, x, { steps, xPitch }) => {
      table[ENTRY.steps] = steps;
      table[ENTRY.xPitch] = xPitch;
      // What is d for the kernel is what sums are for a product.
      table[ENTRY.ring] = d;
      product(`outer_${k}`, x, 0);
    },
  };
}

/** C source of a plan, the names of its functions, and what they look up. */
export interface PrintedGradient {
  source: string;
  names: string[];
  table: number[];
  steps: PrintedSteps;
}

/** Print a plan as C. @param widest - Bytes of the widest vectors. */
export function printNativeGradient(plan: GradientPlan, widest: VectorBytes): PrintedGradient {
  const table: number[] = new Array(Object.keys(ENTRY).length).fill(0);
  const entry = (value: number) => `a[${table.push(value) - 1}]`;
  const array = (values: ArrayLike<number>) => {
    const first = table.length;
    for (let k = 0; k < values.length; k++) table.push(values[k]);
    return `(a + ${first})`;
  };
  const math = new CMathLibrary();
  const programs: string[] = [];
  const names: string[] = [];
  plan.populations.forEach((p, k) => {
    const { size } = p.planned.population;
    const print = (program: Program, name: string) => {
      programs.push(printProgram(program, { plan, math, widest, entry, size, name }));
      names.push(name);
    };
    print(p.forward, `forward_${k}`);
    print(p.units, `units_${k}`);
    if (p.shared) print(p.shared, `shared_${k}`);
  });
  const kernels = new Map<string, string>();
  const projections = plan.projections.map((p, k) =>
    printProjection(p, k, { plan, widest, entry, array, kernels, names }),
  );
  const parts = {
    plan,
    entry,
    forward: projections.map((p) => p.forward),
    back: projections.map((p) => p.back),
    ahead: projections.map((p) => p.ahead),
  };
  const steps = printSteps(parts, { frame: at("frame"), count: at("steps") });
  names.push("forward_steps", "backward_step");
  const texts = [printVectorTypes(widest), math.source, ...kernels.values(), ...programs];
  texts.push(...projections.map((p) => p.source), steps.source);
  return { source: texts.join("\n"), names, table, steps };
}

// Implementation

function printProgram(
  { kernel, place }: Program,
  { plan, math, widest, entry, size, name }: Printing & { math: CMathLibrary; size: number; name: string },
): string {
  const { precision, stride } = plan.options.run;
  const address = (slot: string, use: "load" | "store") => {
    const { base, offset } = place(slot, use);
    return base === "memory" ? entry(offset) : `${at(base)} + ${entry(offset)}`;
  };
  return printPopulation(kernel, {
    math,
    precision,
    widest,
    name: (kind) => (kind === "update" ? name : `${kind}_${name}`),
    units: entry(size),
    stride,
    address: (slot) => address(slot, "load"),
    storedAt: (slot) => address(slot, "store"),
  });
}
