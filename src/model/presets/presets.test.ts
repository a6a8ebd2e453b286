import { describe, expect, it } from "vitest";
import { CajalError, createRng, dense, type Matrix, type Rng, toDense } from "../../core/index.ts";
import type { Network, Projection } from "../network.ts";
import { delpapa2017, hartmann2015, lazar2009, type SornOptions, sorn073, zheng2013 } from "./index.ts";

type Preset = (options: SornOptions, rng: Rng) => Network;

const presets: Record<string, Preset> = {
  lazar2009,
  zheng2013,
  hartmann2015,
  delpapa2017,
  "sorn-0.7.3": sorn073,
};

const projectionOf = (net: Network, name: string): Projection =>
  net.projections.find((p) => p.name === name)!;
const rulesOf = (net: Network, name: string) => projectionOf(net, name).plasticity.map((r) => r.name);

function incomingSums(m: Matrix): number[] {
  const { rows, columns, values } = toDense(m);
  return Array.from({ length: rows }, (_, i) =>
    values.subarray(i * columns, (i + 1) * columns).reduce((a, b) => a + b, 0),
  );
}

/** Synapses of each post unit, and of each pre unit. */
function degrees(m: Matrix): { incoming: number[]; outgoing: number[] } {
  const { rows, columns, values } = toDense(m);
  const incoming = new Array<number>(rows).fill(0);
  const outgoing = new Array<number>(columns).fill(0);
  values.forEach((w, k) => {
    if (w === 0) return;
    incoming[Math.floor(k / columns)]++;
    outgoing[k % columns]++;
  });
  return { incoming, outgoing };
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const values = (net: Network, group: string, name: string) =>
  net.populations.find((p) => p.name === group)!.initial[name] as Float64Array;

describe.each(Object.entries(presets))("%s", (_name, preset) => {
  const net = preset({}, createRng(1));

  it("has 200 excitatory and 40 inhibitory units, or as many as asked for", () => {
    expect(net.populations.map((p) => [p.name, p.size])).toEqual([
      ["E", 200],
      ["I", 40],
    ]);
    expect(preset({ units: 30 }, createRng(1)).populations.map((p) => p.size)).toEqual([30, 6]);
  });

  it("starts with incoming weights that sum to 1, none negative, no unit onto itself", () => {
    for (const name of ["E->E", "I->E", "E->I"]) {
      const { weights } = projectionOf(net, name);
      for (const sum of incomingSums(weights)) expect(Math.abs(sum - 1)).toBeLessThan(1e-14);
      expect(weights.values.every((w) => w > 0)).toBe(true);
    }
    const EE = toDense(projectionOf(net, "E->E").weights).values;
    expect(Array.from({ length: 200 }, (_, i) => EE[i * 201])).toEqual(new Array(200).fill(0));
  });

  it("is the same for the same seed and another for another", () => {
    expect(preset({}, createRng(1))).toEqual(net);
    expect(projectionOf(preset({}, createRng(2)), "E->E")).not.toEqual(projectionOf(net, "E->E"));
  });

  it("draws the same wiring whatever else is changed", () => {
    const changed = preset({ change: { noise: 0.5, comparison: ">", births: 2 } }, createRng(1));
    expect(changed.projections.map((p) => p.weights)).toEqual(net.projections.map((p) => p.weights));
    expect(changed).not.toEqual(net);
  });

  it("starts from given excitatory weights, scaled, without self-connections", () => {
    const given = dense(
      6,
      6,
      Array.from({ length: 36 }, (_, k) => (k < 6 ? 0 : (k % 7) * 3)),
    );
    const start = toDense(
      projectionOf(preset({ excitatoryWeights: given, ...inputsOf(preset, 1) }, createRng(3)), "E->E")
        .weights,
    );
    for (const sum of incomingSums(start)) expect(sum).toBeCloseTo(1, 14);
    for (let i = 1; i < 6; i++) {
      const row = given.values.slice(6 * i, 6 * i + 6).map((w, j) => (j === i ? 0 : w));
      const sum = row.reduce((a, b) => a + b, 0);
      row.forEach((w, j) => {
        expect(start.values[6 * i + j]).toBeCloseTo(w / sum, 14);
      });
    }
    // The first unit had none: it gets two, not itself.
    expect(degrees(start).incoming[0]).toBe(2);
    expect(start.values[0]).toBe(0);
  });

  it("works for the smallest networks", () => {
    for (const units of [2, 3, 7]) {
      const small = preset({ units, ...inputsOf(preset, 1), change: { targetRate: 0.2 } }, createRng(units));
      for (const { weights } of small.projections.filter((p) => p.name !== "input->E")) {
        for (const sum of incomingSums(weights)) expect(sum).toBeCloseTo(1, 14);
      }
    }
  });

  it.each([0, 1, 2.5, -3, Number.NaN])("refuses %d units", (units) => {
    expect(() => preset({ units }, createRng(1))).toThrow(
      expect.objectContaining({
        code: "bad-size",
        message: expect.stringContaining(`units must be a whole number of at least 2, got ${units}`),
      }),
    );
  });

  it.each([0, 1, -0.1, Number.NaN])("refuses a target rate of %d, of one unit too", (rate) => {
    for (const targetRate of [rate, Float64Array.from({ length: 200 }, (_, k) => (k === 17 ? rate : 0.1))]) {
      expect(() => preset({ change: { targetRate } }, createRng(1))).toThrow(
        expect.objectContaining({
          code: "bad-rate",
          message: `SORN: the target rate must lie between 0 and 1, got ${rate}. At 0 or 1 intrinsic plasticity moves every threshold without end; 0.1 is usual.`,
        }),
      );
    }
    expect(() => preset({ change: { inhibitoryTarget: rate } }, createRng(1))).toThrow(
      `SORN, inhibitoryTarget: the target rate must lie between 0 and 1, got ${rate}`,
    );
  });

  it("refuses inputs and weights of other sizes, and negative weights", () => {
    expect(() => preset({ inputWeights: dense(201, 3) }, createRng(1))).toThrow(
      expect.objectContaining({
        code: "shape",
        message: expect.stringContaining(
          "input weights are for 201 units, the network has 200. Give shape (unit, input): one row for every excitatory unit.",
        ),
      }),
    );
    expect(() => preset({ units: 5, excitatoryWeights: dense(6, 6) }, createRng(1))).toThrow(
      expect.objectContaining({
        code: "shape",
        message: expect.stringContaining("excitatory weights are 6 × 6, wanted 5 × 5"),
      }),
    );
    expect(() => preset({ excitatoryWeights: dense(20, 21) }, createRng(1))).toThrow(
      "20 × 21, wanted 20 × 20",
    );
    const negative = dense(20, 20);
    negative.values[23] = -0.5;
    expect(() => preset({ excitatoryWeights: negative, ...inputsOf(preset, 1) }, createRng(1))).toThrow(
      expect.objectContaining({
        code: "negative-weight",
        message: expect.stringContaining("weight [post 1, pre 3] is -0.5, excitatory weights are ≥ 0"),
      }),
    );
  });
});

/** The package's target rate is 2 inputs / units: fewer inputs for fewer units. */
function inputsOf(preset: Preset, inputs: number): { inputs?: number } {
  return preset === presets["sorn-0.7.3"] ? { inputs } : {};
}

describe("what sets the presets apart", () => {
  const nets = Object.fromEntries(
    Object.entries(presets).map(([name, preset]) => [name, preset({}, createRng(1))]),
  );

  it("rules and their order", () => {
    const rules = Object.fromEntries(
      Object.entries(nets).map(([name, net]) => [
        name,
        [rulesOf(net, "E->E").join(), rulesOf(net, "I->E").join()],
      ]),
    );
    expect(rules).toEqual({
      lazar2009: ["stdp,sn", "sn"],
      hartmann2015: ["stdp,sn", "sn"],
      zheng2013: ["stdp,sp,sn", "istdp,sn"],
      delpapa2017: ["stdp,sp,sn", "istdp,sn"],
      "sorn-0.7.3": ["stdp,sp,sn", "istdp,sn"],
    });
  });

  it("noise, inhibition, rates and thresholds", () => {
    const facts = (net: Network) => ({
      noise: net.populations[0].neuron.parameters.noise ?? 0,
      fast: projectionOf(net, "E->I").sameStep,
      ip: net.populations[0].neuron.parameters.etaIp,
      T: Math.round(20 * Math.max(...values(net, "E", "T"))) / 20,
      TI: Math.round(20 * Math.max(...values(net, "I", "T"))) / 20,
    });
    expect(Object.fromEntries(Object.entries(nets).map(([name, net]) => [name, facts(net)]))).toEqual({
      lazar2009: { noise: 0, fast: true, ip: 0.001, T: 0.5, TI: 0.5 },
      hartmann2015: { noise: 0, fast: true, ip: 0.001, T: 0.5, TI: 0.35 },
      zheng2013: { noise: Math.sqrt(0.05), fast: false, ip: 0.01, T: 1, TI: 0.5 },
      delpapa2017: { noise: Math.sqrt(0.05), fast: true, ip: 0.01, T: 1, TI: 0.5 },
      "sorn-0.7.3": { noise: 0.04, fast: false, ip: 0.01, T: 1, TI: 0.5 },
    });
  });

  it("degrees", () => {
    const EE = (name: string) => degrees(projectionOf(nets[name], "E->E").weights).incoming;
    expect(new Set(EE("lazar2009"))).toEqual(new Set([10]));
    // Binomial: mean 199 · 0.1, variance of the mean over 200 units 199 · 0.09 / 200.
    for (const name of ["zheng2013", "hartmann2015", "delpapa2017"]) {
      expect(Math.abs(mean(EE(name)) - 19.9)).toBeLessThan(5 * Math.sqrt((199 * 0.09) / 200));
      expect(Math.max(...EE(name))).toBeGreaterThan(26);
    }
    // Normal with standard deviation 1, cut down to whole numbers: mean 19.5 and 39.5, variance 1 + 1/12.
    const sd = Math.sqrt(13 / 12);
    expect(Math.abs(mean(EE("sorn-0.7.3")) - 19.5)).toBeLessThan((5 * sd) / Math.sqrt(200));
    const EI = (name: string) => degrees(projectionOf(nets[name], "I->E").weights);
    expect(Math.abs(mean(EI("sorn-0.7.3").outgoing) - 39.5)).toBeLessThan((5 * sd) / Math.sqrt(40) + 0.05);
    for (const name of ["zheng2013", "delpapa2017"]) {
      expect(Math.abs(mean(EI(name).incoming) - 8)).toBeLessThan(5 * Math.sqrt((40 * 0.16) / 200));
    }
    for (const name of ["lazar2009", "hartmann2015"])
      expect(new Set(EI(name).incoming)).toEqual(new Set([40]));
    for (const net of Object.values(nets)) {
      expect(new Set(degrees(projectionOf(net, "E->I").weights).incoming)).toEqual(new Set([200]));
    }
  });

  it("births: one in ten steps at 200 units, by the number of pairs for del Papa's", () => {
    const births = (preset: Preset, units: number) => {
      const sp = projectionOf(preset({ units }, createRng(1)), "E->E").plasticity.find(
        (r) => r.name === "sp",
      )!;
      return sp.kind === "structural" ? [sp.births, sp.weight] : [];
    };
    expect(births(delpapa2017, 200)).toEqual([0.1, 0.001]);
    expect(births(delpapa2017, 400)[0]).toBeCloseTo((0.1 * 400 * 399) / (200 * 199), 15);
    expect([births(zheng2013, 400), births(sorn073, 400)]).toEqual([
      [0.1, 0.001],
      [0.1, 0.001],
    ]);
  });

  it("Hartmann's targets are even in 0.1 ± 0.01 and its thresholds evenly spaced", () => {
    const net = nets.hartmann2015;
    const targets = net.populations[0].parameters.targetRate as Float64Array;
    expect(targets.every((h) => h >= 0.09 && h < 0.11)).toBe(true);
    expect(Math.abs(mean(targets) - 0.1)).toBeLessThan((5 * 0.02) / Math.sqrt(12 * 200));
    const spaced = [...values(net, "E", "T")].sort((a, b) => a - b);
    spaced.forEach((T, k) => {
      expect(T).toBeCloseTo((0.5 * (k + 1)) / 200, 14);
    });
    expect([...values(net, "E", "T")]).not.toEqual(spaced);
    const wide = hartmann2015({ inhibitoryThreshold: 1 }, createRng(1));
    expect(Math.max(...values(wide, "I", "T"))).toBe(1);
  });

  it("Lazar's in-degree can be chosen, within reason", () => {
    const net = lazar2009({ units: 20, inDegree: 5 }, createRng(1));
    expect(new Set(degrees(projectionOf(net, "E->E").weights).incoming)).toEqual(new Set([5]));
    expect(() => lazar2009({ inDegree: 0.5 }, createRng(1))).toThrow(
      "lazar2009: inDegree must be a whole number of at least 2, got 0.5",
    );
  });

  it("the package's inputs have a unit each, and set the target rate", () => {
    const net = sorn073({ units: 50, inputs: 3 }, createRng(1));
    expect(net.inputs).toEqual([{ kind: "input", name: "input", size: 3 }]);
    const wanted = dense(50, 3);
    for (let k = 0; k < 3; k++) wanted.values[4 * k] = 1;
    expect(toDense(projectionOf(net, "input->E").weights)).toEqual(wanted);
    expect(net.populations[0].parameters.targetRate).toBe(6 / 50);
    expect(values(net, "E", "x")).toBeUndefined();
    expect(sorn073({ units: 29, inputs: 3 }, createRng(1)).populations[1].size).toBe(5);
    for (const inputs of [0, 51, 1.5]) {
      expect(() => sorn073({ units: 50, inputs }, createRng(1))).toThrow(
        expect.objectContaining({
          code: "bad-size",
          message: `sorn-0.7.3: ${inputs} inputs do not fit 50 units, each input has a unit of its own. Give a whole number from 1 to 50.`,
        }),
      );
    }
    expect(() => sorn073({ units: 20 }, createRng(1))).toThrow(
      "the target rate must lie between 0 and 1, got 1",
    );
    expect(() => sorn073({ units: 20 }, createRng(1))).toThrow(CajalError);
  });
});
