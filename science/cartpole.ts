/**
 * @file Balancing a pole from what a reservoir remembers. With all four numbers in sight no memory is needed; with the
 * velocities hidden it is. Acceptance S10.
 */

import { createRng } from "../src/core/index.ts";
import { type AgentTraining, reinforce, reservoirFeatures, trainAgent } from "../src/learning/index.ts";
import { delpapa2017 } from "../src/model/index.ts";
import { binnedEncoder, cartPole } from "../src/tasks/index.ts";
import type { Findings } from "./claims.ts";

/** Three seeds each: all observed; velocities hidden, with and without recurrence. */
export function cartpole(findings: Findings): void {
  // Not the seeds on which network and coding were chosen.
  const seeds = [101, 102, 103];
  const full = seeds.map((seed) => train({ seed, hidden: false, recurrence: true, episodes: 1500 }));
  const solved = full.map((r) => r.solvedAt).filter((at) => at !== undefined);
  findings.holds("S10", "full state, coded SORN: seeds that reach 195 within 1500 episodes", {
    wanted: "at least 2 of 3",
    measured: `${solved.length} (${full.map((r) => r.solvedAt ?? `best ${r.best.toFixed(0)}`).join(", ")})`,
    holds: solved.length >= 2,
  });
  const best = (recurrence: boolean) =>
    seeds.map((seed) => train({ seed, hidden: true, recurrence, episodes: 1200 }).best);
  const [sorn, control] = [best(true), best(false)];
  const average = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  findings.holds(
    "S10",
    "velocities hidden: best mean of 100 episodes, SORN over its control without recurrence",
    {
      wanted: "at least 2",
      measured: `${(average(sorn) / average(control)).toFixed(2)} (${sorn.map((b) => b.toFixed(0)).join(", ")} against ${control.map((b) => b.toFixed(0)).join(", ")})`,
      holds: average(sorn) >= 2 * average(control),
    },
  );
}

// Implementation

interface Condition {
  seed: number;
  hidden: boolean;
  recurrence: boolean;
  episodes: number;
}

function train({ seed, hidden, recurrence, episodes }: Condition): AgentTraining {
  const rng = createRng(seed);
  const environment = cartPole({ version: 0, hideVelocities: hidden });
  const ranges = hidden
    ? ([
        [-2.4, 2.4],
        [-0.21, 0.21],
      ] as const)
    : ([
        [-2.4, 2.4],
        [-3, 3],
        [-0.21, 0.21],
        [-3, 3],
      ] as const);
  const encoder = binnedEncoder({
    bins: hidden ? 12 : 10,
    ranges,
    poolSize: 8,
    units: 200,
    gain: 1,
    rng: rng.stream("encoder"),
  });
  const network = delpapa2017(
    { inputWeights: encoder.pools, change: { noise: 0, births: 0 } },
    rng.stream("network"),
  );
  const features = reservoirFeatures({ network, encoder, seed, recurrence });
  const result = trainAgent({
    environment,
    features,
    learner: reinforce({ features: features.size, actions: environment.actions }),
    episodes,
    rng: rng.stream("agent"),
    schedule: { plasticEpisodes: 20, onPhase: features.onPhase },
    solvedAt: 195,
    stopWhenSolved: true,
    window: 100,
  });
  console.error(
    `  ${hidden ? "hidden" : "full"}, ${recurrence ? "SORN" : "no recurrence"}, seed ${seed}: best ${result.best.toFixed(0)}, solved ${result.solvedAt ?? "never"}`,
  );
  return result;
}
