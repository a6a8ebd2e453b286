/**
 * @file Whether a neuron leaks as it is said to, x ← (1 − α) x + α (sum(rec) + …) and what it sends is f(g x): Ω takes
 * this on trust, and would be wrong without a word. The equations are tried at a few points.
 */

import { evaluate, type PlannedModel, PORTABLE } from "../../../compiler/index.ts";
import { CajalError, suggest } from "../../../core/index.ts";
import type { EquationNetworkOptions } from "./equation-network-options.ts";
import { ACTIVATION_SLOPES } from "./leaky-rate.ts";

/** Where the equations are tried: values of the state and of the sum, on both sides of 0 and of 1. */
const POINTS = [
  [0.3, 0.4],
  [-0.7, -0.2],
  [1.6, 0.9],
] as const;
const STEP = 1e-5;
const TOLERANCE = 1e-5;

/**
 * Try what `leaky` says.
 *
 * @param model - The neuron, compiled; `leaky.state` is one of its variables.
 * @throws CajalError `unknown-parameter`, `bad-leaky-rate`.
 */
export function checkLeaky(
  model: PlannedModel,
  { neuron, parameters = {}, leaky, read = "r", send = read, sums }: EquationNetworkOptions,
): void {
  if (!leaky) return;
  const { state, activation, tau, alpha, gain } = leaky;
  const fail = (code: string, what: string, hint: string) =>
    new CajalError(what, { code, where: "equationNetwork.leaky", hint });
  const parameterOf = (name: string): number => {
    const value = parameters[name] ?? neuron.parameters[name];
    return typeof value === "number" ? value : value[0];
  };
  const own = Object.keys(neuron.parameters);
  for (const name of [tau, alpha, gain])
    if (name !== undefined && !own.includes(name))
      throw fail("unknown-parameter", `the neuron has no parameter "${name}"`, suggest(name, own));
  // Half of a time constant, so that methods which are not Euler's are told from it.
  const dt = alpha === undefined && tau !== undefined ? parameterOf(tau) / 2 : 1;
  const leak = alpha !== undefined ? parameterOf(alpha) : tau !== undefined ? dt / parameterOf(tau) : 1;
  const slope = gain === undefined ? 1 : parameterOf(gain);
  const after = (x: number, sum: number) =>
    afterStep(model, { dt, values: { [state]: x }, sums: { [sums?.rec ?? "rec"]: sum }, parameterOf });
  for (const [x, sum] of POINTS) {
    const change = (dx: number, ds: number, name: string) =>
      (after(x + dx, sum + ds)[name] - after(x - dx, sum - ds)[name]) / (2 * STEP);
    const next = after(x, sum)[state];
    const found = [
      [change(STEP, 0, state), 1 - leak, `${state} keeps`, "1 − α"],
      [change(0, STEP, state), leak, `${state} takes`, "α"],
      [
        change(0, STEP, send),
        leak * slope * ACTIVATION_SLOPES[activation](slope * next),
        `${send} takes`,
        "α g f′(g x)",
      ],
    ] as const;
    const off = found.find(([is, wanted]) => !(Math.abs(is - wanted) < TOLERANCE));
    if (!off) continue;
    const [is, wanted, who, formula] = off;
    const of = who.endsWith("keeps") ? "itself" : "sum(rec)";
    throw fail(
      "bad-leaky-rate",
      `the equations do not leak as it says: ${who} ${Number(is.toPrecision(3))} of ${of} in a step, ${formula} is ${Number(wanted.toPrecision(3))}`,
      "Ω needs x ← (1 − α) x + α (sum(rec) + …) by Euler's method, and f(g x) as what units send; else leave leaky out.",
    );
  }
}

// Implementation

/** Values of all variables after one step from 0, but for those given; without noise. */
function afterStep(
  { actions, variables }: PlannedModel,
  {
    dt,
    values,
    sums,
    parameterOf,
  }: {
    dt: number;
    values: Readonly<Record<string, number>>;
    sums: Readonly<Record<string, number>>;
    parameterOf(name: string): number;
  },
): Record<string, number> {
  const now: Record<string, number> = Object.fromEntries(variables.map(({ name }) => [name, 0]));
  Object.assign(now, values);
  const temporaries: Record<string, number> = {};
  for (const action of actions) {
    const value = evaluate(
      action.value,
      (kind, name) => {
        if (kind === "variable") return now[name];
        if (kind === "temporary") return temporaries[name];
        if (kind === "parameter") return name.startsWith("active(") ? 1 : parameterOf(name);
        if (kind === "sum") return name === "" ? (Object.values(sums)[0] ?? 0) : (sums[name] ?? 0);
        return kind === "step" ? dt : 0;
      },
      PORTABLE,
    );
    if (action.kind === "temporary") temporaries[action.name] = value;
    else now[action.variable] = value;
  }
  return now;
}
