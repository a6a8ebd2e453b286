/**
 * @file What the two studies of memory claim: parametric working memory, and a spiking network.
 */

import type { Findings } from "../claims.ts";
import { type SpikingResult, trainSpiking } from "./spiking.ts";
import { all, lawful, percent } from "./training-claims.ts";
import { trainMemory } from "./working-memory.ts";

/** Parametric working memory under Dale's law, sparse. */
export function reportMemory(findings: Findings, seeds: readonly number[]): void {
  const results = seeds.map((seed) => trainMemory({ seed, units: 500, noise: 0.15, learningRate: 0.003 }));
  all(
    findings,
    "T4",
    "reach 95 % in the worst of ten conditions (mean of five validations)",
    results.map((r) => r.reached),
  );
  findings.allWithin(
    "T4",
    "fraction correct of the worst of ten conditions, new trials, delay 3 s (the published criterion)",
    results.map((r) => r.worst),
    [0.85, 1],
    2,
  );
  lawful(findings, "T4", results);
  findings.table(
    ["seed", "trials", "correct", "worst condition", "updates of the stages"],
    results.map((r, k) => [
      String(seeds[k]),
      String(r.trials),
      percent(r.correct),
      percent(r.worst),
      r.stages.map((s) => s.updates).join(", "),
    ]),
  );
  findings.note(
    "500 units, p_E = 0.1, p_I = 0.5, σ_rec = 0.15, batches of 20, as published; departure: Adam with learning rate 0.003, and delays in three stages, 0.3–0.6, 1–1.5 and 2.5–3.5 s. The published criterion is 85 % in the worst condition over five validations; training goes on to 95 % of 30 trials each, so that the worst of ten on 100 new ones is above 85 %. What is asked are 100 trials a condition, as training left the network, not its best validation.",
  );
  findings.note(
    "Until the criterion was the worst condition, training stopped at 93 % of all conditions together. There a network may still guess at a pair from the middle (one had 35 % of 26/18 with 90 % of all), whose first frequency comes before a higher and a lower second one alike; the same settings with 350 to 750 updates more solve it. Seeds 101 to 103 are those that showed this (worst conditions 48, 70 and 98 %), so they were not new when the criterion was changed; it was set on seeds 1 to 3. Of the exploring seeds 1, 2 and 3 the worst condition had 94, 92 and 96 %. Stages are not needed: seed 1 with delays of 2.5–3.5 s from the start had 97 % right, the worst condition 90 %, after 1100 updates.",
  );
}

/** Delayed match to sample by spiking units, under Dale's law and without. */
export function reportSpiking(findings: Findings, seeds: readonly number[]): void {
  const [dale, free] = [true, false].map((law) => seeds.map((seed) => trainSpiking({ seed, dale: law })));
  for (const [name, group] of [
    ["Dale's law", dale],
    ["no law", free],
  ] as const) {
    all(
      findings,
      "T7",
      `reach 95 % (mean of two validations), delay 1 s, ${name}`,
      group.map((r) => r.reached),
    );
    findings.allWithin(
      "T7",
      `fraction correct of new trials, ${name}`,
      group.map((r) => r.correct),
      [0.9, 1],
      3,
    );
  }
  const blind = trainSpiking({ seed: seeds[0], surrogate: false, stages: [{ delay: 300, updates: 600 }] });
  findings.within(
    "T7",
    "fraction correct at a delay of 0.3 s when spikes have no derivative (a readout alone can have 3 of 4 conditions)",
    blind.correct,
    [0.4, 0.8],
    2,
  );
  lawful(findings, "T7", [...dale, ...free, blind]);
  const row = (name: string, r: SpikingResult, k: number) => [
    name,
    String(seeds[k]),
    r.reached ? String(r.trials) : `not within ${r.trials}`,
    r.stages.map((s) => s.updates).join(", "),
    percent(r.correct),
    r.rate.toFixed(1),
  ];
  findings.table(
    ["network", "seed", "trials", "updates of the stages", "correct", "mean rate [Hz]"],
    [...dale.map((r, k) => row("Dale's law", r, k)), ...free.map((r, k) => row("no law", r, k))],
  );
  findings.note(
    "80 leaky integrate-and-fire units (under Dale's law 64 excitatory, inputs that excite, signs by rectification), weights and thresholds as `spikingNetwork` has them by default; surrogate 1/(1 + 5 abs(u))²; batches of 32, dt = 10 ms, sample and test 0.3 s; Adam with learning rate 0.005 at a delay of 0.3 s, then 0.002 at 0.6 and 1 s. Defaults were chosen on seeds 1 to 5.",
  );
  findings.note(
    "What to expect at the example's timing (delay 0.3 s from the start, learning rate 0.005, seeds 1 to 5): without a law 5 of 5 networks learn, after 50 to 75 updates; under Dale's law 5 of 5, after 125 to 300. As weights and thresholds started before (every second threshold adapting, by 0.05, readout weights up to 0.1) 5 of 5 learnt without a law after 100 to 125 updates, and 0 of 5 under Dale's law within 600. At a delay of 1 s from the start, without the stages of this study, 5 of 5 learn within 200 updates without a law, and 0 of 5 within 800 under Dale's: delays have to grow.",
  );
  findings.note(
    "What mattered under Dale's law, on the same seeds: that all units adapt (with every second one 4 of 5, later), and readout weights that tell outputs apart. Larger recurrent weights alone did not help (0 of 3), as a constant drive from unit to unit grows with them. Surrogates, compared with readout weights as before and all units adapting by 0.2: slope 5 learnt in 3 of 3; wider ones failed (slope 2: 0 of 5; a triangle as wide as the threshold: 1 of 5, with gradients of 1e9), narrower ones learn later (slope 10: 4 of 5). Signs by projection learn less surely than by rectification (4 of 5).",
  );
}
