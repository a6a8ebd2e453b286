/**
 * @file Which trials stopped being finite in a forward pass, and where.
 */

import { type Divergence, describeDivergence } from "../status.ts";
import type { Tape } from "./tape.ts";

/** Note every instance that is not finite after step t for the first time. */
export function findDivergence(tape: Tape, t: number, diverged: Divergence[]): void {
  const { run, part } = tape.plan.options;
  const { dt, instances, stride } = run;
  const time = (tape.offset + t + 1) * dt;
  for (const { planned, frame } of tape.plan.populations) {
    for (const v of planned.model.variables) {
      const values = tape.inFrame(t + 1, frame.get(`variable:${v.name}`)!);
      for (let k = 0; k < values.length; k++) {
        const instance = part.first + (k % stride);
        if (Number.isFinite(values[k]) || k % stride >= instances) continue;
        if (diverged.some((d) => d.instance === instance)) continue;
        const variable = `${planned.population.name}.${v.name}`;
        const found = { instance, variable, unit: Math.floor(k / stride), t: time };
        diverged.push({ ...found, message: describeDivergence(found, values[k], part.of) });
      }
    }
  }
  diverged.sort((a, b) => a.instance - b.instance);
}
