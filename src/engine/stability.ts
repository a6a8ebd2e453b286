/**
 * @file A warning before the run when an Euler step is too long for a time constant.
 */

import { evaluate } from "../compiler/index.ts";
import { warn } from "../core/index.ts";
import { givenValues, type PlannedPopulation, type RunPlan } from "./plan.ts";

/** Above this share of a time constant forward Euler is inaccurate, above the second unstable. */
const DOUBTFUL = 0.5;
const UNSTABLE = 2;

/**
 * Warn, once per variable, where |∂f/∂x| dt > 0.5 in an explicit ODE. A line with the flag `explicit` means its step as it
 * is, x ← (1 − α) x + α (…) with any α = dt / τ: there only α > 2 is warned of.
 */
export function stabilityWarnings(plan: RunPlan): void {
  const { dt } = plan.options;
  for (const p of plan.populations) {
    for (const { variable, slope, stated } of p.model.relaxations) {
      const steepest = Math.max(
        ...settings(p, plan).map((at) =>
          Math.abs(evaluate(slope, (kind, name) => (kind === "step" ? dt : at(name)))),
        ),
      );
      const ratio = steepest * dt;
      if (!(ratio > (stated ? UNSTABLE : DOUBTFUL))) continue;
      const [state, mend] =
        ratio > UNSTABLE
          ? ["unstable", "put the flag exponential (or another method) on its line"]
          : [
              "inaccurate",
              "put a flag on its line: exponential (or another method), or explicit where the step is meant as it is",
            ];
      warn(
        "euler-step",
        `${p.population.name}.${variable}: dt/tau = ${Number(ratio.toPrecision(3))} makes explicit Euler ${state}; lower dt, or ${mend}`,
      );
    }
  }
}

// Implementation

type Setting = (parameter: string) => number;

/** The parameter values that occur: each unit's and each instance's, parameter by parameter. */
function settings({ population, model }: PlannedPopulation, plan: RunPlan): Setting[] {
  const values = (name: string): ArrayLike<number> => {
    const given = givenValues(population, name, plan.options) ?? population.parameters[name];
    if (given === undefined) return [population.neuron.parameters[name]];
    return typeof given === "number" ? [given] : given;
  };
  const longest = Math.max(1, ...model.parameters.map((name) => values(name).length));
  return Array.from({ length: longest }, (_, k) => (name: string) => {
    const list = values(name);
    return list[Math.min(k, list.length - 1)];
  });
}
