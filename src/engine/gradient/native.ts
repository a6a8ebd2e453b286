/**
 * @file The native backend of gradients: equations forward and backward, products and outer products printed as C,
 * which a loader given by the caller compiles. It works on the memory of the WebAssembly backend, which does the rest:
 * random numbers, reductions, what is constant during a run. Products are fused, so bits differ from WebAssembly's.
 */

import { CMathLibrary, printPopulation, printVectorTypes, type VectorBytes } from "../../compiler/index.ts";
import { warn } from "../../core/index.ts";
import type { NativeLoader } from "../backends/native.ts";
import {
  columnMasks,
  printFusedDense,
  printFusedMasked,
  printFusedOuter,
  printFusedSparse,
  printFusedSparseOuter,
  printReorder,
  printTurn,
} from "../kernels/index.ts";
import type { GradientBackend } from "./backend.ts";
import type { GradientPlan, GradientProjection, Program } from "./gradient-plan.ts";
import {
  type PrintedSteps,
  type ProductCall,
  printSteps,
  stepsBackAlone,
  stepsForwardAlone,
} from "./native-steps.ts";
import { createWasmGradient } from "./wasm.ts";

/** The native backend of a plan, or the WebAssembly one and the reason. */
export function createNativeGradient(plan: GradientPlan, loader: NativeLoader): GradientBackend {
  const wasm = createWasmGradient(plan);
  const printed = printNativeGradient(plan, loader.vectorBytes);
  const compiled = loader.compile(printed.source, printed.names);
  if (!Array.isArray(compiled)) {
    warn("no-native-code", `WebAssembly runs instead of native code: ${compiled.reason}`);
    return { ...wasm, reason: compiled.reason };
  }
  const memory = new Uint8Array(wasm.memory);
  const table = Uint32Array.from(printed.table);
  const functions = new Map(printed.names.map((name, k) => [name, compiled[k]]));
  const call = (name: string) => functions.get(name)!(memory, table);
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
      const can = functions.has(`turn_${k}`);
      if (can) call(`turn_${k}`);
      return can;
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
  };
  const steps = printSteps(parts, { frame: at("frame"), count: at("steps") });
  names.push("forward_steps", "backward_step");
  const texts = [printVectorTypes(widest), math.source, ...kernels.values(), ...programs];
  texts.push(...projections.map((p) => p.source), steps.source);
  return { source: texts.join("\n"), names, table, steps };
}

// Implementation

/** Places in the table of what differs from call to call: addresses, steps, bytes from step to step. */
const ENTRY = { frame: 0, ring: 1, source: 2, out: 3, steps: 4, xPitch: 5 } as const;
const at = (name: keyof typeof ENTRY) => `a[${ENTRY[name]}]`;

interface Printing {
  plan: GradientPlan;
  widest: VectorBytes;
  entry: (value: number) => string;
}

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

interface ProjectionPrinting extends Printing {
  /** Put numbers into the table; gives the C expression of a pointer to them. */
  array: (values: ArrayLike<number>) => string;
  kernels: Map<string, string>;
  names: string[];
}

/** C of one projection: its functions, and its products for whole steps. */
interface PrintedProjection {
  source: string;
  forward: ProductCall;
  back: ProductCall | undefined;
}

/** The functions of one projection: forward, back through the weights, and the gradient of the weights. */
function printProjection(
  { planned, transposed, gradient }: GradientProjection,
  index: number,
  { plan, widest, entry, array, kernels, names }: ProjectionPrinting,
): PrintedProjection {
  const { precision, stride } = plan.options.run;
  const options = { precision, stride, widest };
  const { weights, projection, accumulate } = planned;
  const { kind } = weights;
  const isSparse = kind === "sparse";
  const once = (name: string, print: typeof printFusedDense) => {
    if (!kernels.has(name)) kernels.set(name, print(name, options));
    return name;
  };
  const define = (name: string, call: string) => {
    names.push(name);
    return `int32_t ${name}(char *m, const uint32_t *a) {\n  ${call};\n  return 0;\n}\n`;
  };
  const structure = (w: { rowStart: number; column: number }) =>
    [w.rowStart, w.column].map((address) => `(const int32_t *)(m + ${entry(address)})`);
  const multiply = (w: Weights, size: { rows: number; columns: number }, add: boolean): ProductCall => {
    const masks = w.packed && columnMasks(w.packed, size, options);
    if (masks) {
      const kernel = once("masked_product", printFusedMasked);
      const { bits, words, blocks } = masks;
      const list = [array(bits), entry(words), entry(blocks), `m + ${entry(w.address)}`, entry(size.rows)];
      return (out, source) => `${kernel}(${out}, ${source}, ${list.join(", ")}, ${add ? 1 : 0})`;
    }
    const kernel = once(`${kind}_product`, isSparse ? printFusedSparse : printFusedDense);
    const list = [
      ...(isSparse ? structure(w as Required<Weights>) : []),
      `m + ${entry(w.address)}`,
      entry(size.rows),
      ...(isSparse ? [] : [entry(size.columns)]),
    ];
    return (out, source) => `${kernel}(${out}, ${source}, ${list.join(", ")}, ${add ? 1 : 0})`;
  };
  const alone = (product: ProductCall) => product(`m + ${at("out")}`, `m + ${at("source")}`);
  const forward = multiply(weights as Weights, projection.weights, accumulate);
  const back = transposed && multiply(transposed, transposed, true);
  const texts = [define(`project_${index}`, alone(forward))];
  if (back) texts.push(define(`back_${index}`, alone(back)));
  if (transposed) {
    const kernel = isSparse ? once("reorder", printReorder) : once("turn", printTurn);
    const list = [transposed.address, weights.address as number].map((address) => `m + ${entry(address)}`);
    if (transposed.kind === "dense") list.push(entry(transposed.columns), entry(transposed.rows));
    else list.push(array(transposed.order), entry(transposed.length));
    texts.push(define(`turn_${index}`, `${kernel}(${list.join(", ")})`));
  }
  if (gradient) {
    const { rows, columns } = projection.weights;
    const kernel = once(`${kind}_outer`, isSparse ? printFusedSparseOuter : printFusedOuter);
    const list = [
      `m + ${entry(gradient.address)}`,
      `m + ${at("ring")}`,
      `m + ${at("source")}`,
      ...(isSparse
        ? [...structure(weights as unknown as Required<Weights>), entry(rows)]
        : [entry(rows), entry(columns)]),
      at("steps"),
      entry(plan.ring.bytes),
      at("xPitch"),
    ];
    texts.push(define(`outer_${index}`, `${kernel}(${list.join(", ")})`));
  }
  return { source: texts.join(""), forward, back };
}

/** Where weights lie, as far as products need it. */
interface Weights {
  address: number;
  rowStart?: number;
  column?: number;
  packed?: { rowStart: Int32Array; column: Int32Array };
}
