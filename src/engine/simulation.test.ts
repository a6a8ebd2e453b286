import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, onWarning, toSparse } from "../core/index.ts";
import { input, type Network, network, neuron, population, projection } from "../model/index.ts";
import { takeInstance } from "./monitor.ts";
import { simulate } from "./simulation.ts";

const one = (equations: string, parameters: Record<string, number> = {}, size = 1): Network =>
  network({ populations: [population("p", { size, neuron: neuron({ equations, parameters }) })] });

describe.each(["wasm", "interpret"] as const)("simulate, %s", (backend) => {
  it("integrates decay as each method's formula says", () => {
    const h = 0.5;
    const z = -h / 2;
    const factors = {
      explicit: 1 + z,
      implicit: 1 / (1 - z),
      midpoint: 1 + z + z ** 2 / 2,
      rk4: 1 + z + z ** 2 / 2 + z ** 3 / 6 + z ** 4 / 24,
      exponential: Math.exp(z),
    };
    for (const [method, factor] of Object.entries(factors)) {
      const run = simulate(one(`tau * dr/dt + r = 0 : init=1, ${method}`, { tau: 2 }), { dt: h, backend });
      run.run(5);
      expect(run.get("p.r")[0]).toBeCloseTo(factor ** 10, 12);
    }
  });

  it("converges at the order of each method on a coupled pair", () => {
    // x' = -y, y' = x from (1, 0): cos t, sin t.
    const error = (method: string, dt: number) => {
      const run = simulate(one(`dx/dt = -y : init=1, ${method}\ndy/dt = x : ${method}`), { dt, backend });
      run.run(2);
      return Math.hypot(run.get("p.x")[0] - Math.cos(2), run.get("p.y")[0] - Math.sin(2));
    };
    for (const [method, order] of [
      ["explicit", 1],
      ["implicit", 1],
      ["midpoint", 2],
      ["rk4", 4],
    ] as const) {
      const observed = Math.log2(error(method, 0.05) / error(method, 0.025));
      expect(Math.abs(observed - order)).toBeLessThan(0.1);
    }
  });

  it("treats consecutive ODEs as one block and assignments as a sequence", () => {
    const block = simulate(one("dx/dt = y : init=1\ndy/dt = x : init=2"), { backend });
    block.run(1);
    expect([block.get("p.x")[0], block.get("p.y")[0]]).toEqual([3, 3]);
    const split = simulate(one("dx/dt = y : init=1\nz = x\ndy/dt = x : init=2"), { backend });
    split.run(1);
    expect([split.get("p.x")[0], split.get("p.y")[0], split.get("p.z")[0]]).toEqual([3, 5, 3]);
  });

  it("keeps one value per population for a population variable, read old before its line and new after", () => {
    const net = one("before = m\nm = m + mean(x) + 1 : population, init=5\nx = x + 1\nafter = m", {}, 3);
    const run = simulate(net, { backend });
    run.run(2);
    expect([...run.get("p.m")]).toEqual([5 + 1 + 1 + 1]);
    expect([...run.get("p.before")]).toEqual([6, 6, 6]);
    expect([...run.get("p.after")]).toEqual([8, 8, 8]);
  });

  it("clamps a variable at its own update", () => {
    const run = simulate(one("x = x + 1 : max=2.5\ny = x\nz = z - 1 : min=-lowest", { lowest: 1.5 }), {
      backend,
    });
    run.run(4);
    expect([run.get("p.x")[0], run.get("p.y")[0], run.get("p.z")[0]]).toEqual([2.5, 2.5, -1.5]);
  });

  it("reads numbers as floats and rounds halves away from zero", () => {
    const run = simulate(one("x = 2/3\ny = round(-2.5)\nz = modulo(-1, 3)\nw = -2 ^ 2"), { backend });
    run.step();
    expect(["x", "y", "z", "w"].map((v) => run.get(`p.${v}`)[0])).toEqual([2 / 3, -3, 2, -4]);
  });

  it("delays populations by at least a step, and inputs exactly", () => {
    const series = Float64Array.of(1, 2, 3, 4, 5, 6);
    const relay = neuron({ equations: "r = sum(exc)" });
    const received = (delay: number) => {
      const net = network({
        populations: [
          population("a", { size: 1, neuron: relay }),
          population("b", { size: 1, neuron: relay }),
        ],
        inputs: [input("u", 1)],
        projections: [
          projection("u", "a", { weights: dense(1, 1, [1]), delay }),
          projection("a", "b", { weights: dense(1, 1, [1]), delay }),
        ],
      });
      const run = simulate(net, { backend });
      const records = [run.monitor("a.r"), run.monitor("b.r")];
      run.run(6, { inputs: { u: series } });
      return records.map((r) => [...r.data().values]);
    };
    expect(received(0)).toEqual([
      [1, 2, 3, 4, 5, 6],
      [0, 1, 2, 3, 4, 5],
    ]);
    expect(received(1)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [0, 0, 1, 2, 3, 4],
    ]);
    expect(received(2)).toEqual([
      [0, 0, 1, 2, 3, 4],
      [0, 0, 0, 0, 1, 2],
    ]);
    expect(received(3)).toEqual([
      [0, 0, 0, 1, 2, 3],
      [0, 0, 0, 0, 0, 0],
    ]);
  });

  it("names variable, unit, instance and time of a divergence, and lets the other instances go on", () => {
    const net = one("x = g * x : init=1\nr = x", { g: 1 }, 3);
    const run = simulate(net, { instances: 3, parameters: { "p.g": [1, 1e200, 0.5] }, backend });
    const status = run.run(5);
    expect(status.status).toBe("diverged");
    expect(status.diverged).toEqual([
      {
        instance: 1,
        variable: "p.x",
        unit: 0,
        t: 2,
        message: "p.x of unit 0 (instance 1) became infinite at t = 2 ms; lower dt, the gain or the weights.",
      },
    ]);
    expect([...run.get("p.x")].filter((_, k) => k % 3 === 2)).toEqual([1 / 32, 1 / 32, 1 / 32]);
    run.reset();
    expect(run.diverged).toEqual([]);
  });

  it("stores values near zero as zero", () => {
    const run = simulate(one("x = 0.001 * x : init=1"), { backend });
    run.run(200);
    expect(run.get("p.x")[0]).toBe(0);
  });

  it("gives every instance its own noise, instance 0 that of a single run, and equal seeds equal noise", () => {
    const net = one("x = Uniform(0, 1)\ny = Normal(2, 0.5)\nm = Uniform(0, 1) : population", {}, 5);
    const draw = (options: { instances?: number; seed?: number | number[] }) => {
      const run = simulate(net, { backend, ...options });
      run.run(3);
      return { x: run.get("p.x"), y: run.get("p.y"), m: run.get("p.m") };
    };
    const single = draw({ seed: 4 });
    const several = draw({ seed: 4, instances: 3 });
    const equal = draw({ seed: [4, 4, 7], instances: 3 });
    for (const v of ["x", "y", "m"] as const) {
      expect(several[v].filter((_, k) => k % 3 === 0)).toEqual(single[v]);
      expect(equal[v].filter((_, k) => k % 3 === 1)).toEqual(single[v]);
      expect(several[v][1]).not.toBe(several[v][0]);
    }
    expect(new Set([...single.x]).size).toBe(5);
  });

  it("draws noise with the stated moments, fresh in every step", () => {
    const run = simulate(one("x = Uniform(-1, 3)\ny = Normal(2, 0.5)", {}, 100), { backend, seed: 1 });
    const x = run.monitor("p.x");
    const y = run.monitor("p.y");
    run.run(100);
    const moments = (values: Float64Array) => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      return [mean, Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)];
    };
    const [meanX, sdX] = moments(x.data().values);
    const [meanY, sdY] = moments(y.data().values);
    // Five standard errors of 10 000 draws.
    expect(Math.abs(meanX - 1)).toBeLessThan(0.06);
    expect(Math.abs(sdX - 4 / Math.sqrt(12))).toBeLessThan(0.04);
    expect(Math.abs(meanY - 2)).toBeLessThan(0.025);
    expect(Math.abs(sdY - 0.5)).toBeLessThan(0.02);
  });

  it("records every n-th step of a window, of chosen units", () => {
    const run = simulate(one("x = t", {}, 4), { dt: 0.5, backend });
    const all = run.monitor("p.x", { units: [2] });
    const some = run.monitor("p.x", { every: 3, from: 2, to: 5, units: [1, 3] });
    run.run(6);
    expect([...all.data().times]).toEqual(Array.from({ length: 12 }, (_, k) => (k + 1) / 2));
    expect([...some.data().times]).toEqual([2.5, 4]);
    expect([...some.data().values]).toEqual([2, 2, 3.5, 3.5]);
  });

  it("hands out the record of one instance", () => {
    const run = simulate(one("x = g * t", { g: 1 }, 2), {
      backend,
      instances: 3,
      parameters: { "p.g": [1, 2, 3] },
    });
    const record = run.monitor("p.x");
    run.run(3);
    expect([...takeInstance(record.data(), 1)]).toEqual([0, 0, 2, 2, 4, 4]);
    expect(() => takeInstance(record.data(), 3)).toThrow("instance 3 is not one of 0 … 2");
  });

  it("gives the same state by step() and by run(), and after a reset", () => {
    const net = one("x = 0.9 * x + Normal(0, 1) : init=Uniform(0, 1)", {}, 3);
    const whole = simulate(net, { backend, seed: 2 });
    whole.run(10);
    const stepwise = simulate(net, { backend, seed: 2 });
    for (let k = 0; k < 10; k++) stepwise.step();
    expect(stepwise.get("p.x")).toEqual(whole.get("p.x"));
    const before = whole.get("p.x");
    whole.reset();
    whole.run(10);
    expect(whole.get("p.x")).toEqual(before);
  });

  it("takes new parameters between runs, hoisted values included", () => {
    const run = simulate(one("tau * dx/dt + x = 0 : init=1, exponential", { tau: 10 }), { backend });
    run.run(1);
    run.set("p.tau", 2);
    run.run(1);
    expect(run.get("p.x")[0]).toBeCloseTo(Math.exp(-0.1) * Math.exp(-0.5), 14);
  });

  it("scales a weighted sum by a gain for each instance", () => {
    const net = network({
      populations: [population("p", { size: 2, neuron: neuron({ equations: "r = sum(rec) + 1" }) })],
      projections: [projection("p", "p", { target: "rec", weights: dense(2, 2, [0, 1, 1, 0]) })],
    });
    const run = simulate(net, { backend, instances: 2, gains: { "p.rec": [0.5, 2] } });
    run.run(3);
    expect([...run.get("p.r")]).toEqual([1.75, 7, 1.75, 7]);
  });
});

describe("simulate", () => {
  it("gives the same bits for dense and sparse weights, one instance and many", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (size, instances) => {
        const rng = createRng(size * 100 + instances);
        const w = dense(
          size,
          size,
          Float64Array.from({ length: size * size }, () => (rng.uniform() < 0.6 ? 0 : rng.normal())),
        );
        const linear = neuron({
          parameters: { g: 1 },
          equations: "r = pos(g * sum(exc) + Normal(0, 1)) / (1 + abs(sum(exc)))",
        });
        const states = (weights: typeof w | ReturnType<typeof toSparse>, gains: number[]) => {
          const net = network({
            populations: [population("p", { size, neuron: linear })],
            projections: [projection("p", "p", { weights })],
          });
          const run = simulate(net, {
            instances: gains.length,
            seed: gains.map(() => 3),
            parameters: { "p.g": gains },
          });
          run.run(20);
          return run.get("p.r");
        };
        const gains = Array.from({ length: instances }, () => rng.uniform());
        const together = states(w, gains);
        expect(states(toSparse(w), gains)).toEqual(together);
        gains.forEach((g, b) => {
          expect(states(w, [g])).toEqual(together.filter((_, k) => k % instances === b));
        });
      }),
      { seed: 5, numRuns: 25 },
    );
  });

  it("warns when Euler's step is long for a time constant, and names the mend", () => {
    const heard: string[] = [];
    const restore = onWarning((code, message) => heard.push(`${code}: ${message}`));
    simulate(one("tau * dx/dt + x = 0", { tau: 1.5 }));
    simulate(one("tau * dx/dt + x = 0", { tau: 0.4 }));
    simulate(one("tau * dx/dt + x = 0", { tau: 3 }));
    simulate(one("tau * dx/dt + x = 0 : exponential", { tau: 0.4 }));
    // The flag says that the map is meant; what grows without end is still told.
    simulate(one("tau * dy/dt + y = 0 : explicit", { tau: 1 }));
    simulate(one("tau * dy/dt + y = 0 : explicit", { tau: 0.4 }));
    restore();
    expect(heard).toEqual([
      "euler-step: p.x: dt/tau = 0.667 makes explicit Euler inaccurate; lower dt, or put a flag on its line: exponential (or another method), or explicit where the step is meant as it is",
      "euler-step: p.x: dt/tau = 2.5 makes explicit Euler unstable; lower dt, or put the flag exponential (or another method) on its line",
      "euler-step: p.y: dt/tau = 2.5 makes explicit Euler unstable; lower dt, or put the flag exponential (or another method) on its line",
    ]);
  });

  it.each([
    [() => simulate(one("x = 1"), { dt: 0 }), "bad-option", "dt must be above 0 ms, got 0"],
    [() => simulate(one("x = 1"), { instances: 1.5 }), "bad-option", "instances must be a whole number"],
    [() => simulate(one("x = 1"), { method: "rk5" as "rk4" }), "bad-option", 'Did you mean "rk4"?'],
    [() => simulate(one("x = 1"), { instances: 2, seed: [1] }), "bad-option", "1 seeds for 2 instances"],
    [
      () => simulate(one("x = a", { a: 1 }), { instances: 2, parameters: { "p.a": [1, 2, 3] } }),
      "shape",
      "3 values for 2 instances of 1 units",
    ],
    [() => simulate(one("x = 1"), { gains: { "p.exc": 1 } }), "unknown-target", "never read sum(exc)"],
    [
      () =>
        simulate(
          network({
            populations: [
              population("p", {
                size: 2,
                neuron: neuron({ equations: "m = a : population", parameters: { a: 1 } }),
                parameters: { a: [1, 2] },
              }),
            ],
          }),
        ),
      "wrong-locality",
      'a population variable reads "a", which has one value per unit here',
    ],
    [() => simulate(one("x = 1")).run(-1), "bad-duration", "duration must be ≥ 0 ms, got -1"],
    [() => simulate(one("x = 1")).run(1, { inputs: { u: [1] } }), "unknown-input", 'there is no input "u"'],
    [() => simulate(one("xyz = 1")).get("p.xyy"), "unknown-variable", 'Did you mean "p.xyz"?'],
    [
      () => simulate(one("x = 1")).set("p.x", [1, 2]),
      "shape",
      "2 values do not fit; wanted one number or 1 values",
    ],
    [
      () => simulate(one("x = 1")).monitor("p.x", { every: 0 }),
      "bad-option",
      "every must be a whole number of steps ≥ 1, got 0",
    ],
    [() => simulate(one("x = 1")).monitor("p.x", { units: [1] }), "bad-unit", "unit 1 is outside 0 … 0"],
  ])("refuses a bad option %#", (call, code, text) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
  });
});
