import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { neuron } from "../../../model/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { currentNetwork } from "./current-network.ts";
import { elmanNetwork } from "./elman-network.ts";
import { equationNetwork } from "./equation-network.ts";
import { areaWiring, multiAreaNetwork } from "./multi-area-network.ts";
import { rateNetwork } from "./rate-network.ts";
import { spikingNetwork } from "./spiking-network.ts";
import { train } from "./train.ts";
import { Trainer } from "./trainer.ts";

const sizes = () => ({ inputs: 2, units: 4, outputs: 2, rng: createRng(1) });
const unit = neuron({ parameters: {}, equations: "50 * dx/dt = sum(in) + sum(rec) - x\nr = tanh(x)" });
const areas = () => ({
  ...{
    areas: [
      { name: "a", units: 4 },
      { name: "b", units: 4 },
    ],
    inputs: 2,
    outputs: 2,
  },
  ...{ between: 1, rng: createRng(1) },
});

/** As plain JavaScript calls it. */
const said = (work: (options: never) => unknown, options: object): string => {
  try {
    work(options as never);
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("networks", () => {
  const makers: [string, (options: never) => unknown, () => object, string, string][] = [
    ["rateNetwork", rateNetwork, sizes, "unist", "units"],
    ["rateNetwork", rateNetwork, sizes, "actvation", "activation"],
    ["elmanNetwork", elmanNetwork, sizes, "biasses", "biases"],
    ["currentNetwork", currentNetwork, sizes, "prenoise", "preNoise"],
    ["spikingNetwork", spikingNetwork, sizes, "refactory", "refractory"],
    ["equationNetwork", equationNetwork, () => ({ ...sizes(), neuron: unit }), "surogate", "surrogate"],
    ["multiAreaNetwork", multiAreaNetwork, areas, "betwen", "between"],
  ];
  it.each(makers)("%s", (where, make, options, key, meant) => {
    expect(said(make, options())).toBe("accepted");
    expect(said(make, { ...options(), [key]: undefined })).toBe("accepted");
    expect(said(make, { ...options(), [key]: 1 })).toContain(
      `${where}: there is no option "${key}". Did you mean "${meant}"? Known here: `,
    );
  });

  it("take what areas give, whether they have time constants or not", () => {
    for (const make of [rateNetwork, elmanNetwork, currentNetwork, spikingNetwork]) {
      const rng = createRng(1);
      expect(said(make, { ...areaWiring({ ...areas(), rng }), rng })).toBe("accepted");
    }
    expect(said(elmanNetwork, { ...sizes(), tau: 100 })).toContain('there is no option "tau"');
  });
});

describe("train", () => {
  const given = () => ({
    network: rateNetwork(sizes()),
    task: perceptualDecision({ timing: { stimulus: 60, decision: 60 }, catchFraction: 0 }),
    ...{ updates: 1, batchSize: 2, validation: false },
  });
  it.each<[object, string]>([
    [
      { learnigRate: 1 },
      'train: there is no option "learnigRate". Did you mean optimiser: { learningRate }?',
    ],
    [{ learningRate: 1 }, "Did you mean optimiser: { learningRate }?"],
    [{ precision: "f64" }, "Did you mean run: { precision }?"],
    [{ bachSize: 1 }, 'train: there is no option "bachSize". Did you mean "batchSize"? Known here: network,'],
    [
      { optimiser: { kind: "sgd", learningRate: 1, momentun: 0.9 } },
      'train, optimiser: there is no option "momentun". Did you mean "momentum"? Known here: kind, learningRate, overrides, momentum, dampening, nesterov, weightDecay.',
    ],
    [
      { optimiser: { kind: "adam", learningRate: 1, momentum: 0.9 } },
      'train, optimiser: there is no option "momentum". Known here: kind, learningRate, overrides, beta1,',
    ],
    [
      { optimiser: { kind: "sgd", learningRate: 1, overrides: { "rec.bias": { scale: 0 } } } },
      'train, optimiser.overrides["rec.bias"]: there is no option "scale". Known here: learningRateScale, weightDecay.',
    ],
    [
      { schedule: { kind: "cosine", lenght: 3 } },
      'train, schedule: there is no option "lenght". Did you mean "length"?',
    ],
    [
      { schedule: { kind: "constant", warmUp: { length: 3, form: 0 } } },
      'train, schedule.warmUp: there is no option "form". Did you mean "from"?',
    ],
    [{ clip: { nrom: 1 } }, 'train, clip: there is no option "nrom". Did you mean "norm"?'],
    [{ validation: { trial: 10 } }, 'train, validation: there is no option "trial". Did you mean "trials"?'],
    [
      { validation: {}, earlyStopping: { criterion: "loss", traget: 1 } },
      'train, earlyStopping: there is no option "traget". Did you mean "target"?',
    ],
    [{ run: { precison: "f64" } }, 'train, run: there is no option "precison". Did you mean "precision"?'],
    [
      { curriculum: [{ condition: {} }] },
      'train, curriculum[0]: there is no option "condition". Did you mean "conditions"?',
    ],
    [
      { curriculum: [{ until: { los: 1 }, conditions: {} }] },
      'train, curriculum[0].until: there is no option "los". Did you mean "loss"?',
    ],
    // What no kind is called is refused elsewhere.
    [{ optimiser: { kind: "toString", learningRate: 1 } }, 'unknown optimiser "toString"'],
    [{ schedule: { kind: "cosin", length: 3 } }, 'unknown schedule "cosin"'],
  ])("%j", (other, message) => {
    expect(said(train, given())).toBe("accepted");
    expect(said(train, { ...given(), ...other })).toContain(message);
    expect(said((options) => new Trainer(options), { ...given(), ...other })).toContain(message);
  });
});
