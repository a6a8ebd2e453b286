/**
 * @file Small environments whose answers are known in closed form.
 */

import type { Rng } from "../../../core/index.ts";
import type { AgentEnvironment } from "../episode.ts";

const names = { observationSize: 1, actions: 2 };
const end = { terminated: true, truncated: false };
const goOn = { terminated: false, truncated: false };

/** One step; arm k pays 1 with probability chances[k]. */
export function bandit(chances: readonly number[]): AgentEnvironment {
  let rng: Rng;
  const observation = Float64Array.of(1);
  return {
    ...names,
    name: "bandit",
    actions: chances.length,
    reset(given) {
      rng = given;
      return observation;
    },
    step: (action) => ({ observation, reward: rng.uniform() < chances[action] ? 1 : 0, ...end }),
  };
}

/**
 * Short corridor with switched actions, Sutton & Barto (2018), example 13.1: three states that look the same, −1 a
 * step, the way on is right, left, right. With P(right) = p its return is (2p − 4) / (p (1 − p)), best at p = 2 − √2.
 */
export function switchedCorridor(): AgentEnvironment {
  const observation = Float64Array.of(1);
  let place = 0;
  return {
    ...names,
    name: "switched corridor",
    reset() {
      place = 0;
      return observation;
    },
    step(action) {
      const right = action === 1;
      place = right === (place !== 1) ? place + 1 : Math.max(0, place - 1);
      return { observation, reward: -1, ...(place === 3 ? end : goOn) };
    },
  };
}

/** Corridor of `length` states, one-hot: −1 a step until its right end is passed. From state s the best is length − s steps. */
export function corridor(length: number): AgentEnvironment {
  let place = 0;
  const observe = () => Float64Array.from({ length }, (_, k) => (k === place ? 1 : 0));
  return {
    ...names,
    name: "corridor",
    observationSize: length,
    reset(rng) {
      place = rng.integer(length);
      return observe();
    },
    step(action) {
      place = action === 1 ? place + 1 : Math.max(0, place - 1);
      return { observation: observe(), reward: -1, ...(place === length ? end : goOn) };
    },
  };
}

/**
 * Random walk, Sutton & Barto (2018), example 6.2: five states in a row, one-hot, from the middle; past the right end
 * the reward is 1, past the left end 0. When both actions are as likely the values are 1/6 … 5/6.
 */
export function randomWalk(): AgentEnvironment {
  let place = 2;
  const observe = () => Float64Array.from({ length: 5 }, (_, k) => (k === place ? 1 : 0));
  return {
    ...names,
    name: "random walk",
    observationSize: 5,
    reset() {
      place = 2;
      return observe();
    },
    step(action) {
      place += action === 1 ? 1 : -1;
      const over = place < 0 || place > 4;
      return { observation: observe(), reward: place > 4 ? 1 : 0, ...(over ? end : goOn) };
    },
  };
}

/** Never ends by itself; every step pays 1; the observation is one number drawn anew. */
export function endless(scale = 1): AgentEnvironment {
  let rng: Rng;
  const observe = () => Float64Array.of(scale * rng.normal());
  return {
    ...names,
    name: "endless",
    reset(given) {
      rng = given;
      return observe();
    },
    step: () => ({ observation: observe(), reward: 1, ...goOn }),
  };
}
