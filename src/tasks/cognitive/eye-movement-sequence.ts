/**
 * @file Execution of eye movements: on a 3 × 3 screen the gaze goes from the centre through three more points, one of
 * eight sequences, while at each point two targets are lit. After Averbeck & Lee (2007), J. Neurosci. 27:2204, as set up
 * by Song, Yang & Wang (2016), PLoS Comput. Biol. 12:e1004792, their figure 8.
 */

import { defineTask } from "./define-task.ts";
import { type InputNoise, inputNoise, SONG_NOISE } from "./input-noise.ts";
import type { Timing } from "./periods.ts";
import type { Task } from "./trial.ts";

/** Dots of the eight sequences; dots are numbered 0 to 8 from the upper left, row by row, 4 is the centre. */
export const EYE_SEQUENCES = [
  [4, 5, 1, 0],
  [4, 3, 1, 2],
  [4, 3, 7, 8],
  [4, 5, 7, 6],
  [4, 5, 1, 2],
  [4, 3, 1, 0],
  [4, 3, 7, 6],
  [4, 5, 7, 8],
] as const;

/** Dots lit beside the one looked at, by that dot. */
const TARGETS: Readonly<Record<number, readonly number[]>> = {
  1: [0, 2],
  3: [1, 7],
  4: [3, 5],
  5: [1, 7],
  7: [6, 8],
};

/**
 * Eye movements in sequence. The cue of the sequence is on throughout. Inter-trial interval 1000 ms (free), fixation
 * 1000 (centre dot lit, gaze at the centre), then three moves of 500, in which the last dot and the two that may follow
 * are lit and the gaze is to be at the next. Outputs: x and y of the gaze, −0.5, 0 or 0.5, y upwards. The paper has τ =
 * 50 ms and stops at a root mean square error of 0.05.
 *
 * Condition: `sequence`, 1 to 8. Meant for training in which trials follow each other without a reset, `continuous`; begun
 * anew, the free interval leaves the start behind.
 *
 * @param options.dt - Step [ms], default 10 (τ/5).
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function eyeMovementSequence(
  options: { dt?: number; timing?: Timing; noise?: Partial<InputNoise> } = {},
): Task {
  const { dt = 10, timing, noise } = options;
  const moves = ["move 1", "move 2", "move 3"];
  const dots = Array.from({ length: 9 }, (_, k) => `dot ${k}`);
  const cues = EYE_SEQUENCES.map((_, k) => `sequence ${k + 1}`);
  return defineTask({
    name: "eye-movement sequence",
    dt,
    inputs: [...dots, ...cues],
    outputs: ["x", "y"],
    factors: { sequence: { values: EYE_SEQUENCES.map((_, k) => k + 1) } },
    periods: [
      { name: "interval", duration: 1000 },
      { name: "fixation", duration: 1000 },
      ...moves.map((name) => ({ name, duration: 500 })),
    ],
    timing,
    noise: inputNoise("eye-movement sequence", noise, { ...SONG_NOISE, tau: 50 }),
    readout: { kind: "trace" },
    continuous: true,
    fill(draft, { sequence }) {
      const path = EYE_SEQUENCES[Number(sequence) - 1];
      draft.showAt(0, draft.steps, `sequence ${sequence}`, 1);
      draft.show("fixation", `dot ${path[0]}`, 1);
      moves.forEach((move, k) => {
        for (const dot of [path[k], ...TARGETS[path[k]]]) draft.show(move, `dot ${dot}`, 1);
      });
      ["fixation", ...moves].forEach((period, k) => {
        draft.want(period, "x", ((path[k] % 3) - 1) / 2);
        draft.want(period, "y", (1 - Math.floor(path[k] / 3)) / 2);
        draft.count(period);
      });
      return {};
    },
  });
}
