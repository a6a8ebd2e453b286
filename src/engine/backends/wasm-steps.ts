/**
 * @file Whole steps as one WebAssembly function, so that a step of a small network is not mostly calls, and a run that
 * nobody looks into before its end is one call.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import type { Slot } from "../memory.ts";
import type { RunPlan } from "../plan.ts";
import { scheduleSums } from "../schedule.ts";
import type { KernelCall, StepValue } from "./kernel-calls.ts";

/** The calls of each projection and population, by their place in the plan. */
export interface PlannedCalls {
  project: KernelCall[][];
  reduce: KernelCall[][];
  draw: KernelCall[][];
}

/** Projections whose source moves from step to step: they read what was there some steps ago. */
export function movingSources({ projections }: RunPlan): number[] {
  return projections.flatMap(({ pre }, k) => (pre.ring ? [k] : []));
}

/**
 * Add `steps (stepLow, stepHigh, count, …sources) → i32`: `count` ≥ 1 steps of sums, reductions, random numbers and
 * equations, in the order of engine/schedule.ts; of several only where no source moves. Stops after a step with a
 * value that is not finite. Returns the number of steps taken, negative if the last one had such a value.
 */
export function addSteps(module: ModuleBuilder, plan: RunPlan, calls: PlannedCalls): FunctionHandle {
  const moving = movingSources(plan);
  const parameters = new Array(3 + moving.length).fill("i32");
  return module.addFunction(
    "steps",
    { parameters, results: ["i32"] },
    (code) => {
      const [low, high, count] = [0, 1, 2].map((k) => code.parameter(k));
      const done = code.local("i32");
      const bad = code.local("i32");
      const pushSource = (k: number) => {
        const place = moving.indexOf(k);
        if (place < 0) code.i32Const(plan.projections[k].pre.state.address);
        else code.get(code.parameter(3 + place));
      };
      const print = (list: readonly KernelCall[], projection = -1) => {
        for (const { kernel, values } of list) {
          for (const value of values) {
            if (typeof value === "number") code.i32Const(value);
            else pushValue(code, value, { low, high, source: () => pushSource(projection) });
          }
          code.call(module.handle(kernel));
        }
      };
      const { next, same } = scheduleSums(plan);
      code.loop(() => {
        writeTime(code, plan, { low, high });
        for (const k of next) print(calls.project[k], k);
        same.forEach((sums, p) => {
          for (const k of sums) print(calls.project[k], k);
          print(calls.reduce[p]);
          print(calls.draw[p]);
          code
            .get(bad)
            .call(module.handle(`p${p}.update`))
            .op("i32.or")
            .set(bad);
        });
        code.get(done).i32Const(1).op("i32.add").set(done);
        code.get(bad).if(() => code.i32Const(0).get(done).op("i32.sub").return());
        code.get(low).i32Const(1).op("i32.add").tee(low).op("i32.eqz").get(high).op("i32.add").set(high);
        code.get(done).get(count).op("i32.lt_u").brIf(0);
      });
      code.get(done);
    },
    { exported: true },
  );
}

/** Add `spread (address)`: the number there in every lane of the vector there. */
export function addSpread(module: ModuleBuilder, { options }: RunPlan): FunctionHandle {
  const splat = options.precision === "f64" ? "v128.load64_splat" : "v128.load32_splat";
  return module.addFunction(
    "spread",
    { parameters: ["i32"], results: [] },
    (code) => {
      const at = code.parameter(0);
      code.get(at).get(at).load(splat).store("v128.store");
    },
    { exported: true },
  );
}

// Implementation

function pushValue(
  code: FunctionBuilder,
  value: StepValue,
  { low, high, source }: { low: Local; high: Local; source: () => void },
): void {
  if (value === "source") source();
  else code.get(value === "stepLow" ? low : high);
}

/** Time at the beginning of the step: its number times dt. */
function writeTime(
  code: FunctionBuilder,
  { options, time }: { options: RunPlan["options"]; time: Slot },
  { low, high }: { low: Local; high: Local },
): void {
  code.i32Const(time.address);
  code.get(high).op("f64.convert_i32_u").f64Const(0x100000000).op("f64.mul");
  code.get(low).op("f64.convert_i32_u").op("f64.add").f64Const(options.dt).op("f64.mul");
  if (options.precision === "f64") code.op("f64x2.splat");
  else code.op("f32.demote_f64").op("f32x4.splat");
  code.store("v128.store");
}
