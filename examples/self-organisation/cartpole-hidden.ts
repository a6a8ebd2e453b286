/**
 * @file Balancing a pole without seeing how fast it moves. A linear policy on the activity of a SORN learns from reward
 * alone; the same coding without recurrent synapses, which has no memory, is its control.
 */

import {
  binnedEncoder,
  cartPole,
  createRng,
  delpapa2017,
  reinforce,
  reservoirFeatures,
  trainAgent,
} from "cajal";
import { check } from "../check.ts";

export const meta = {
  title: "CartPole with hidden velocities",
  check: { "best mean of 100 episodes, SORN over control": [3.3, 0.8] },
} as const;

/** Best mean of 100 episodes within 1000: 20 plastic ones, then the network is frozen and only the policy learns. */
function learn(recurrence: boolean): number {
  const rng = createRng(1);
  const environment = cartPole({ version: 0, hideVelocities: true });
  const ranges = [
    [-2.4, 2.4],
    [-0.21, 0.21],
  ] as const;
  const encoder = binnedEncoder({ bins: 12, ranges, units: 200, rng: rng.stream("encoder") });
  const change = { noise: 0, births: 0 };
  const network = delpapa2017({ inputWeights: encoder.pools, change }, rng.stream("network"));
  const features = reservoirFeatures({ network, encoder, seed: 1, recurrence });
  const { best } = trainAgent({
    environment,
    features,
    learner: reinforce({ features: features.size, actions: environment.actions }),
    episodes: 1000,
    rng: rng.stream("agent"),
    schedule: { plasticEpisodes: 20, onPhase: features.onPhase },
  });
  return best;
}

const [sorn, control] = [learn(true), learn(false)];
console.log(`SORN ${sorn.toFixed(0)} steps, without recurrence ${control.toFixed(0)}`);
check(meta, { "best mean of 100 episodes, SORN over control": sorn / control });
