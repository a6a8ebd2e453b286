/**
 * @file One step of a population by walking its plan: statement by statement, unit by unit. It reads the plan, not the
 * kernel IR, so that it checks the passes on the IR too.
 */

import type { Locality } from "../../check/model.ts";
import { type Shape, type SlotName, slotIndex } from "../../ir/kernel.ts";
import type { PlannedModel } from "../../plan/plan.ts";
import { evaluate, type Lookup } from "./evaluate.ts";

/** A slot's values, with the axes they vary along. */
export interface SlotView {
  values: Float64Array | Float32Array;
  shape: Shape;
}

/** What an interpreted population works on. */
export interface InterpreterTarget {
  model: PlannedModel;
  /** Length of a step [ms]. */
  dt: number;
  units: number;
  instances: number;
  /** Instances in memory, ≥ instances. */
  stride: number;
  /** Values nearer to 0 are stored as 0, as the compiled kernels do. */
  flushBelow: number;
  /** Targets that have projections: what `sum()` adds up. */
  targets: readonly string[];
  slot(name: SlotName): SlotView;
}

/** A function that advances the population by one step and says whether every new value is finite. */
export function interpretPopulation(target: InterpreterTarget): () => boolean {
  const { model, units, instances } = target;
  const locality = new Map(model.variables.map((v) => [v.name, v.locality]));
  const temporaries: Temporaries = new Map();
  const steps = model.actions.map((action) => {
    const own: Locality = action.kind === "temporary" ? action.locality : locality.get(action.variable)!;
    const count = own === "unit" ? units : 1;
    if (action.kind === "temporary")
      temporaries.set(action.name, { values: new Float64Array(count * instances), count });
    return { action, count };
  });
  const lookupAt = makeLookup(target, temporaries);
  return () => {
    let finite = true;
    for (const { action, count } of steps) {
      for (let unit = 0; unit < count; unit++) {
        for (let instance = 0; instance < instances; instance++) {
          const value = evaluate(action.value, lookupAt(unit, instance));
          if (action.kind === "temporary")
            temporaries.get(action.name)!.values[unit * instances + instance] = value;
          else finite = storeState(target, action.variable, { unit, instance }, value) && finite;
        }
      }
    }
    return finite;
  };
}

// Implementation

/** Values named within a step: one per unit and instance, or per instance when `count` is 1. */
type Temporaries = Map<string, { values: Float64Array; count: number }>;

function storeState(
  target: InterpreterTarget,
  variable: string,
  at: { unit: number; instance: number },
  value: number,
): boolean {
  const { values, shape } = target.slot(`variable:${variable}`);
  const index = slotIndex(shape, at, target.stride);
  values[index] = Math.abs(value) < target.flushBelow ? 0 : value;
  // A value that overflows the memory's precision is not finite either.
  return Number.isFinite(values[index]);
}

function makeLookup(target: InterpreterTarget, temporaries: Temporaries) {
  const { instances, stride, dt, targets } = target;
  const readTemporary = (name: string, unit: number, instance: number) => {
    const { values, count } = temporaries.get(name)!;
    return values[(count === 1 ? 0 : unit) * instances + instance];
  };
  return (unit: number, instance: number): Lookup => {
    const read = (name: SlotName) => {
      const { values, shape } = target.slot(name);
      return values[slotIndex(shape, { unit, instance }, stride)];
    };
    return (kind, name) => {
      if (kind === "step") return dt;
      if (kind === "time") return read("time");
      if (kind === "temporary") return readTemporary(name, unit, instance);
      if (kind === "sum" && name === "") return targets.reduce((sum, t) => sum + read(`sum:${t}`), 0);
      return read(`${kind}:${name}`);
    };
  };
}
