import { describe, expect, it } from "vitest";
import { dense, denseFromRows } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";
import { golden, hasGolden, worst } from "./golden.ts";

interface AnnarchyFile {
  esn: {
    N: number;
    tau: number;
    g: number;
    steps: number;
    W: number[][];
    Win: number[];
    explicit: { x: number[][]; r: number[][] };
    exponential: { x: number[][]; r: number[][] };
    other_methods_x_at_rows: number[];
    midpoint_x?: number[][];
    rk4_x?: number[][];
    implicit_x?: number[][];
    explicit_sum_exc_at_rows: number[][];
    explicit_sum_in_at_rows: number[][];
  };
  delay_probe: { series: Record<string, number[]> };
  global_op_probe: { series: { x: number[][]; m: number[][]; r: number[][] } };
}

/** ANNarchy's values are rounded to 13 digits; its file states 1e-9 (1 + |b|). */
const TOLERANCE = 1e-9;

describe.skipIf(!hasGolden)("golden numbers of ANNarchy 5.0.3", () => {
  const file = hasGolden ? golden<AnnarchyFile>("annarchy_ref.json") : (undefined as never);
  const backends = ["wasm", "interpret"] as const;

  function echoState(method: string, backend: (typeof backends)[number], instances = 1) {
    const { N, W, Win, tau, g, steps } = file.esn;
    const esn = neuron({
      parameters: { tau, g, noise: 0 },
      equations: `
        tau * dx/dt + x = sum(in) + g * sum(exc) + noise * Uniform(-1, 1) : ${method}
        r = tanh(x)`,
    });
    const net = network({
      populations: [population("pop", { size: N, neuron: esn })],
      inputs: [input("in", 1)],
      projections: [
        projection("in", "pop", { target: "in", weights: dense(N, 1, Win) }),
        projection("pop", "pop", { target: "exc", weights: denseFromRows(W) }),
      ],
    });
    const run = simulate(net, { dt: 1, backend, instances });
    const records = {
      x: run.monitor("pop.x"),
      r: run.monitor("pop.r"),
      exc: run.monitor("pop.sum(exc)"),
      in: run.monitor("pop.sum(in)"),
    };
    const drive = Float64Array.from({ length: steps }, (_, k) => (k >= 10 && k < 40 ? 1 : 0));
    run.run(steps, { inputs: { in: drive } });
    const first = (name: keyof typeof records) => {
      const { values } = records[name].data();
      return values.filter((_, k) => k % instances === 0);
    };
    return { x: first("x"), r: first("r"), exc: first("exc"), in: first("in") };
  }

  const rows = (values: Float64Array, at: number[], width: number) =>
    at.flatMap((k) => [...values.slice(k * width, (k + 1) * width)]);

  for (const backend of backends) {
    for (const method of ["explicit", "exponential"] as const) {
      it.each([1, 3])(`echo-state network, ${method}, ${backend}, %i instances`, (instances) => {
        const { x, r } = echoState(method, backend, instances);
        expect(worst(x, file.esn[method].x.flat(), TOLERANCE)).toBeLessThanOrEqual(1);
        expect(worst(r, file.esn[method].r.flat(), TOLERANCE)).toBeLessThanOrEqual(1);
      });
    }
    for (const method of ["midpoint", "rk4", "implicit"] as const) {
      const expected = file?.esn[`${method}_x`];
      it.skipIf(expected === undefined)(`echo-state network, ${method}, ${backend}`, () => {
        const { x } = echoState(method, backend);
        const got = rows(x, file.esn.other_methods_x_at_rows, file.esn.N);
        expect(worst(got, expected!.flat(), TOLERANCE)).toBeLessThanOrEqual(1);
      });
    }

    it(`weighted sums as taken before the update, ${backend}`, () => {
      const result = echoState("explicit", backend);
      const at = file.esn.other_methods_x_at_rows;
      expect(
        worst(rows(result.exc, at, file.esn.N), file.esn.explicit_sum_exc_at_rows.flat(), TOLERANCE),
      ).toBeLessThanOrEqual(1);
      expect(
        worst(rows(result.in, at, file.esn.N), file.esn.explicit_sum_in_at_rows.flat(), TOLERANCE),
      ).toBeLessThanOrEqual(1);
    });

    it.each(["None", "1.0", "2.0", "3.0"])(`uniform delay %s, ${backend}`, (delay) => {
      const net = network({
        populations: [
          population("pre", { size: 1, neuron: neuron({ equations: "r = t" }) }),
          population("post", { size: 1, neuron: neuron({ equations: "r = sum(exc)" }) }),
        ],
        projections: [
          projection("pre", "post", {
            weights: dense(1, 1, [1]),
            delay: delay === "None" ? 0 : Number(delay),
          }),
        ],
      });
      const run = simulate(net, { backend });
      const clock = run.monitor("pre.r");
      const post = run.monitor("post.r");
      run.run(20);
      expect([...clock.data().values]).toEqual(file.delay_probe.series.clock);
      expect([...post.data().values]).toEqual(file.delay_probe.series[delay]);
    });

    it(`population reductions see the previous step, ${backend}`, () => {
      const probe = neuron({ equations: "x = x + 1\nm = mean(x)\nr = max(x)" });
      const run = simulate(network({ populations: [population("p", { size: 2, neuron: probe })] }), {
        backend,
      });
      const records = { x: run.monitor("p.x"), m: run.monitor("p.m"), r: run.monitor("p.r") };
      run.run(6);
      for (const name of ["x", "m", "r"] as const) {
        expect([...records[name].data().values]).toEqual(file.global_op_probe.series[name].flat());
      }
    });
  }
});
