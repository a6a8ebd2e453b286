/**
 * @file Three areas of excitatory and inhibitory units in a chain: motion reaches the first, the choice is read off the
 * third, long-range synapses are excitatory and sparse. What an area is needed for is seen by cutting its connections.
 */

import { createRng, type Matrix } from "../../src/core/index.ts";
import {
  type AreaLayout,
  areaMask,
  createAreaLayout,
  inputMask,
  layoutSigns,
  rateNetwork,
  readoutMask,
  withParameters,
} from "../../src/learning/index.ts";
import type { Network } from "../../src/model/index.ts";
import { choiceAccuracy, conditionGrid, perceptualDecision } from "../../src/tasks/index.ts";
import { ask } from "./questions.ts";
import { type WatchedTraining, watchedTraining } from "./watched-training.ts";

/** One network. */
export interface AreasOptions {
  seed: number;
  /** Units of each area, default 40. */
  units?: number;
  noise?: number;
  learningRate?: number;
  updates?: number;
  every?: number;
  /** Validations that are averaged for the criterion, default 5. */
  window?: number;
}

/** What became of it. */
export interface AreasResult {
  training: WatchedTraining;
  reached: boolean;
  layout: AreaLayout;
  /** Fraction correct: whole, without the path forward from the first area or the second, without all feedback. */
  correct: Record<"whole" | "without 1->2" | "without 2->3" | "without feedback", number>;
  masks: Record<"in" | "rec" | "out", Uint8Array>;
}

/** Train to criterion, then cut. */
export function trainAreas(options: AreasOptions): AreasResult {
  const { seed, units = 40, noise = 0.1, learningRate = 0.01, updates = 3000, every = 50 } = options;
  const layout = createAreaLayout(AREAS.map((name) => ({ name, units, excitatory: 0.8 })));
  const rng = createRng(seed).stream("network");
  const masks = {
    in: inputMask(layout, [{ channels: 2, areas: ["sensory"] }]),
    rec: areaMask(layout, {
      within: 0.5,
      between: { forward: FORWARD, backward: BACKWARD },
      // Only neighbours are connected.
      pairs: { "sensory->motor": 0, "motor->sensory": 0 },
      rng: rng.stream("areas"),
    }),
    out: readoutMask(layout, [{ channels: 2, areas: ["motor"], cells: "E" }]),
  };
  const signs = layoutSigns(layout);
  const network = rateNetwork({
    inputs: 2,
    units: layout.units,
    outputs: 2,
    dale: signs,
    noise,
    masks,
    train: ["in", "rec", "out", "bias", "start"],
    rng,
  });
  const task = perceptualDecision();
  const training = watchedTraining(
    {
      network,
      task,
      updates,
      seed,
      curriculum: [
        { update: 0, conditions: { coherence: 51.2 } },
        { update: 400, conditions: {} },
      ],
      optimiser: { kind: "adam", learningRate },
      validation: { trials: 300, every, conditions: conditionGrid(task) },
      earlyStopping: { criterion: "fractionCorrect", target: 0.85, window: options.window ?? 5 },
    },
    [
      { projection: "rec", signs, mask: masks.rec, autapses: false },
      { projection: "in", signs: [1, 1], mask: masks.in },
      { projection: "out", signs, mask: masks.out },
    ],
  );
  const correct = (network: Network) => {
    const test = perceptualDecision({ phase: "testing" });
    const conditions = conditionGrid(test);
    const { batch, choices } = ask({ network, task: test, trials: 500, conditions, seed });
    return choiceAccuracy(choices, batch.trials);
  };
  const without = (cuts: readonly (readonly [pre: string, post: string])[]) =>
    correct(cut(training.network, layout, cuts));
  return {
    training,
    reached: training.status === "reached",
    layout,
    masks,
    correct: {
      whole: correct(training.network),
      "without 1->2": without([["sensory", "middle"]]),
      "without 2->3": without([["middle", "motor"]]),
      "without feedback": without([
        ["middle", "sensory"],
        ["motor", "middle"],
      ]),
    },
  };
}

// Implementation

const AREAS = ["sensory", "middle", "motor"];
/** Long-range synapses come from excitatory units. */
const FORWARD = { "E->E": 0.4, "E->I": 0.4 };
const BACKWARD = { "E->E": 0.1, "E->I": 0.1 };

/** The network without the synapses from one area to another. */
function cut(
  trained: Network,
  { areas }: AreaLayout,
  cuts: readonly (readonly [pre: string, post: string])[],
): Network {
  const { weights } = trained.projections.find((p) => p.name === "rec")!;
  const of = (name: string) => areas.find((a) => a.name === name)!;
  const rows = rowsOf(weights);
  const values = weights.values.slice();
  for (let k = 0; k < values.length; k++) {
    const { post, pre } = rows(k);
    for (const [from, to] of cuts) {
      const [a, b] = [of(from), of(to)];
      if (pre >= a.start && pre < a.start + a.units && post >= b.start && post < b.start + b.units)
        values[k] = 0;
    }
  }
  return withParameters(trained, { "weights:rec": values });
}

/** Where entry k of the storage lies. */
function rowsOf(weights: Matrix): (k: number) => { post: number; pre: number } {
  if (weights.kind === "dense")
    return (k) => ({ post: Math.floor(k / weights.columns), pre: k % weights.columns });
  const posts = new Int32Array(weights.values.length);
  for (let i = 0; i < weights.rows; i++) posts.fill(i, weights.rowStart[i], weights.rowStart[i + 1]);
  return (k) => ({ post: posts[k], pre: weights.column[k] });
}
