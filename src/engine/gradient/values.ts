/**
 * @file Between arrays of the caller and the memory of a run: inputs, starting values, records, adjoints.
 */

import { BOTH, INSTANCE, type Shape, UNIT } from "../../compiler/index.ts";
import { CajalError, suggest } from "../../core/index.ts";
import type { FloatArray } from "../kernels/index.ts";
import type { BatchPart } from "./batch-part.ts";
import type { GradientPlan, GradientPopulation, Place } from "./gradient-plan.ts";
import type { Tape } from "./tape.ts";

/** A variable of a population. */
export interface FoundVariable {
  population: number;
  variable: string;
  place: Place;
  units: number;
}

/** Find `"population.variable"`. @throws CajalError `unknown-variable`. */
export function findVariable(name: string, plan: GradientPlan, where: string): FoundVariable {
  const dot = name.indexOf(".");
  const population = plan.populations.findIndex((p) => p.planned.population.name === name.slice(0, dot));
  const variable = name.slice(dot + 1);
  const p: GradientPopulation | undefined = plan.populations[population];
  const place = p?.frame.get(`variable:${variable}`);
  if (p && place) {
    const units = place.shape === BOTH ? p.planned.population.size : 1;
    return { population, variable, place, units };
  }
  const known = plan.populations.flatMap(
    ({
      planned: {
        model,
        population: { name: own },
      },
    }) => model.variables.map((v) => `${own}.${v.name}`),
  );
  throw new CajalError(`there is no variable "${name}"`, {
    code: "unknown-variable",
    where,
    hint: suggest(name, known),
  });
}

/** Find the sum `"population.target"`. @throws CajalError `unknown-sum`. */
export function findSum(
  name: string,
  { populations }: GradientPlan,
): { population: number; target: string; units: number } {
  const sums = populations.flatMap(({ planned: { population: own, targets } }, population) =>
    targets.map((target) => ({ name: `${own.name}.${target}`, population, target, units: own.size })),
  );
  const found = sums.find((sum) => sum.name === name);
  if (found) return found;
  throw new CajalError(`there is no sum "${name}"`, {
    code: "unknown-sum",
    where: "backward",
    hint: suggest(
      name,
      sums.map((sum) => sum.name),
    ),
  });
}

/** Whether inputs are given, and fit: shape `(time, input)` for all trials, or `(time, input, instance)`. @throws CajalError. */
export function checkInputs(
  given: Readonly<Record<string, ArrayLike<number>>>,
  steps: number,
  plan: GradientPlan,
): void {
  const { of } = plan.options.part;
  for (const name of Object.keys(given)) {
    if (plan.inputs.has(name)) continue;
    throw new CajalError(`there is no input "${name}"`, {
      code: "unknown-input",
      where: "forward",
      hint: suggest(name, plan.inputs.keys()),
    });
  }
  for (const [name, { size }] of plan.inputs) {
    const values = given[name];
    if (values === undefined) {
      throw new CajalError(`input "${name}" has no values`, {
        code: "missing-input",
        where: "forward",
        hint: `Give inputs: { ${name}: … } of shape (time, input) or (time, input, instance).`,
      });
    }
    const rows = steps * size;
    if (values.length === rows || values.length === rows * of) continue;
    throw new CajalError(`${values.length} values for ${steps} steps of ${size} inputs and ${of} instances`, {
      code: "shape",
      where: `forward, input "${name}"`,
      hint: "Give shape (time, input) or (time, input, instance).",
    });
  }
}

/** Whether starts fit: shape `(unit)` or `(unit, instance)`. @throws CajalError. */
export function checkStarts(initial: Readonly<Record<string, ArrayLike<number>>>, plan: GradientPlan): void {
  const { of: instances } = plan.options.part;
  for (const [name, values] of Object.entries(initial)) {
    const { units } = findVariable(name, plan, "forward, initial");
    if (values.length === units || values.length === units * instances) continue;
    throw new CajalError(`${values.length} values for ${units} units and ${instances} instances`, {
      code: "shape",
      where: `forward, initial "${name}"`,
      hint: "Give shape (unit) or (unit, instance).",
    });
  }
}

/** Write the inputs of all steps, which were checked. */
export function writeInputs(
  given: Readonly<Record<string, ArrayLike<number>>>,
  steps: number,
  tape: Tape,
): void {
  const { part, run } = tape.plan.options;
  const { instances, stride } = run;
  for (const [name, { size, address }] of tape.plan.inputs) {
    const values = given[name];
    const rows = steps * size;
    const shared = values.length === rows;
    const out = tape.view({ address, length: rows * stride });
    if (!shared && instances === stride && part.of === stride) out.set(values);
    else {
      for (let row = 0; row < rows; row++) {
        const from = row * part.of + part.first;
        for (let b = 0; b < stride; b++)
          out[row * stride + b] = shared ? values[row] : values[from + Math.min(b, instances - 1)];
      }
    }
  }
}

/** Copy real instances out of rows that are padded to `stride`. @param row - Of `out`, where they begin. */
export function unpad(
  values: FloatArray,
  { instances, stride }: { instances: number; stride: number },
  out: FloatArray,
  { row, first, of }: BatchPart & { row: number },
): void {
  if (instances === stride && of === stride) {
    out.set(values, row * of);
    return;
  }
  const at = row * of + first;
  for (let k = 0; k * stride < values.length; k++) {
    for (let b = 0; b < instances; b++) out[at + k * of + b] = values[k * stride + b];
  }
}

/**
 * Sum adjoints that each unit and instance has of a parameter to the parameter's own shape, units ascending, then
 * instances ascending.
 *
 * @param shape - Of the parameter.
 * @param from - Shape of `values`: BOTH, or INSTANCE for what the population as a whole has.
 */
export function addParameterAdjoint(
  out: Float64Array,
  shape: Shape,
  { values, from }: { values: FloatArray; from: Shape },
  { instances, stride }: { instances: number; stride: number },
): void {
  const units = from === INSTANCE ? 1 : values.length / stride;
  // Where the sum of unit u and instance b goes: u · perUnit + b · perInstance.
  const perUnit = shape === UNIT ? 1 : shape === BOTH ? instances : 0;
  const perInstance = shape === INSTANCE || shape === BOTH ? 1 : 0;
  if (shape === UNIT && from !== INSTANCE) {
    addRows(out, values, { instances, stride });
    return;
  }
  for (let unit = 0; unit < units; unit++) {
    for (let b = 0; b < instances; b++) out[unit * perUnit + b * perInstance] += values[unit * stride + b];
  }
}

/** The sum of each row of instances, ascending; four rows take turns, for an addition waits for the one before it. */
function addRows(
  out: Float64Array,
  values: FloatArray,
  { instances, stride }: { instances: number; stride: number },
): void {
  let unit = 0;
  for (; unit + 4 <= out.length; unit += 4) {
    let [a, b, c, d] = out.subarray(unit, unit + 4);
    const first = unit * stride;
    for (let k = first; k < first + instances; k++) {
      a += values[k];
      b += values[k + stride];
      c += values[k + 2 * stride];
      d += values[k + 3 * stride];
    }
    out.set([a, b, c, d], unit);
  }
  for (; unit < out.length; unit++) {
    for (let b = 0; b < instances; b++) out[unit] += values[unit * stride + b];
  }
}
