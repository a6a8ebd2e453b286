import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, toDense } from "../../core/index.ts";
import { coupledNetwork } from "./gradient.fixture.ts";
import { differentiate } from "./gradient.ts";

const EQUATIONS = "x = tanh(sum(exc) + sum(in))\ny = x\nr = x\nm = mean(x) : population";

describe("products with weights", () => {
  it("are the sums they stand for, whatever the batch, and leave the gradients as they are", () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom("wasm" as const, "interpret" as const),
        fc.constantFrom(1, 3, 4),
        fc.integer({ min: 1, max: 19 }),
        (sparse, backend, B, T) => {
          const net = coupledNetwork({ equations: EQUATIONS, sparse });
          const trainable = ["weights:rec", "weights:p->q"];
          const gradient = differentiate(net, {
            steps: T,
            instances: B,
            precision: "f64",
            trainable,
            backend,
          });
          const rng = createRng(T);
          const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.5);
          gradient.forward({ inputs: { u: draw(T * 2) } });
          const adjoints = { "p.r": draw(T * 5 * B), "q.x": draw(T * 4 * B) };
          const before = gradient.backward(adjoints).gradients;
          for (const [name, rows] of [
            ["weights:rec", 5],
            ["weights:p->q", 4],
          ] as const) {
            const matrix = net.projections.find((p) => `weights:${p.name}` === name)!.weights;
            const w = toDense(matrix).values;
            const [y, x] = [draw(T * rows * B), draw(T * 5 * B)];
            const back = gradient.products.back(name, y);
            const outer = new Float64Array(rows * 5);
            const pulled = new Float64Array(T * 5 * B);
            for (let t = 0; t < T; t++)
              for (let i = 0; i < rows; i++)
                for (let j = 0; j < 5; j++)
                  for (let b = 0; b < B; b++) {
                    pulled[(t * 5 + j) * B + b] += w[i * 5 + j] * y[(t * rows + i) * B + b];
                    outer[i * 5 + j] += y[(t * rows + i) * B + b] * x[(t * 5 + j) * B + b];
                  }
            expect(Math.max(...back.map((v, k) => Math.abs(v - pulled[k])))).toBeLessThan(1e-12);
            const got = gradient.products.outer(name, y, x);
            const places = Array.from(w, (_, k) => k).filter((k) => matrix.kind === "dense" || w[k] !== 0);
            expect(got.length).toBe(places.length);
            expect(Math.max(0, ...places.map((k, n) => Math.abs(got[n] - outer[k])))).toBeLessThan(1e-12);
          }
          expect(gradient.backward(adjoints).gradients).toEqual(before);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("are only of trained weights, and of arrays that fit", () => {
    const net = coupledNetwork({ equations: EQUATIONS });
    const gradient = differentiate(net, { steps: 3, trainable: ["weights:rec", "weights:u->p"] });
    gradient.forward({ inputs: { u: new Float64Array(6) } });
    const { products } = gradient;
    expect(() => products.back("weights:u->p", new Float64Array(15))).toThrow("no products with it");
    expect(() => products.back("weights:q->p", new Float64Array(15))).toThrow("no products with it");
    expect(() => products.back("p.a", new Float64Array(15))).toThrow("no products with it");
    expect(() => products.back("weights:rec", new Float64Array(14))).toThrow(
      "14 values, the last run makes 3 × 5",
    );
  });
});
