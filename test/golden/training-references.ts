/**
 * @file What nn4n, pycog and bio_rnn_mem computed of small networks, as their files have it. Rows are nested, the
 * slowest axis first; weights are `[post][pre]`. Undefined where the folder is missing: suites that read them are
 * skipped then.
 */

import { golden, hasGolden } from "./golden.ts";

type Matrix = number[][];
type Cube = number[][][];

/** Numbers of a network, trained or their gradients. */
export interface Nn4nNumbers {
  [name: string]: Matrix | number[];
  W_in: Matrix;
  W_hid: Matrix;
  W_out: Matrix;
  b_in: number[];
  b_hid: number[];
  b_out: number[];
}

/** A projection of nn4n. */
export type Nn4nProjection = "in" | "hid" | "out";

/** One network of nn4n; arrays over time are `[batch][time][unit]`. */
export interface Nn4nCase {
  activation: "relu" | "tanh" | "sigmoid" | "softplus";
  tau: number | number[];
  constrained: boolean;
  learn_alpha: boolean;
  uses_init_state: boolean;
  preactivation_v: Cube;
  hidden: Cube;
  output: Cube;
  loss: { total: number; mse: number; fr: number };
  /** With `alpha` where it is learnt. */
  grads: Nn4nNumbers;
  loss_history: number[];
  params_after_3_adam_raw: Nn4nNumbers;
  params_after_3_adam_enforced?: Nn4nNumbers;
  all_loss_terms_at_initial_params?: Record<string, number>;
}

interface Nn4n {
  dt: number;
  lambda_fr: number;
  masks: Record<`${"ei" | "sparsity"}_${Nn4nProjection}`, Matrix>;
  params_constrained: Nn4nNumbers;
  /** Without biases, which are those of `params_constrained`. */
  params_free: { W_in: Matrix; W_hid: Matrix; W_out: Matrix };
  input_x: Cube;
  target_y: Cube;
  init_state: Matrix;
  cases: Record<string, Nn4nCase>;
  init_balance: Record<"hidden" | "input_all_excitatory", { raw: Matrix; result: Matrix }>;
}

/** The network of Song, Yang & Wang (2016); arrays over time are `[time][batch][unit]`. */
interface Pycog {
  dt: number;
  /** Sign of each unit. */
  ei: number[];
  C_rec: Matrix;
  mask_plastic: Matrix;
  mask_fixed: Matrix;
  Cin: Matrix;
  Cout: Matrix;
  Wrec_raw: Matrix;
  rho_raw: number;
  scale: number;
  params: { Win: Matrix; Wrec: Matrix; Wout: Matrix; x0: number[] };
  u: Cube;
  noise_rec: Cube;
  target: Cube;
  mask: Cube;
  x: Cube;
  z: Cube;
  loss: number;
  rmse: number;
  dloss_dx: Cube;
  Omega: number;
  Omega_grad_Wrec: Matrix;
  grads: { Win: Matrix; Wrec: Matrix; Wout: Matrix; x0: number[] };
  global_norm_with_Omega: number;
}

/** Numbers of torch's Elman network and of its linear readout. */
export interface TorchNumbers {
  [name: string]: Matrix | number[];
  weight_ih: Matrix;
  weight_hh: Matrix;
  bias_ih: number[];
  bias_hh: number[];
  fc_weight: Matrix;
  fc_bias: number[];
}

interface TorchRun {
  hidden_last: Matrix;
  hidden_all_trial0: Matrix;
  output: Matrix;
  loss: number;
  grad_unmasked: TorchNumbers;
  after3: Record<string, { loss_before_each_step_and_after: number[]; params: TorchNumbers }>;
}

/** Networks of bio_rnn_mem; arrays over time are `[batch][time][unit]`. */
interface BioRnnMem {
  rnn_seq_mem: {
    mask_weight_hh: Matrix;
    X: Cube;
    Y: Matrix;
    init: TorchNumbers;
    tanh: TorchRun;
  };
  rnn_nback_mem: {
    fc_weight: Matrix;
    fc_bias: number[];
    X: Cube;
    Y: Matrix;
    logprob_at_labelled_step: Matrix;
    loss: number;
    accuracy_percent: number;
    grad_unmasked: TorchNumbers;
  };
  init_bounds_uniform_symmetric: Record<
    "default" | "xavier" | "he (kaiming_uniform, mode fan_out, a=0)",
    Record<string, number>
  >;
}

// What a skipped suite names while its tests are collected is not read.
const read = <T>(name: string): T => (hasGolden ? golden<T>(name) : (undefined as T));

export const readNn4n = (): Nn4n => read("nn4n_ref.json");
export const readPycog = (): Pycog => read("pycog_ref.json");
export const readBioRnnMem = (): BioRnnMem => read("bio2art_ref.json");
