import { describe, expect, it } from "vitest";
import { createRng, dense, onWarning, toDense, toSparse } from "../../core/index.ts";
import {
  input,
  type Network,
  network,
  neuron,
  normalisation,
  population,
  projection,
} from "../../model/index.ts";
import { Batch, coupledNetwork, trainablesOf } from "./gradient.fixture.ts";
import { differentiate } from "./gradient.ts";
import type { GradientOptions } from "./options.ts";

const EQUATIONS = `
  m = 0.5 * m + mean(x) : population
  3 * dx/dt + x = 0.5 * y + tanh(sum(exc)) + sum(in) + 0.3 * Normal(0, a) + m : init=Uniform(-b, b)
  y = sigmoid(a * x) + 0.1 * Uniform(-1, 1)
  r = tanh(x)`;

/** All but what a random start is multiplied by. */
const trainableOf = (net: Network) => trainablesOf(net).filter((name) => !name.endsWith(".b"));

const total = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b);

const options: GradientOptions = { dt: 0.5, precision: "f64", steps: 6, trainable: [] };

describe("a trial of a batch", () => {
  const net = coupledNetwork({ equations: EQUATIONS, delay: 0.5, sameStep: true });
  const trainable = ["input:u", "weights:rec"];
  const [T, B] = [9, 5];
  const rng = createRng(2);
  const u = Float64Array.from({ length: T * 2 * B }, () => rng.uniform());
  const g = Float64Array.from({ length: T * 5 * B }, () => rng.uniform() - 0.5);
  const seeds = [3, 1, 4, 1, 5];
  const alone = (values: Float64Array, b: number) => values.filter((_, k) => k % B === b);
  for (const backend of ["wasm", "interpret"] as const) {
    it(`has the same bits alone and among others, ${backend}`, () => {
      const batch = differentiate(net, { ...options, steps: T, instances: B, trainable, backend });
      const one = differentiate(net, { ...options, steps: T, trainable, backend });
      const { records } = batch.forward({ inputs: { u }, seed: seeds, record: ["p.x", "p.m"] });
      const { gradients } = batch.backward({ "p.r": g });
      const sum = new Float64Array(25);
      for (let b = 0; b < B; b++) {
        const own = one.forward({ inputs: { u: alone(u, b) }, seed: seeds[b], record: ["p.x", "p.m"] });
        for (const name of ["p.x", "p.m"])
          expect(own.records[name]).toEqual(alone(records[name] as Float64Array, b));
        const back = one.backward({ "p.r": alone(g, b) });
        expect(back.gradients["input:u"]).toEqual(alone(gradients["input:u"], b));
        back.gradients["weights:rec"].forEach((v, k) => {
          sum[k] += v;
        });
      }
      sum.forEach((v, k) => {
        expect(gradients["weights:rec"][k]).toBeCloseTo(v, 12);
      });
    });
  }

  it("adds nothing beyond its end", () => {
    const short = 4;
    const whole = differentiate(net, {
      ...options,
      steps: T,
      trainable: ["weights:rec", "p.a", "initial:p.r"],
    });
    const padded = g.map((v, k) => (k < short * 5 ? v : 0)).slice(0, T * 5);
    whole.forward({ inputs: { u: u.slice(0, T * 2) } });
    const one = whole.backward({ "p.r": padded });
    whole.forward({ inputs: { u: u.slice(0, short * 2) }, steps: short });
    const two = whole.backward({ "p.r": padded.slice(0, short * 5) });
    for (const [name, values] of Object.entries(one.gradients))
      values.forEach((v, k) => {
        expect(v).toBeCloseTo(two.gradients[name][k], 13);
      });
  });
});

describe("weights", () => {
  it("have the same gradient sparse as at the same entries of a dense matrix", () => {
    const [full, masked] = [false, true].map((sparse) => {
      const net = coupledNetwork({ equations: EQUATIONS, sparse });
      return {
        net,
        values: new Batch(net, { ...options, instances: 3, trainable: trainableOf(net) }).gradients(),
      };
    });
    for (const { name, weights } of masked.net.projections) {
      const expected = full.values[`weights:${name}`];
      const sparse = toSparse(weights);
      const entries: number[] = [];
      for (let i = 0; i < sparse.rows; i++)
        for (let e = sparse.rowStart[i]; e < sparse.rowStart[i + 1]; e++)
          entries.push(expected[i * sparse.columns + sparse.column[e]]);
      expect(masked.values[`weights:${name}`].length).toBe(sparse.values.length);
      expect([...masked.values[`weights:${name}`]]).toEqual(entries);
    }
  });

  it("can be set between calls, as if the network had been made with them", () => {
    for (const sparse of [false, true]) {
      const net = coupledNetwork({ equations: EQUATIONS, sparse });
      const changed = {
        ...net,
        projections: net.projections.map((p) =>
          p.name === "rec"
            ? { ...p, weights: { ...p.weights, values: p.weights.values.map((w) => 2 * w) } }
            : p,
        ),
      };
      const trainable = trainableOf(net);
      const one = new Batch(net, { ...options, instances: 2, trainable });
      one.gradient.set(
        "weights:rec",
        one.gradient.get("weights:rec").map((w) => 2 * w),
      );
      expect(one.gradients()).toEqual(
        new Batch(changed, { ...options, instances: 2, trainable }).gradients(),
      );
    }
  });

  it("are those of the matrix", () => {
    const net = coupledNetwork({ equations: EQUATIONS });
    const grad = differentiate(net, { ...options, trainable: ["weights:rec", "p.c", "p.a", "initial:p.r"] });
    const { weights } = net.projections.find((p) => p.name === "rec")!;
    expect(grad.get("weights:rec")).toEqual(toDense(weights).values);
    expect(grad.get("p.c")).toEqual(net.populations[0].parameters.c);
    expect([...grad.get("p.a")]).toEqual([0.7]);
    grad.set("initial:p.r", 2);
    expect([...grad.get("initial:p.r")]).toEqual([2, 2, 2, 2, 2]);
    grad.set("p.c", [1, 2, 3, 4, 5]);
    expect([...grad.get("p.c")]).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("parameters that differ between instances", () => {
  it("have a gradient for each instance", () => {
    const net = coupledNetwork({ equations: EQUATIONS });
    const parameters = {
      "p.a": [0.2, 0.5, 0.9],
      "q.a": Float64Array.from({ length: 12 }, (_, k) => 0.1 * k),
    };
    const gains = { "p.exc": [1, 2, 3], "p.in": 1.5 };
    const trainable = ["p.a", "q.a", "p.gain(exc)", "p.gain(in)"];
    const batch = new Batch(net, { ...options, instances: 3, parameters, gains, trainable });
    const gradients = batch.gradients();
    expect(gradients["p.a"].length).toBe(3);
    expect(gradients["q.a"].length).toBe(12);
    for (const name of trainable) {
      gradients[name].forEach((v, k) => {
        expect(v).toBeCloseTo(batch.difference(name, k)!, 6);
      });
    }
  });
});

describe("starts of trials", () => {
  it("have a gradient for each trial: the Jacobian of a step from one call", () => {
    const net = coupledNetwork({ equations: "x = tanh(a * x + sum(exc))\nr = x * (1 + b * x)" });
    const size = 5;
    const grad = differentiate(net, {
      ...options,
      steps: 1,
      instances: size,
      trainable: ["start:p.x", "start:p.r"],
    });
    const start = (name: "x" | "r", moved = -1, h = 0) =>
      Float64Array.from(
        { length: size },
        (_, i) => (name === "x" ? 0.1 * i : 0.3 - 0.1 * i) + (i === moved ? h : 0),
      );
    const step = (x: Float64Array, r: Float64Array) =>
      grad.forward({ inputs: { u: [0, 0] }, initial: { "p.x": x, "p.r": r }, record: ["p.r"] }).records[
        "p.r"
      ];
    step(start("x"), start("r"));
    const identity = Float64Array.from({ length: size * size }, (_, k) =>
      Number(Math.floor(k / size) === k % size),
    );
    const { gradients } = grad.backward({ "p.r": identity });
    for (let j = 0; j < size; j++) {
      const byX = [1e-6, -1e-6].map((h) => step(start("x", j, h), start("r")));
      const byR = [1e-6, -1e-6].map((h) => step(start("x"), start("r", j, h)));
      for (let i = 0; i < size; i++) {
        const slope = ([up, down]: ArrayLike<number>[]) => (up[i * size] - down[i * size]) / 2e-6;
        expect(gradients["start:p.x"][j * size + i]).toBeCloseTo(slope(byX), 7);
        expect(gradients["start:p.r"][j * size + i]).toBeCloseTo(slope(byR), 7);
      }
    }
    expect(() => grad.get("start:p.x")).toThrow(expect.objectContaining({ code: "input-value" }));
  });
});

describe("going on", () => {
  it("continues state, noise, time and delayed sums", () => {
    const net = coupledNetwork({ equations: `${EQUATIONS}\ny = y + 0.01 * t`, delay: 1.5 });
    const rng = createRng(8);
    const u = Float64Array.from({ length: 40 }, () => rng.uniform());
    for (const checkpoint of [false, 8]) {
      const grad = differentiate(net, { ...options, steps: 20, trainable: ["weights:rec"], checkpoint });
      const record = ["p.x", "q.y"];
      const whole = grad.forward({ inputs: { u }, record }).records;
      grad.forward({ inputs: { u: u.slice(0, 22) }, steps: 11 });
      grad.backward({});
      const rest = grad.forward({ inputs: { u: u.slice(22) }, steps: 9, goOn: true, record }).records;
      for (const name of record)
        expect(rest[name]).toEqual(whole[name].slice((whole[name].length / 20) * 11));
    }
  });

  it("gives gradients that end where the call began", () => {
    const net = coupledNetwork({ equations: EQUATIONS });
    const grad = differentiate(net, { ...options, steps: 8, trainable: ["weights:rec", "p.a"] });
    const u = new Float64Array(16).fill(0.3);
    const loss = (change: number) => {
      grad.set("weights:rec", w0);
      grad.forward({ inputs: { u } });
      grad.set(
        "weights:rec",
        w0.map((w, k) => (k === 1 ? w + change : w)),
      );
      const { records } = grad.forward({ inputs: { u }, goOn: true, record: ["p.r"] });
      return total(records["p.r"]);
    };
    const w0 = grad.get("weights:rec");
    const slope = (loss(1e-5) - loss(-1e-5)) / 2e-5;
    loss(0);
    const { gradients } = grad.backward({ "p.r": new Float64Array(40).fill(1) });
    expect(gradients["weights:rec"][1]).toBeCloseTo(slope, 7);
  });
});

describe("spiking neurons", () => {
  const lif = neuron({
    parameters: { tau: 10, threshold: 1 },
    equations: `
      tau * dv/dt + v = sum(in) + sum(rec) : explicit
      s = v > threshold
      v = v - s * threshold`,
  });
  const weights = (post: number, pre: number) => {
    const rng = createRng(post * pre);
    return dense(
      post,
      pre,
      Float64Array.from({ length: post * pre }, () => 2 * rng.uniform() - 0.5),
    );
  };
  const net = network({
    populations: [population("p", { size: 3, neuron: lif })],
    inputs: [input("u", 2)],
    projections: [
      projection("u", "p", { target: "in", weights: weights(3, 2) }),
      projection("p", "p", { target: "rec", weights: weights(3, 3), variable: "s", name: "rec" }),
    ],
  });
  const T = 15;
  const u = new Float64Array(2 * T).fill(2);

  it("have a gradient through their spikes with a surrogate, none without", () => {
    const gradientsWith = (surrogate: GradientOptions["surrogate"]) => {
      const trainable = ["weights:rec", "weights:u->p"];
      const grad = differentiate(net, {
        ...options,
        dt: 1,
        steps: T,
        trainable,
        ...(surrogate ? { surrogate } : {}),
      });
      const { records } = grad.forward({ inputs: { u }, record: ["p.s"] });
      expect(total(records["p.s"])).toBeGreaterThan(3);
      return grad.backward({ "p.s": new Float64Array(3 * T).fill(1) }).gradients;
    };
    const none = gradientsWith(undefined);
    expect([...none["weights:u->p"]]).toEqual(new Array(6).fill(0));
    const some = gradientsWith({ kind: "fast-sigmoid", slope: 2 });
    // By hand: backward through v and s with S(v − threshold), the reset included.
    const wIn = net.projections[0].weights.values;
    const wRec = net.projections[1].weights.values;
    const v = [new Float64Array(3)];
    const s = [new Float64Array(3)];
    const before: Float64Array[] = [];
    for (let t = 0; t < T; t++) {
      const drive = Float64Array.from({ length: 3 }, (_, i) => {
        let sum = 0;
        for (let j = 0; j < 2; j++) sum += wIn[2 * i + j] * 2;
        for (let j = 0; j < 3; j++) sum += wRec[3 * i + j] * s[t][j];
        return sum;
      });
      before.push(v[t].map((x, i) => x + (drive[i] - x) / 10));
      s.push(before[t].map((x) => (x > 1 ? 1 : 0)));
      v.push(before[t].map((x, i) => x - s[t + 1][i]));
    }
    const gIn = new Float64Array(6);
    const gRec = new Float64Array(9);
    let dv = new Float64Array(3);
    let ds = new Float64Array(3);
    for (let t = T - 1; t >= 0; t--) {
      const ofBefore = before[t].map((x, i) => {
        const slope = 1 / (1 + 2 * Math.abs(x - 1)) ** 2;
        return dv[i] + (1 + ds[i] - dv[i]) * slope;
      });
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 2; j++) gIn[2 * i + j] += (ofBefore[i] / 10) * 2;
        for (let j = 0; j < 3; j++) gRec[3 * i + j] += (ofBefore[i] / 10) * s[t][j];
      }
      dv = ofBefore.map((x) => 0.9 * x) as Float64Array<ArrayBuffer>;
      ds = Float64Array.from({ length: 3 }, (_, j) => {
        let sum = 0;
        for (let i = 0; i < 3; i++) sum += (wRec[3 * i + j] * ofBefore[i]) / 10;
        return sum;
      });
    }
    gIn.forEach((g, k) => {
      expect(some["weights:u->p"][k]).toBeCloseTo(g, 11);
    });
    gRec.forEach((g, k) => {
      expect(some["weights:rec"][k]).toBeCloseTo(g, 11);
    });
  });
});

describe("what cannot be", () => {
  const net = coupledNetwork({ equations: EQUATIONS });
  const make = (changes: Partial<GradientOptions>) => differentiate(net, { ...options, ...changes });
  it.each([
    [{ steps: 0 }, "bad-option", "steps must be a whole number"],
    [{ checkpoint: 0 }, "bad-option", "checkpoint must be"],
    [{ memory: 0 }, "bad-option", "memory must be"],
    [{ surrogate: { kind: "triangle", slope: 0 } }, "bad-option", "slope of a surrogate"],
    [{ surrogate: { kind: "triangel" as "triangle" } }, "bad-option", 'Did you mean "triangle"'],
    [{ trainable: ["weights:rce"] }, "unknown-trainable", 'Did you mean "weights:rec"'],
    [{ trainable: ["p.a", "p.a"] }, "duplicate-name", "listed twice"],
    [{ trainable: ["weights:p->q"] }, "", ""],
    [{ trainable: ["p.b"] }, "random-start", "random number times a trained parameter"],
    [{ trainable: ["initial:p.x"] }, "expression-start", "starts at an expression"],
    [{ steps: 1e8 }, "too-large", "Set checkpoint: true"],
  ] as const)("%j", (changes, code, message) => {
    if (code === "") return void make(changes as Partial<GradientOptions>);
    expect(() => make(changes as Partial<GradientOptions>)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it("plastic projections are refused", () => {
    const weights = dense(5, 5, new Float64Array(25).fill(1));
    const plastic = {
      ...net,
      projections: [projection("p", "p", { weights, plasticity: [normalisation("scale")] })],
    };
    const restore = onWarning(() => {});
    expect(() => differentiate(plastic, options)).toThrow(
      expect.objectContaining({ code: "plastic-projection" }),
    );
    restore();
  });

  it("mistakes in calls are refused", () => {
    const grad = make({ trainable: ["weights:rec"] });
    const u = new Float64Array(12);
    const refused = (run: () => unknown, code: string) =>
      expect(run).toThrow(expect.objectContaining({ code }));
    refused(() => grad.backward({}), "no-forward");
    refused(() => grad.forward({ inputs: { u }, goOn: true }), "no-forward");
    refused(() => grad.forward({}), "missing-input");
    refused(() => grad.forward({ inputs: { u, w: u } }), "unknown-input");
    refused(() => grad.forward({ inputs: { u: u.slice(1) } }), "shape");
    refused(() => grad.forward({ inputs: { u }, steps: 7 }), "bad-steps");
    refused(() => grad.forward({ inputs: { u }, record: ["p.z"] }), "unknown-variable");
    refused(() => grad.forward({ inputs: { u }, initial: { "p.x": [1] } }), "shape");
    refused(() => grad.set("weights:rec", [1]), "shape");
    refused(() => grad.get("input:u"), "input-value");
    grad.forward({ inputs: { u } });
    refused(() => grad.backward({ "p.r": new Float64Array(3) }), "shape");
    refused(() => grad.backward({ "p.rr": new Float64Array(3) }), "unknown-variable");
  });
});

describe("a run that diverges", () => {
  it("says where, and goes on", () => {
    const grow = neuron({ parameters: { a: 1 }, equations: "x = a * x * x + 2" });
    const net = network({
      populations: [population("p", { size: 2, neuron: grow, initial: { x: [0, 3] } })],
    });
    const grad = differentiate(net, { steps: 12, precision: "f64", trainable: ["p.a"] });
    const result = grad.forward();
    expect(result.status).toBe("diverged");
    expect(result.diverged).toEqual([
      expect.objectContaining({
        instance: 0,
        variable: "p.x",
        message: expect.stringContaining("became infinite"),
      }),
    ]);
    const { notFiniteAt } = grad.backward({ "p.x": new Float64Array(24).fill(1) });
    expect(notFiniteAt).toBeGreaterThanOrEqual(0);
    grad.set("p.a", 0);
    expect(grad.forward().status).toBe("done");
    expect(grad.backward({ "p.x": new Float64Array(24).fill(1) }).notFiniteAt).toBe(-1);
  });
});
