/**
 * @file N-back memory for pictures given as vectors of features, as in bio_rnn_mem (Goulas, Damicelli & Hilgetag 2021,
 * "Bio-instantiated recurrent neural networks", Neural Networks 142:608), whose vectors are 50 activities of a network
 * that saw handwritten digits. Here any vectors with classes will do; `syntheticPictures` makes some.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { checkWhole } from "../symbolic/checks.ts";
import { defineTask } from "./define-task.ts";
import { checkBack, MATCH_CLASSES } from "./n-back.ts";
import type { Task } from "./trial.ts";

/** Pictures as vectors. */
export interface Pictures {
  /** Shape `(picture, feature)`. */
  vectors: Float64Array;
  features: number;
  /** Class of each picture, shape `(picture)`, e.g. the digit. */
  classes: ArrayLike<number>;
}

/**
 * N-back with pictures. `length` steps show a picture each, the last being the probe; then one step the cue alone and one
 * empty step, where the class is wanted and counts. In a match the picture n steps before the probe is the same one; all
 * other pictures are different ones of other classes than the probe's.
 *
 * Condition: `match`. Recorded: `probe`, the index of the probe.
 *
 * @param pictures - At least two classes, and outside each class at least `length − 1` pictures.
 * @param options.n - How far back, 1 ≤ n < length, default 2.
 * @param options.length - Pictures shown, the probe included, default 5.
 * @param options.rescale - Bring each picture to 0 … 1 by its own extremes, default true.
 * @throws CajalError `bad-option`, `bad-pictures`.
 */
export function pictureMemory(pictures: Pictures, { n = 2, length = 5, rescale = true } = {}): Task {
  checkBack("pictureMemory", n, length);
  const pool = new PicturePool(pictures, { rescale, others: length - 1 });
  const { features } = pictures;
  return defineTask({
    name: "picture memory",
    dt: 1,
    inputs: ["cue", ...Array.from({ length: features }, (_, k) => `feature ${k + 1}`)],
    outputs: MATCH_CLASSES,
    factors: { match: { values: [true, false] } },
    periods: [
      { name: "items", duration: length - 1 },
      { name: "probe", duration: 1 },
      { name: "cue", duration: 1 },
      { name: "response", duration: 1 },
    ],
    loss: "cross-entropy",
    readout: { kind: "choice", period: "response", at: "end", alternatives: [2, 1] },
    fill(draft, { match }, rng) {
      const { probe, others } = pool.draw(length - 1, rng);
      if (match) others[length - 1 - n] = probe;
      [...others, probe].forEach((picture, t) => {
        const from = t * (features + 1) + 1;
        draft.inputs.set(pool.vectors.subarray(picture * features, (picture + 1) * features), from);
      });
      draft.show("cue", "cue", 1);
      const choice = match ? 2 : 1;
      draft.label("response", choice);
      return { choice, conditions: { probe } };
    },
  });
}

/**
 * Made-up pictures: each class has a mean vector, each picture is that mean plus noise, cut at 0. With the defaults
 * nearly half of the features are 0, as in the vectors of bio_rnn_mem.
 *
 * @param options.classes - Default 10.
 * @param options.perClass - Pictures of each class, default 100.
 * @param options.features - Default 50.
 * @param options.spread - Standard deviation of a picture around its class, in that of the means, default 0.5.
 * @throws CajalError `bad-option`.
 */
export function syntheticPictures(
  options: { classes?: number; perClass?: number; features?: number; spread?: number },
  rng: Rng,
): Pictures {
  const { classes = 10, perClass = 100, features = 50, spread = 0.5 } = options;
  for (const [name, value] of Object.entries({ classes, perClass, features })) {
    checkWhole("syntheticPictures", name, value);
  }
  const means = Float64Array.from({ length: classes * features }, () => rng.normal());
  const count = classes * perClass;
  const vectors = new Float64Array(count * features);
  for (let k = 0; k < vectors.length; k++) {
    const picture = Math.floor(k / features);
    const mean = means[(picture % classes) * features + (k % features)];
    vectors[k] = Math.max(0, mean + 0.1 + spread * rng.normal());
  }
  return { vectors, features, classes: Int32Array.from({ length: count }, (_, k) => k % classes) };
}

// Implementation

/** Pictures, scaled, and which of them are inside and outside each class. */
class PicturePool {
  readonly vectors: Float64Array;
  readonly #classes: readonly { inside: readonly number[]; outside: readonly number[] }[];

  constructor({ vectors, features, classes }: Pictures, options: { rescale: boolean; others: number }) {
    checkPictures({ vectors, features, classes });
    this.vectors = options.rescale ? rescaleRows(vectors, features) : Float64Array.from(vectors);
    const indices = Array.from(classes, (_, k) => k);
    const names = [...new Set(Array.from(classes))].sort((a, b) => a - b);
    this.#classes = names.map((name) => ({
      inside: indices.filter((k) => classes[k] === name),
      outside: indices.filter((k) => classes[k] !== name),
    }));
    const short = this.#classes.findIndex(({ outside }) => outside.length < options.others);
    if (short >= 0) {
      const { outside } = this.#classes[short];
      failPictures(
        `outside class ${names[short]} there are ${outside.length} pictures, a trial needs ${options.others}`,
      );
    }
  }

  /** A probe and `count` different pictures of other classes: one draw for the class, one for each picture. */
  draw(count: number, rng: Rng): { probe: number; others: number[] } {
    const { inside, outside } = this.#classes[rng.integer(this.#classes.length)];
    const probe = inside[rng.integer(inside.length)];
    // Fisher–Yates from the front of a list whose moved entries alone are written down.
    const moved = new Map<number, number>();
    const others = Array.from({ length: count }, (_, k) => {
      const j = k + rng.integer(outside.length - k);
      const chosen = moved.get(j) ?? j;
      moved.set(j, moved.get(k) ?? k);
      return outside[chosen];
    });
    return { probe, others };
  }
}

function rescaleRows(vectors: Float64Array, features: number): Float64Array {
  const out = new Float64Array(vectors.length);
  for (let from = 0; from < vectors.length; from += features) {
    let low = vectors[from];
    let high = low;
    for (let k = from; k < from + features; k++) {
      low = Math.min(low, vectors[k]);
      high = Math.max(high, vectors[k]);
    }
    for (let k = from; k < from + features; k++) out[k] = high > low ? (vectors[k] - low) / (high - low) : 0;
  }
  return out;
}

function checkPictures({ vectors, features, classes }: Pictures): void {
  checkWhole("pictureMemory", "features", features);
  if (vectors.length !== classes.length * features) {
    failPictures(`${vectors.length} numbers are not ${classes.length} pictures of ${features} features`);
  }
  if (new Set(Array.from(classes)).size < 2) failPictures("there is only one class");
}

function failPictures(what: string): never {
  throw new CajalError(what, {
    code: "bad-pictures",
    where: "pictureMemory",
    hint: "Give more pictures; syntheticPictures makes some.",
  });
}
