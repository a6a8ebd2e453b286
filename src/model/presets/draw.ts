/**
 * @file Random weights and thresholds that presets start from. Every unit's incoming weights sum to 1.
 */

import {
  CajalError,
  type DenseMatrix,
  dense,
  type Matrix,
  type Rng,
  type SparseMatrix,
  shuffled,
  sparseFromEntries,
  toSparse,
} from "../../core/index.ts";

/** Synapses from `columns` to `rows` units, before their weights are known. */
export interface Wiring {
  rows: number;
  columns: number;
  post: number[];
  pre: number[];
}

/** Each unit receives from `degree(unit)` distinct units; `recurrent` leaves out itself. */
export function wireIncoming(
  { rows, columns }: { rows: number; columns: number },
  degree: (post: number) => number,
  { recurrent, rng }: { recurrent: boolean; rng: Rng },
): Wiring {
  const wiring: Wiring = { rows, columns, post: [], pre: [] };
  for (let post = 0; post < rows; post++) {
    const others = Array.from({ length: columns }, (_, j) => j).filter((j) => !recurrent || j !== post);
    const k = Math.min(others.length, Math.max(0, degree(post)));
    for (const pre of shuffled(others, rng).slice(0, k)) {
      wiring.post.push(post);
      wiring.pre.push(pre);
    }
  }
  return wiring;
}

/** Each unit sends to `degree(unit)` distinct units. */
export function wireOutgoing(
  { rows, columns }: { rows: number; columns: number },
  degree: (pre: number) => number,
  rng: Rng,
): Wiring {
  const { post: pre, pre: post } = wireIncoming({ rows: columns, columns: rows }, degree, {
    recurrent: false,
    rng,
  });
  return { rows, columns, post, pre };
}

/** Every pair is connected with the same probability; `recurrent` leaves out self-connections. */
export function wireRandom(
  { rows, columns }: { rows: number; columns: number },
  probability: number,
  { recurrent, rng }: { recurrent: boolean; rng: Rng },
): Wiring {
  const wiring: Wiring = { rows, columns, post: [], pre: [] };
  for (let post = 0; post < rows; post++) {
    for (let pre = 0; pre < columns; pre++) {
      if ((recurrent && pre === post) || rng.uniform() >= probability) continue;
      wiring.post.push(post);
      wiring.pre.push(pre);
    }
  }
  return wiring;
}

/**
 * Even random weights on a wiring, scaled so that each unit receives 1. A unit without a synapse gets two from units
 * drawn evenly, not itself where pre and post are one population of this size.
 */
export function incomingWeights(
  wiring: Wiring,
  { recurrent, rng }: { recurrent: boolean; rng: Rng },
): SparseMatrix {
  // 1 − u lies in (0, 1]: no weight is 0, which would mean no synapse.
  const values = wiring.post.map(() => 1 - rng.uniform());
  return completeIncoming(wiring, values, { recurrent, rng });
}

/**
 * Weights of one's own as a start: self-connections left out, each unit's incoming weights scaled to sum to 1. A unit
 * that is left without a synapse gets two from units drawn evenly.
 *
 * @throws CajalError `negative-weight`.
 */
export function scaledIncoming(weights: Matrix, rng: Rng): SparseMatrix {
  const { rowStart, column, values, rows, columns } = toSparse(weights);
  const post: number[] = [];
  const pre: number[] = [];
  const kept: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      if (values[k] < 0) {
        throw new CajalError(
          `weight [post ${i}, pre ${column[k]}] is ${values[k]}, excitatory weights are ≥ 0`,
          {
            code: "negative-weight",
            where: "excitatoryWeights",
            hint: "Take absolute values, or leave out inhibitory neurons.",
          },
        );
      }
      if (column[k] === i || values[k] === 0) continue;
      post.push(i);
      pre.push(column[k]);
      kept.push(values[k]);
    }
  }
  return completeIncoming({ rows, columns, post, pre }, kept, { recurrent: true, rng });
}

/** Weights between all pairs, even random, scaled so that each unit receives 1. */
export function denseIncomingWeights(rows: number, columns: number, rng: Rng): DenseMatrix {
  const m = dense(rows, columns);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      m.values[i * columns + j] = 1 - rng.uniform();
      sum += m.values[i * columns + j];
    }
    for (let j = 0; j < columns; j++) m.values[i * columns + j] /= sum;
  }
  return m;
}

/** Thresholds even random in [0, most). */
export function randomThresholds(size: number, most: number, rng: Rng): Float64Array {
  return Float64Array.from({ length: size }, () => most * rng.uniform());
}

/** Thresholds evenly spaced in (0, most], in random order. */
export function spacedThresholds(size: number, most: number, rng: Rng): Float64Array {
  return Float64Array.from(
    shuffled(
      Array.from({ length: size }, (_, k) => ((k + 1) / size) * most),
      rng,
    ),
  );
}

/** Units that start active, each with probability `rate`. */
export function randomActivity(size: number, rate: number, rng: Rng): Float64Array {
  return Float64Array.from({ length: size }, () => (rng.uniform() < rate ? 1 : 0));
}

/** @throws CajalError `bad-size` unless the numbers are whole and at least 2. */
export function checkSizes(preset: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (Number.isInteger(value) && value >= 2) continue;
    throw new CajalError(`${name} must be a whole number of at least 2, got ${value}`, {
      code: "bad-size",
      where: preset,
    });
  }
}

/** @throws CajalError `bad-rate` unless 0 < rate < 1 for one number or every unit: thresholds would move without end. */
export function checkRate(where: string, rates: number | ArrayLike<number>): void {
  const bad = (typeof rates === "number" ? [rates] : Array.from(rates)).find(
    (rate) => !(rate > 0 && rate < 1),
  );
  if (bad === undefined) return;
  throw new CajalError(`the target rate must lie between 0 and 1, got ${bad}`, {
    code: "bad-rate",
    where,
    hint: "At 0 or 1 intrinsic plasticity moves every threshold without end; 0.1 is usual.",
  });
}

// Implementation

/** Give units without a synapse two, then scale what each unit receives to 1. */
function completeIncoming(
  wiring: Wiring,
  weights: readonly number[],
  { recurrent, rng }: { recurrent: boolean; rng: Rng },
): SparseMatrix {
  const { rows, columns } = wiring;
  const post = [...wiring.post];
  const pre = [...wiring.pre];
  const values = [...weights];
  const received = new Int32Array(rows);
  for (const i of post) received[i]++;
  received.forEach((count, i) => {
    if (count > 0) return;
    const others = Array.from({ length: columns }, (_, j) => j).filter((j) => !recurrent || j !== i);
    for (const j of shuffled(others, rng).slice(0, 2)) {
      post.push(i);
      pre.push(j);
      values.push(1 - rng.uniform());
    }
  });
  const sums = new Float64Array(rows);
  post.forEach((i, k) => {
    sums[i] += values[k];
  });
  return sparseFromEntries({ rows, columns }, { post, pre, values: values.map((v, k) => v / sums[post[k]]) });
}
