/**
 * @file Fill a run's memory: weights, random keys, parameters, starting values.
 */

import {
  BOTH,
  evaluate,
  INSTANCE,
  PORTABLE,
  SCALAR,
  type Shape,
  slotIndex,
  UNIT,
} from "../compiler/index.ts";
import { createStream, streamKey } from "../core/index.ts";
import type { Slot } from "./memory.ts";
import { givenValues, type PlannedPopulation, type RunPlan } from "./plan.ts";

/** Views of the memory's slots as numbers of the run's precision. */
export type SlotValues = (slot: Slot) => Float64Array | Float32Array;

/** Copy weights and the keys of the random sites; done once. */
export function placeConstants(plan: RunPlan, memory: ArrayBuffer): void {
  const bytes = new Uint8Array(memory);
  const place = (address: number, values: ArrayBufferView) => {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), address);
  };
  for (const { weights } of plan.projections) {
    if (weights.kind === "dense") place(weights.address, weights.values);
    else if (weights.kind === "events") {
      place(weights.address, weights.packed.values);
      if (weights.packed.form === "columns") continue;
      place(weights.start, weights.packed.start);
      place(weights.post, weights.packed.post);
    } else if (weights.kind === "sparse") {
      place(weights.rowStart, weights.packed.rowStart);
      place(weights.column, weights.packed.column);
      place(weights.address, weights.packed.values);
    }
  }
  placeKeys(plan, memory);
}

/** Write the keys of the random sites: those of the streams in the plan's options. */
export function placeKeys(plan: RunPlan, memory: ArrayBuffer): void {
  const { stride, streams } = plan.options;
  for (const p of plan.populations) {
    for (const [site, address] of p.keys) {
      const keys = new Uint32Array(memory, address, 2 * stride);
      for (let b = 0; b < stride; b++) {
        const key = streamKey(`${streams[b] ?? streams[0]}/noise/${p.population.name}/${site}`);
        keys[b] = key[0];
        keys[stride + b] = key[1];
      }
    }
  }
}

/** Write every parameter of a population. */
export function placeParameters(p: PlannedPopulation, plan: RunPlan, view: SlotValues): void {
  for (const name of p.model.parameters) {
    const slot = p.slots.get(`parameter:${name}`)!;
    const given = givenValues(p.population, name, plan.options);
    spreadValues(given ?? parameterValue(p, name), slot, view(slot), plan);
  }
}

/** Write starting values: those of the population, else the variable's `init`, else 0. */
export function placeInitialState(p: PlannedPopulation, plan: RunPlan, view: SlotValues): void {
  for (const v of p.model.variables) {
    const slot = p.slots.get(`variable:${v.name}`)!;
    const given = p.population.initial[v.name];
    const values = view(slot);
    values.fill(0);
    if (given !== undefined) spreadValues(given, slot, values, plan);
    else if (v.initial?.kind === "constant" && plan.options.stride > 1) values.fill(v.initial.value);
    else if (v.initial) drawInitial(p, plan, { variable: v.name, slot, values, view });
  }
}

/**
 * Spread given values over a slot: one number, shape `(unit)`, `(instance)` or `(unit, instance)`; padding repeats
 * the last real value, so that no lane computes with a meaningless parameter.
 */
export function spreadValues(
  given: number | ArrayLike<number>,
  slot: { shape: Shape; length: number },
  out: Float64Array | Float32Array,
  plan: RunPlan,
): void {
  if (typeof given === "number") {
    out.fill(given);
    return;
  }
  const { instances, stride } = plan.options;
  const last = given.length - 1;
  for (let k = 0; k < slot.length; k++) {
    if (slot.shape === SCALAR) out[k] = given[0];
    else if (slot.shape === UNIT || (slot.shape === INSTANCE && stride > 1))
      out[k] = given[Math.min(k, last)];
    else {
      const unit = Math.floor(k / stride);
      const instance = Math.min(k % stride, instances - 1);
      const perUnit = given.length * instances === (slot.length / stride) * instances;
      out[k] = perUnit ? given[unit] : given[unit * instances + instance];
    }
  }
}

// Implementation

function parameterValue({ population }: PlannedPopulation, name: string): number | Float64Array {
  // Switches of rules, `active(ip)`, are on until a run freezes them.
  if (name.startsWith("active(")) return 1;
  return population.parameters[name] ?? population.neuron.parameters[name];
}

function drawInitial(
  p: PlannedPopulation,
  plan: RunPlan,
  {
    variable,
    slot,
    values,
    view,
  }: { variable: string; slot: Slot; values: Float64Array | Float32Array; view: SlotValues },
): void {
  const { initial } = p.model.variables.find((v) => v.name === variable)!;
  const { instances, stride, dt, streams } = plan.options;
  const units = slot.shape === UNIT || slot.shape === BOTH ? p.population.size : 1;
  const views = new Map<Slot, Float64Array | Float32Array>();
  let own = false;
  // Starts that nothing tells apart are computed for one instance: a training writes them before every batch.
  for (let instance = 0; instance < stride && (own || instance === 0); instance++) {
    const rng = createStream(
      `${streams[Math.min(instance, instances - 1)]}/initial/${p.population.name}/${variable}`,
    );
    for (let unit = 0; unit < units; unit++) {
      const value = evaluate(
        initial!,
        (kind, name) => {
          if (kind === "random") {
            own = true;
            return name.startsWith("uniform") ? rng.uniform() : rng.normal();
          }
          if (kind === "step") return dt;
          if (kind === "time") return 0;
          const parameter = p.slots.get(`parameter:${name}`)!;
          if (!views.has(parameter)) views.set(parameter, view(parameter));
          own ||= parameter.shape === INSTANCE || parameter.shape === BOTH;
          return views.get(parameter)![slotIndex(parameter.shape, { unit, instance }, stride)];
        },
        PORTABLE,
      );
      if (slot.shape === SCALAR) values.fill(value);
      else values[slotIndex(slot.shape, { unit, instance }, stride)] = value;
    }
  }
  if (own) return;
  if (slot.shape === INSTANCE) values.fill(values[0]);
  if (slot.shape !== BOTH) return;
  for (let unit = 0; unit < units; unit++)
    values.fill(values[unit * stride], unit * stride, (unit + 1) * stride);
}
