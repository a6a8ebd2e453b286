/**
 * @file The native backend: populations and fixed products of a plan printed as C, which a loader given by the caller
 * compiles. It works on the memory of the WebAssembly backend, which does the rest: random numbers, reductions,
 * learning rules, and sums of plastic or silent units. The bits are the same.
 */

import { CMathLibrary, printPopulation, printVectorTypes, type VectorBytes } from "../../compiler/index.ts";
import { panelRows, printDenseProduct, printGroupedProduct, printSparseProduct } from "../kernels/index.ts";
import type { PlannedProjection, RunPlan } from "../plan.ts";
import { scheduleSums } from "../schedule.ts";
import type { Backend } from "./backend.ts";
import { compileNative, type NativeLoader } from "./native-code.ts";
import {
  type NativeWeights,
  type PlacedGroups,
  placeNativeWeights,
  planNativeWeights,
} from "./native-weights.ts";
import { createWasmBackend } from "./wasm.ts";

/** The native backend of a plan, or the WebAssembly one and the reason. */
export function createNativeBackend(plan: RunPlan, loader: NativeLoader): Backend & { reason?: string } {
  const weights = planNativeWeights(plan, loader.vectorBytes);
  const wasm = createWasmBackend({ ...plan, bytes: weights.bytes });
  const printed = printNative(plan, loader.vectorBytes, weights);
  const code = compileNative(printed, loader, wasm.memory);
  if ("reason" in code) return { ...wasm, reason: code.reason };
  placeNativeWeights(weights, new Uint8Array(wasm.memory));
  const { table } = code;
  const each = <T>(items: readonly T[], name: string) => items.map((_, k) => code.find(`${name}${k}`));
  const prepare = each(plan.populations, "prepare_");
  const update = each(plan.populations, "update_");
  const project = each(plan.projections, "project_");
  const step = code.find("step");
  const advance = (number: number, source: (projection: number) => number): boolean => {
    for (let k = 0; k < plan.projections.length; k++) table[printed.sources[k]] = source(k);
    for (let p = 0; p < plan.populations.length; p++) {
      wasm.reduce(p);
      wasm.draw(p, number);
    }
    return step!() === 0;
  };
  // What takes whole steps there would not run the compiled C.
  const { advance: _one, advanceMany: _many, ...parts } = wasm;
  return {
    ...parts,
    path: "native",
    prepare: (p) => void prepare[p]!(),
    project: (k, source) => {
      const run = project[k];
      if (!run) return wasm.project(k, source);
      table[printed.sources[k]] = source;
      run();
    },
    update: (p) => update[p]!() === 0,
    ...(step ? { advance } : {}),
  };
}

/** The C source of a plan. */
export interface PrintedPlan {
  source: string;
  /** Functions: `prepare_<population>`, `update_<population>`, `project_<projection>`, and `step` if all is in C. */
  names: string[];
  /** What the functions look up: addresses and counts, for they differ between runs of the same equations. */
  table: number[];
  /** Place of each projection's source address in the table. */
  sources: number[];
}

/** Print a plan as C. @param widest - Bytes of the widest vectors. */
function printNative(plan: RunPlan, widest: VectorBytes, weights: NativeWeights): PrintedPlan {
  const { precision, stride } = plan.options;
  const table: number[] = [];
  const entry = (value: number) => `a[${table.push(value) - 1}]`;
  const math = new CMathLibrary();
  const populations = plan.populations.map((p, k) =>
    printPopulation(p.kernel, {
      math,
      precision,
      widest,
      name: (kind) => `${kind}_${k}`,
      units: entry(stride === 1 ? Math.ceil(p.population.size / panelRows) * panelRows : p.population.size),
      stride,
      address: (slot) => entry(p.slots.get(slot)!.address),
    }),
  );
  const products = new Map<string, string>();
  const sources: number[] = [];
  const projections = plan.projections.map((p, k) => {
    const source = table.push(p.pre.state.address) - 1;
    sources.push(source);
    return printProjection(p, {
      plan,
      widest,
      products,
      entry,
      name: `project_${k}`,
      source: `a[${source}]`,
      groups: weights.groups[k],
    });
  });
  const each = (items: readonly unknown[], name: string) => items.map((_, k) => `${name}_${k}`);
  const names = [...each(plan.populations, "prepare"), ...each(plan.populations, "update")];
  names.push(...each(plan.projections, "project").filter((_, k) => projections[k] !== undefined));
  const texts = [printVectorTypes(widest), math.source, ...products.values(), ...populations];
  for (const text of projections) if (text !== undefined) texts.push(text);
  if (projections.every((text) => text !== undefined)) {
    texts.push(printStep(plan));
    names.push("step");
  }
  return { source: texts.join("\n"), names, table, sources };
}

// Implementation

/** What the function of a projection is printed with. */
interface ProjectionTarget {
  plan: RunPlan;
  widest: VectorBytes;
  /** Products printed so far, by name. */
  products: Map<string, string>;
  entry: (value: number) => string;
  name: string;
  /** C expression of the address it reads from. */
  source: string;
  groups: PlacedGroups | undefined;
}

/** The function of one projection; undefined where WebAssembly takes the sum. */
function printProjection(p: PlannedProjection, target: ProjectionTarget): string | undefined {
  const { weights, projection, out, accumulate } = p;
  const { plan, widest, products, entry, name, source, groups } = target;
  if (weights.kind !== "dense" && weights.kind !== "sparse") return undefined;
  const { precision, stride } = plan.options;
  const options = { precision, stride, accumulate, widest };
  const product = `${groups ? "grouped" : weights.kind}_product${accumulate ? "_add" : ""}`;
  const { rows, columns } = projection.weights;
  const at = (address: number) => `m + ${entry(address)}`;
  const whole = (address: number) => `(const int32_t *)(${at(address)})`;
  const values = [at(out.address), `m + ${source}`];
  if (groups) {
    const { address, count, begun, singles, turned } = groups;
    products.set(product, printGroupedProduct(product, options));
    values.push(whole(address.segments), ...[count, begun, singles].map(entry));
    values.push(whole(address.column), at(address.values), entry(turned));
  } else if (weights.kind === "dense") {
    products.set(product, printDenseProduct(product, options));
    values.push(at(weights.address), entry(rows), entry(columns));
  } else {
    products.set(product, printSparseProduct(product, options));
    values.push(whole(weights.rowStart), whole(weights.column), at(weights.address), entry(rows));
  }
  return `int32_t ${name}(char *m, const uint32_t *a) {\n  ${product}(${values.join(", ")});\n  return 0;\n}\n`;
}

/** Sums and equations of a step, in the order of engine/schedule.ts. */
function printStep(plan: RunPlan): string {
  const { next, same } = scheduleSums(plan);
  const project = (k: number) => `project_${k}(m, a);`;
  const updates = same.flatMap((sums, p) => [...sums.map(project), `bad |= update_${p}(m, a);`]);
  const lines = ["int32_t bad = 0;", ...next.map(project), ...updates, "return bad;"];
  return `int32_t step(char *m, const uint32_t *a) {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}
