/**
 * @file Networks to train, and one update of them by the library's parts: forward, squared error, backward, Adam,
 * constraints. The networks are those of the peers, equation for equation, so losses can be compared.
 */

import { createRng, type DenseMatrix, dense, type Matrix, toSparse } from "../../src/core/index.ts";
import { type BatchGradient, differentiate, type GradientOptions } from "../../src/engine/index.ts";
import {
  constraintOnEdges,
  createConstraint,
  createOptimiser,
  effectiveWeights,
  meanSquaredError,
  type OptimiserSpec,
  optimiserStep,
  projectParameters,
  pullBackGradient,
  type WeightConstraint,
} from "../../src/learning/index.ts";
import { input, type Network, network, neuron, population, projection } from "../../src/model/index.ts";

/** Sizes of one training. */
export interface Size {
  units: number;
  inputs: number;
  outputs: number;
  batch: number;
  steps: number;
}

/** A network with what its weights may be. */
export interface Model {
  network: Network;
  trainable: string[];
  constraints: Record<string, WeightConstraint>;
  /** Weights as drawn, `w[post, pre]`. */
  weights: Record<"in" | "rec" | "out", DenseMatrix>;
  /** Share of the entries of `rec` that updates go through: of its synapses, or 1 where it is kept dense. */
  share: number;
  /** Signs of entries of `rec` and `out`, 0 where there is no synapse; undefined without Dale's law. */
  signs: Record<"rec" | "out", Int8Array> | undefined;
  dt: number;
}

/** What a model may be asked for. */
export interface ModelOptions {
  /** Keep `rec` dense whatever its density. */
  dense?: boolean;
  /** Dale's law with 80 % excitatory units, two areas: density 0.5 within, 0.1 between; no inhibitory readout. */
  dale?: boolean;
  /** Density of `rec`, default 1; which synapses there are is drawn. */
  density?: number;
  /** Which synapses `(post, pre)` there are in `rec`, 0 or 1; instead of a density. */
  mask?: Uint8Array;
}

/** nn4n's CTRNN, x ← (1 − α) x + α (W_rec r + W_in u), r = max(x, 0), α = 0.2, without biases as by default. */
export function leakyModel(
  size: Size,
  { dale = false, density = 1, dense = false }: ModelOptions = {},
): Model {
  const unit = neuron({
    parameters: { tau: 100 },
    equations: "tau * dx/dt = sum(rec) + sum(in) - x\n r = pos(x)",
  });
  return modelOf(size, { unit, bias: false, dale, density, mask: undefined, dt: 20, isDense: dense });
}

/** torch.nn.RNN with tanh and a linear readout, one bias each. */
export function elmanModel(size: Size, { density = 1, mask }: ModelOptions = {}): Model {
  const unit = neuron({ parameters: { bias: 0 }, equations: "r = tanh(sum(rec) + sum(in) + bias)" });
  return modelOf(size, {
    unit,
    bias: true,
    dale: false,
    density: mask ? shareOf(mask) : density,
    mask,
    dt: 1,
    isDense: false,
  });
}

/** How a {@link Learner} runs. */
export interface LearnerOptions {
  size: Size;
  rate: number;
  backend: GradientOptions["backend"];
  /** Default: as the library does. */
  compile?: (network: Network, options: GradientOptions) => BatchGradient;
}

/** A training of one batch that is always the same. */
export class Learner {
  readonly gradient: BatchGradient;
  readonly theta: Record<string, Float64Array> = {};
  readonly #model: Model;
  readonly #compileNetwork: NonNullable<LearnerOptions["compile"]>;
  readonly #spec: OptimiserSpec;
  readonly #state: ReturnType<typeof createOptimiser>;
  /** Weights as they act, and gradients of the last update: memory that the next one takes. */
  readonly #effective: Record<string, Float64Array> = {};
  #gradients: Record<string, Float64Array> = {};
  /** Gradients, also those of other batch sizes, that have the parameters of now; the others get them before they run. */
  readonly #current = new Set<BatchGradient>();

  constructor(model: Model, { size, rate, backend, compile = differentiate }: LearnerOptions) {
    this.#model = model;
    this.#compileNetwork = compile;
    this.gradient = this.#compile(size, backend);
    for (const name of model.trainable) this.theta[name] = this.gradient.get(name);
    this.#spec = { kind: "adam", learningRate: rate };
    this.#state = createOptimiser(this.#spec, this.theta);
  }

  /** Another batch size with the same parameters. */
  follow(size: Size, backend: GradientOptions["backend"]): BatchGradient {
    return this.#compile(size, backend);
  }

  /** One update. @returns The loss before it. */
  step(data: TrainingData, gradient = this.gradient): number {
    const { loss, adjoint } = this.evaluate(data, gradient);
    const { gradients } = gradient.backward({ "out.z": adjoint }, { into: this.#gradients });
    this.#gradients = gradients;
    const { constraints } = this.#model;
    for (const [name, c] of Object.entries(constraints))
      pullBackGradient(c, this.theta[name], gradients[name]);
    optimiserStep(this.#spec, this.#state, { parameters: this.theta, gradients });
    for (const [name, c] of Object.entries(constraints)) projectParameters(c, this.theta[name]);
    this.#current.clear();
    return loss;
  }

  /** Loss, and its derivative in the outputs. */
  evaluate({ inputs, targets, mask, shape }: TrainingData, gradient = this.gradient) {
    this.#write(gradient);
    const { records } = gradient.forward({ inputs: { u: inputs }, steps: shape.time, record: ["out.z"] });
    const adjoint = new Float64Array(targets.length);
    const loss = meanSquaredError(records["out.z"], targets, { shape, mask, into: { gradient: adjoint } });
    return { loss, adjoint };
  }

  #compile({ batch, steps }: Size, backend: GradientOptions["backend"]): BatchGradient {
    const { network: net, trainable, dt } = this.#model;
    return this.#compileNetwork(net, { dt, steps, instances: batch, precision: "f32", trainable, backend });
  }

  #write(gradient: BatchGradient): void {
    if (this.#current.has(gradient)) return;
    this.#current.add(gradient);
    for (const [name, theta] of Object.entries(this.theta)) {
      const c = this.#model.constraints[name];
      if (!c) gradient.set(name, theta);
      else {
        this.#effective[name] ??= new Float64Array(theta.length);
        gradient.set(name, effectiveWeights(c, theta, this.#effective[name]));
      }
    }
  }
}

/** A batch: inputs `(time, input, trial)`, targets and mask `(time, output, trial)`. */
export interface TrainingData {
  inputs: Float64Array;
  targets: Float64Array;
  mask?: Float64Array;
  shape: { time: number; units: number; batch: number };
}

/** Inputs evenly from −1 to 1, and slow waves to follow, different for each trial. */
export function randomData({ inputs, outputs, batch, steps }: Size): TrainingData {
  const rng = createRng(1).stream("training-data");
  const uniform = (n: number) => Float64Array.from({ length: n }, () => 2 * rng.uniform() - 1);
  return {
    inputs: uniform(steps * inputs * batch),
    targets: uniform(steps * outputs * batch).map((y) => y / 2),
    shape: { time: steps, units: outputs, batch },
  };
}

/** Floating-point operations of the three recurrent products of one update. */
export const recurrentWork = ({ units, batch, steps }: Size, density = 1) =>
  6 * units * units * density * batch * steps;

/** Share of the entries that are there. */
export function shareOf(mask: Uint8Array): number {
  return mask.reduce((sum, entry) => sum + entry, 0) / mask.length;
}

// Implementation

/** Below this density networks made by the library have sparse weights. */
const SPARSE = 0.65;

interface Parts {
  unit: ReturnType<typeof neuron>;
  bias: boolean;
  dale: boolean;
  density: number;
  mask: Uint8Array | undefined;
  dt: number;
  isDense: boolean;
}

function modelOf({ units, inputs, outputs }: Size, parts: Parts): Model {
  const { unit, bias, dale, density, mask, dt, isDense } = parts;
  const rng = createRng(units).stream("training");
  const shapes = { in: [units, inputs], rec: [units, units], out: [outputs, units] } as const;
  const signs = dale ? lawfulSigns(units, outputs) : undefined;
  const draw = (name: "in" | "rec" | "out"): DenseMatrix => {
    const [post, pre] = shapes[name];
    const scale = 1 / Math.sqrt(pre);
    return dense(
      post,
      pre,
      Float64Array.from({ length: post * pre }, (_, k) => {
        const w = scale * (2 * rng.uniform() - 1);
        if (name === "rec" && mask) return mask[k] * w;
        if (name === "rec" && density < 1) return rng.uniform() < density ? w : 0;
        return signs && name !== "in" ? signs[name][k] * Math.abs(w) : w;
      }),
    );
  };
  const weights = { in: draw("in"), rec: draw("rec"), out: draw("out") };
  const share = weights.rec.values.reduce((sum, w) => sum + (w === 0 ? 0 : 1), 0) / units ** 2;
  const isSparse = share < SPARSE && !isDense;
  const rec: Matrix = isSparse ? toSparse(weights.rec) : weights.rec;
  const reader = neuron({ parameters: { bias: 0 }, equations: `z = sum(rec)${bias ? " + bias" : ""}` });
  const net = network({
    populations: [
      population("rec", {
        size: units,
        neuron: unit,
        ...(bias && { parameters: { bias: new Float64Array(units) } }),
      }),
      population("out", { size: outputs, neuron: reader, parameters: { bias: new Float64Array(outputs) } }),
    ],
    inputs: [input("u", inputs)],
    projections: [
      projection("u", "rec", { name: "in", target: "in", weights: weights.in }),
      projection("rec", "rec", { name: "rec", target: "rec", weights: rec }),
      projection("rec", "out", { name: "out", target: "rec", weights: weights.out, sameStep: true }),
    ],
  });
  const constraints: Record<string, WeightConstraint> = {};
  const onEdges = (all: WeightConstraint) => (rec.kind === "sparse" ? constraintOnEdges(all, rec) : all);
  if (signs) {
    for (const name of ["rec", "out"] as const) {
      const [post, pre] = shapes[name];
      const present = signs[name].map((s) => (s === 0 ? 0 : 1));
      const lawful = { mask: present, entrySigns: signs[name] };
      const all = createConstraint({ name, post, pre, ...lawful });
      constraints[`weights:${name}`] = name === "rec" ? onEdges(all) : all;
    }
  } else if (density < 1) {
    const present = Uint8Array.from(weights.rec.values, (w) => (w === 0 ? 0 : 1));
    const all = createConstraint({ name: "rec", post: units, pre: units, mask: present });
    constraints["weights:rec"] = onEdges(all);
  }
  const trainable = ["weights:in", "weights:rec", "weights:out", ...(bias ? ["rec.bias", "out.bias"] : [])];
  return { network: net, trainable, constraints, weights, share: isSparse ? share : 1, signs, dt };
}

/** Two areas with Dale's law. */
function lawfulSigns(units: number, outputs: number): Record<"rec" | "out", Int8Array> {
  const rng = createRng(units).stream("law");
  const half = units >> 1;
  const sign = (unit: number) => (unit % half < 0.8 * half ? 1 : -1);
  const rec = Int8Array.from({ length: units * units }, (_, k) => {
    const [post, pre] = [Math.floor(k / units), k % units];
    const density = Math.floor(post / half) === Math.floor(pre / half) ? 0.5 : 0.1;
    return rng.uniform() < density ? sign(pre) : 0;
  });
  const out = Int8Array.from({ length: outputs * units }, (_, k) => (sign(k % units) > 0 ? 1 : 0));
  return { rec, out };
}
