/**
 * @file CartPole: keep a pole upright on a cart by pushing it left or right. The equations of Barto, Sutton and Anderson
 * (1983), "Neuronlike adaptive elements that can solve difficult learning control problems", IEEE SMC 13, without
 * friction; constants and order of update are those of Gymnasium's CartPole-v0 and -v1.
 */

import { CajalError, cos, type Rng, sin } from "../../core/index.ts";
import type { Environment, EnvironmentStep } from "./environment.ts";

/** Constants of CartPole. */
export const CART_POLE = {
  /** [m/s²] */
  gravity: 9.8,
  /** [kg] */
  cartMass: 1,
  /** [kg] */
  poleMass: 0.1,
  /** From hinge to centre of mass [m]. */
  halfLength: 0.5,
  /** Push of either action [N]. */
  force: 10,
  /** Euler step [s]. */
  dt: 0.02,
  /** The episode ends beyond ± this place [m]. */
  maxPosition: 2.4,
  /** The episode ends beyond ± this angle [rad], 12°. */
  maxAngle: (12 * 2 * Math.PI) / 360,
  /** Every start value is drawn evenly from ± this. */
  maxStart: 0.05,
} as const;

/**
 * CartPole as Gymnasium has it: actions 0 (push left) and 1 (push right), reward 1 for every step, the falling one
 * included; the episode ends when cart or pole leave their bounds, or after 200 (v0) or 500 (v1) steps.
 *
 * Departure: observations are not rounded to single precision.
 *
 * @param options.version - 0: 200 steps, solved at 195; 1 (default): 500 steps, solved at 475, over 100 episodes.
 * @param options.hideVelocities - Observe only place and angle, default false; the velocities must then be remembered.
 * @param options.start - Start of every episode `[x, ẋ, θ, θ̇]` instead of a random one.
 * @throws CajalError `bad-option`.
 * @example const env = cartPole({ version: 0 }); env.reset(rng); env.step(1).observation
 */
export function cartPole(
  options: { version?: 0 | 1; hideVelocities?: boolean; start?: ArrayLike<number> } = {},
): Environment {
  const { version = 1, hideVelocities = false, start } = options;
  if (version !== 0 && version !== 1) {
    const details = { code: "bad-option", where: "cartPole" };
    throw new CajalError(`version must be 0 or 1, got ${version}`, details);
  }
  if (start && (start.length !== 4 || !Array.from(start).every(Number.isFinite))) {
    throw new CajalError(`start must be four finite numbers, got [${Array.from(start).join(", ")}]`, {
      code: "bad-option",
      where: "cartPole",
      hint: "Give place [m], velocity [m/s], angle [rad] and angular velocity [rad/s].",
    });
  }
  return new CartPole(version, hideVelocities, start ? Float64Array.from(start) : undefined);
}

/**
 * Accelerations of the system without friction.
 *
 * θ̈ = [g sin θ − cos θ · h] / [l (4/3 − m cos²θ/M)],  ẍ = h − m l θ̈ cos θ / M,  h = (F + m l θ̇² sin θ)/M,
 * with m the pole's mass, M that of both, l half the pole's length.
 *
 * @param state - `[x, ẋ, θ, θ̇]` [m, m/s, rad, rad/s].
 * @param force - F, on the cart, to the right [N].
 * @returns `[ẍ, θ̈]` [m/s², rad/s²].
 */
export function cartPoleAccelerations(state: ArrayLike<number>, force: number): [number, number] {
  const { gravity, cartMass, poleMass, halfLength } = CART_POLE;
  const mass = poleMass + cartMass;
  const moment = poleMass * halfLength;
  const c = cos(state[2]);
  const s = sin(state[2]);
  const h = (force + moment * (state[3] * state[3]) * s) / mass;
  const angular = (gravity * s - c * h) / (halfLength * (4 / 3 - (poleMass * (c * c)) / mass));
  return [h - (moment * angular * c) / mass, angular];
}

/**
 * One explicit Euler step: places move by the old velocities, as Gymnasium's `kinematics_integrator="euler"`.
 *
 * @param state - `[x, ẋ, θ, θ̇]`; unchanged.
 * @param dt - [s], default 0.02.
 * @returns State after the step.
 */
export function cartPoleStep(
  state: ArrayLike<number>,
  force: number,
  dt: number = CART_POLE.dt,
): Float64Array {
  const [acceleration, angular] = cartPoleAccelerations(state, force);
  return Float64Array.of(
    state[0] + dt * state[1],
    state[1] + dt * acceleration,
    state[2] + dt * state[3],
    state[3] + dt * angular,
  );
}

// Implementation

/** Usual ranges of `[x, ẋ, θ, θ̇]`: the bounds of the episode, and where velocities stay while the pole stands. */
const RANGES: readonly (readonly [number, number])[] = [
  [-2.4, 2.4],
  [-3, 3],
  [-0.21, 0.21],
  [-3, 3],
];

const NAMES = ["position [m]", "velocity [m/s]", "angle [rad]", "angular velocity [rad/s]"];

class CartPole implements Environment {
  readonly name: string;
  readonly observationSize: number;
  readonly observationNames: readonly string[];
  readonly observationRanges: readonly (readonly [number, number])[];
  readonly actions = 2;
  readonly actionNames = ["push left", "push right"];
  readonly maxSteps: number;
  readonly solved: { readonly meanReturn: number; readonly episodes: number };
  readonly #shown: number[];
  readonly #start: Float64Array | undefined;
  #state: Float64Array | undefined;
  #steps = 0;
  #over = false;

  constructor(version: 0 | 1, hideVelocities: boolean, start: Float64Array | undefined) {
    this.name = `CartPole-v${version}${hideVelocities ? ", velocities hidden" : ""}`;
    this.#shown = hideVelocities ? [0, 2] : [0, 1, 2, 3];
    this.observationSize = this.#shown.length;
    this.observationNames = this.#shown.map((k) => NAMES[k]);
    this.observationRanges = this.#shown.map((k) => RANGES[k]);
    this.maxSteps = version === 0 ? 200 : 500;
    this.solved = { meanReturn: version === 0 ? 195 : 475, episodes: 100 };
    this.#start = start;
  }

  reset(rng: Rng): Float64Array {
    const draw = () => CART_POLE.maxStart * (2 * rng.uniform() - 1);
    this.#state = this.#start?.slice() ?? Float64Array.from({ length: 4 }, draw);
    this.#steps = 0;
    this.#over = false;
    return this.#observe(this.#state);
  }

  step(action: number): EnvironmentStep {
    const where = `${this.name}, step`;
    if (action !== 0 && action !== 1) {
      const hint = "Actions are 0 (push left) and 1 (push right).";
      throw new CajalError(`no action ${action}`, { code: "bad-action", where, hint });
    }
    if (this.#state === undefined || this.#over) {
      throw new CajalError(this.#over ? "the episode is over" : "the episode has not begun", {
        code: this.#over ? "episode-over" : "not-reset",
        where,
        hint: "Call reset first.",
      });
    }
    const { force, maxPosition, maxAngle } = CART_POLE;
    const state = cartPoleStep(this.#state, action === 1 ? force : -force);
    this.#state = state;
    this.#steps++;
    const terminated = Math.abs(state[0]) > maxPosition || Math.abs(state[2]) > maxAngle;
    const truncated = this.#steps >= this.maxSteps;
    this.#over = terminated || truncated;
    return { observation: this.#observe(state), reward: 1, terminated, truncated };
  }

  #observe(state: Float64Array): Float64Array {
    return Float64Array.from(this.#shown, (k) => state[k]);
  }
}
