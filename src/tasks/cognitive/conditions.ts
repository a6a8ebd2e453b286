/**
 * @file What varies between trials: drawing factors, fixing some of them, and listing all their combinations.
 */

import { CajalError, type Rng, suggest } from "../../core/index.ts";
import type { Conditions, ConditionValue, Factor, Factors, Task } from "./trial.ts";

/** Values of all factors and whether the trial is a catch trial. */
export interface DrawnConditions {
  values: Record<string, ConditionValue>;
  catchTrial: boolean;
}

/**
 * Draw every factor, then put in what is fixed.
 *
 * @param rng - One draw for each factor, in order, and one for the catch trial, fixed or not.
 * @throws CajalError `unknown-condition`, `bad-condition`.
 */
export function drawConditions(
  task: { name: string; factors: Factors; catchFraction: number },
  rng: Rng,
  given: Conditions = {},
): DrawnConditions {
  checkConditions(task, given);
  const values: Record<string, ConditionValue> = {};
  for (const [name, factor] of Object.entries(task.factors)) {
    const drawn = drawFactor(factor, rng);
    values[name] = name in given ? given[name] : drawn;
  }
  const chance = rng.uniform() < task.catchFraction;
  return { values, catchTrial: typeof given.catch === "boolean" ? given.catch : chance };
}

/**
 * Every combination of the listed factors of a task, the first factor slowest: what a validation set shows once each.
 * Factors drawn from a range are left out, and so are drawn. None is a catch trial.
 *
 * @param options.fixed - Factors to hold at one value.
 * @param options.catchTrials - Catch trials to append, default 0; Song, Yang & Wang (2016) validate with one.
 * @throws CajalError `unknown-condition`, `bad-condition`.
 * @example batchTrials(task, 550, rng, { conditions: conditionGrid(task, { catchTrials: 1 }) })
 */
export function conditionGrid(
  task: Pick<Task, "name" | "factors" | "catchFraction">,
  { fixed = {}, catchTrials = 0 }: { fixed?: Conditions; catchTrials?: number } = {},
): Conditions[] {
  checkConditions(task, fixed);
  let grid: Conditions[] = [{ ...fixed, catch: false }];
  for (const [name, factor] of Object.entries(task.factors)) {
    if (name in fixed || !("values" in factor)) continue;
    grid = grid.flatMap((c) => factor.values.map((value) => ({ ...c, [name]: value })));
  }
  for (let k = 0; k < catchTrials; k++) grid.push({ catch: true });
  return grid;
}

// Implementation

function drawFactor(factor: Factor, rng: Rng): ConditionValue {
  return "values" in factor
    ? factor.values[rng.integer(factor.values.length)]
    : factor.low + (factor.high - factor.low) * rng.uniform();
}

function checkConditions(
  { name: task, factors, catchFraction }: { name: string; factors: Factors; catchFraction: number },
  given: Conditions,
): void {
  const fail = (what: string, code: string, hint?: string) => {
    throw new CajalError(what, { code, where: `task "${task}"`, hint });
  };
  for (const [name, value] of Object.entries(given)) {
    if (name === "catch") {
      if (typeof value !== "boolean") fail(`catch must be true or false, got ${value}`, "bad-condition");
      if (value === true && catchFraction === 0) {
        fail("this task has no catch trials", "bad-condition", "Leave `catch` out, or raise catchFraction.");
      }
      continue;
    }
    const factor = factors[name];
    if (!factor) {
      fail(
        `there is no condition "${name}"`,
        "unknown-condition",
        suggest(name, [...Object.keys(factors), "catch"]),
      );
    }
    if ("values" in factor) {
      const free = factor.open && typeof value === "number" && Number.isFinite(value);
      if (free || factor.values.includes(value)) continue;
      const legal = `${factor.values.join(", ")}${factor.open ? " or another number" : ""}`;
      fail(`${name} must be one of ${legal}, got ${value}`, "bad-condition");
    } else if (!(typeof value === "number" && Number.isFinite(value))) {
      fail(`${name} must be a number, got ${value}`, "bad-condition");
    }
  }
}
