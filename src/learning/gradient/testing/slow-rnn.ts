/**
 * @file A leaky rate network and its gradients by hand, slow and plain, for tests beside golden numbers:
 * v_t = (1 − α) v_{t−1} + α (W_rec r_{t−1} + b + W_in u_t + n_t), r = f(v), z = W_out r + b_out. α = 1 is Elman's.
 */

/** An activation and its slope, both of v. */
export const ACTIVATIONS: Record<string, [(v: number) => number, (v: number) => number]> = {
  relu: [(v) => Math.max(v, 0), (v) => (v > 0 ? 1 : 0)],
  tanh: [Math.tanh, (v) => 1 - Math.tanh(v) ** 2],
  sigmoid: [(v) => 1 / (1 + Math.exp(-v)), (v) => Math.exp(-v) / (1 + Math.exp(-v)) ** 2],
  softplus: [(v) => Math.log1p(Math.exp(v)), (v) => 1 / (1 + Math.exp(-v))],
  retanh: [(v) => Math.max(Math.tanh(v), 0), (v) => (v > 0 ? 1 - Math.tanh(v) ** 2 : 0)],
};

/** Weights as nested rows, `[post][pre]`. */
export interface SlowWeights {
  wIn: Float64Array;
  wRec: Float64Array;
  wOut: Float64Array;
  /** Both biases of the units together. */
  bias: Float64Array;
  biasOut: Float64Array;
  /** Initial v, shape `(unit, batch)`. */
  v0: Float64Array;
}

/** Constants of the slow network and the arrays that drive it. */
export interface SlowSetting {
  time: number;
  batch: number;
  inputs: number;
  units: number;
  outputs: number;
  activation: string;
  alpha: number[];
  /** g in r = f(g v), default 1. */
  gain?: number;
  /** Shape `(time, input, batch)`. */
  u: Float64Array;
  /** Shape `(time, unit, batch)`. */
  noise?: Float64Array;
  /** Added to r and fed back, same shape. */
  rateNoise?: Float64Array;
  /** Truncated: the state at the start of every so many steps counts as given. */
  window?: number;
  /** Elman networks start from r = 0 whatever f(0) is. */
  silentStart?: boolean;
}

/** v, r in shape `(time, unit, batch)` and z in `(time, output, batch)`. */
export function runSlow(w: SlowWeights, s: SlowSetting) {
  const { time, batch, inputs, units, outputs } = s;
  const [f] = ACTIVATIONS[s.activation];
  const gain = s.gain ?? 1;
  const v = new Float64Array(time * units * batch);
  const r = new Float64Array(v.length);
  const z = new Float64Array(time * outputs * batch);
  for (let t = 0; t < time; t++) {
    for (let b = 0; b < batch; b++) {
      for (let i = 0; i < units; i++) {
        let drive = w.bias[i] + (s.noise ? s.noise[(t * units + i) * batch + b] : 0);
        for (let c = 0; c < inputs; c++) drive += w.wIn[i * inputs + c] * s.u[(t * inputs + c) * batch + b];
        for (let j = 0; j < units; j++) drive += w.wRec[i * units + j] * rateBefore(w, s, r, t, j, b);
        const before = t > 0 ? v[((t - 1) * units + i) * batch + b] : w.v0[i * batch + b];
        v[(t * units + i) * batch + b] = (1 - s.alpha[i]) * before + s.alpha[i] * drive;
      }
      for (let i = 0; i < units; i++) {
        const k = (t * units + i) * batch + b;
        r[k] = f(gain * v[k]) + (s.rateNoise ? s.rateNoise[k] : 0);
      }
      for (let o = 0; o < outputs; o++) {
        let sum = w.biasOut[o];
        for (let i = 0; i < units; i++) sum += w.wOut[o * units + i] * r[(t * units + i) * batch + b];
        z[(t * outputs + o) * batch + b] = sum;
      }
    }
  }
  return { v, r, z };
}

/** Gradients of a loss whose own slopes in z and r are given; `dv` is dL/dv of every step. */
export function backSlow(
  w: SlowWeights,
  s: SlowSetting,
  { v, r, dz, dr }: { v: Float64Array; r: Float64Array; dz: Float64Array; dr: Float64Array },
) {
  const { time, batch, inputs, units, outputs } = s;
  const [, slope] = ACTIVATIONS[s.activation];
  const gain = s.gain ?? 1;
  const g: SlowWeights & { alpha: Float64Array } = {
    alpha: new Float64Array(units),
    wIn: new Float64Array(w.wIn.length),
    wRec: new Float64Array(w.wRec.length),
    wOut: new Float64Array(w.wOut.length),
    bias: new Float64Array(units),
    biasOut: new Float64Array(outputs),
    v0: new Float64Array(units * batch),
  };
  const dv = new Float64Array(v.length);
  for (let b = 0; b < batch; b++) {
    let next = new Float64Array(units);
    for (let t = time - 1; t >= -1; t--) {
      const now = new Float64Array(units);
      for (let i = 0; i < units; i++) {
        const k = (t * units + i) * batch + b;
        let rate = t >= 0 ? dr[k] : 0;
        for (let o = 0; t >= 0 && o < outputs; o++) {
          const d = dz[(t * outputs + o) * batch + b];
          rate += d * w.wOut[o * units + i];
          g.wOut[o * units + i] += d * r[k];
        }
        for (let m = 0; m < units; m++) rate += next[m] * s.alpha[m] * w.wRec[m * units + i];
        const state = t >= 0 ? v[k] : w.v0[i * batch + b];
        now[i] =
          next[i] * (1 - s.alpha[i]) + rate * (t < 0 && s.silentStart ? 0 : gain * slope(gain * state));
        if (t < 0) g.v0[i * batch + b] = now[i];
        else dv[k] = now[i];
      }
      if (t < 0) break;
      for (let o = 0; o < outputs; o++) g.biasOut[o] += dz[(t * outputs + o) * batch + b];
      for (let i = 0; i < units; i++) {
        const d = s.alpha[i] * now[i];
        g.bias[i] += d;
        const before = t > 0 ? v[((t - 1) * units + i) * batch + b] : w.v0[i * batch + b];
        // α (drive − v before) is the step that was made.
        g.alpha[i] += (now[i] * (v[(t * units + i) * batch + b] - before)) / s.alpha[i];
        for (let c = 0; c < inputs; c++) g.wIn[i * inputs + c] += d * s.u[(t * inputs + c) * batch + b];
        for (let j = 0; j < units; j++) g.wRec[i * units + j] += d * rateBefore(w, s, r, t, j, b);
      }
      next = t % (s.window ?? time) === 0 && t > 0 ? new Float64Array(units) : now;
    }
  }
  return { g, dv };
}

function rateBefore(
  w: SlowWeights,
  s: SlowSetting,
  r: Float64Array,
  t: number,
  j: number,
  b: number,
): number {
  if (t > 0) return r[((t - 1) * s.units + j) * s.batch + b];
  return s.silentStart ? 0 : ACTIVATIONS[s.activation][0]((s.gain ?? 1) * w.v0[j * s.batch + b]);
}
