/**
 * @file A step as a list of calls of kernels, which is bound to exported functions or written into one function.
 */

import { SCALAR } from "../../compiler/index.ts";
import type { Slot } from "../memory.ts";
import type { PlannedPopulation, PlannedProjection, RunPlan } from "../plan.ts";
import type { PlasticWeights } from "../plasticity/plan-plasticity.ts";

/** An exported function: numbers in, a number or nothing out. */
export type Kernel = (...numbers: number[]) => number;

/** What a step hands to kernels besides constants: where a projection reads from, and the step's number in two words. */
export type StepValue = "source" | "stepLow" | "stepHigh";

/** One call: its kernel by name, and its arguments in order. */
export interface KernelCall {
  kernel: string;
  values: readonly (number | StepValue)[];
}

/**
 * The weighted sum of a projection.
 *
 * @param name - Of its kernels, where they are its own.
 * @param product - Name of the shared kernel of fixed weights.
 */
export function projectionCalls(
  { weights, projection, out, scratch }: PlannedProjection,
  { options }: RunPlan,
  { name, product }: { name: string; product: string },
): KernelCall[] {
  const { rows, columns } = projection.weights;
  const sums = scratch ?? out;
  const add = scratch ? [call("addTo", out.address, scratch.address, out.length)] : [];
  if (weights.kind === "dense") {
    return [call(product, out.address, "source", weights.address, rows, columns)];
  }
  if (weights.kind === "sparse") {
    const { rowStart, column, address } = weights;
    return [call(product, out.address, "source", rowStart, column, address, rows)];
  }
  if (weights.kind === "plastic") return [...scatterCalls(weights, sums, name, options.instances), ...add];
  const { start, post, address, packed } = weights;
  if (packed.form === "columns") {
    return [call(product, sums.address, "source", address, packed.height, columns), ...add];
  }
  return [call(product, sums.address, "source", start, post, address, columns, rows), ...add];
}

/** The reductions of a population's state. */
export function reductionCalls(p: PlannedPopulation): KernelCall[] {
  return p.model.reductions.flatMap(({ name, kind, variable }) => {
    const out = p.slots.get(`reduction:${name}`)!;
    const x = p.slots.get(`variable:${variable}`)!.address;
    return [call(kind, out.address, x, p.population.size), ...spreadCalls(out)];
  });
}

/** The random numbers of a population's step. */
export function randomCalls(p: PlannedPopulation, { options }: RunPlan): KernelCall[] {
  return p.model.randoms.flatMap(({ name, distribution, locality }) => {
    const out = p.slots.get(`random:${name}`)!;
    const units = locality === "unit" ? p.population.size : 1;
    const fill = `random-${distribution}-${options.precision}`;
    return [
      call(fill, out.address, units, options.stride, p.keys.get(name)!, "stepLow", "stepHigh"),
      ...spreadCalls(out),
    ];
  });
}

/** Values of a step, by name. */
export type StepValues = Readonly<Record<StepValue, number>>;

/** Bind calls to exported functions. */
export function bindCalls(
  calls: readonly KernelCall[],
  kernel: (name: string) => Kernel,
): (values: StepValues) => void {
  const bound = calls.map(({ kernel: name, values }) => {
    const run = kernel(name);
    const numbers = values.map((value) => (typeof value === "number" ? value : 0));
    const open = values.flatMap((value, at) => (typeof value === "number" ? [] : [{ value, at }]));
    return (given: StepValues) => {
      for (const { value, at } of open) numbers[at] = given[value];
      run(...numbers);
    };
  });
  return (given) => {
    for (const run of bound) run(given);
  };
}

// Implementation

function call(kernel: string, ...values: (number | StepValue)[]): KernelCall {
  return { kernel, values };
}

/** The product of a plastic projection: sums of every instance by its own weights. */
function scatterCalls(
  { address, layout }: PlasticWeights,
  sums: Slot,
  name: string,
  instances: number,
): KernelCall[] {
  const scatter = Array.from({ length: instances }, (_, b) =>
    call(`${name}.scatter`, address + b * layout.size, sums.address, "source", b * layout.bytes),
  );
  return [call("clear", sums.address, sums.length), ...scatter];
}

/** A single value is loaded as a whole vector, so it must stand in every lane; other slots need nothing. */
function spreadCalls({ address, shape }: Slot): KernelCall[] {
  return shape === SCALAR ? [call("spread", address)] : [];
}
