import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type DenseMatrix, dense, denseFromRows, toSparse } from "../matrix.ts";
import { createRng, type Rng } from "../random/rng.ts";
import { dominantEigenvalue } from "./arnoldi.ts";
import { eigenvalues } from "./eigenvalues.ts";
import { spectralRadius } from "./spectral-radius.ts";

const shared = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));

/** Reference: every eigenvalue by the dense solver. */
function denseRadius(m: DenseMatrix): number {
  const { re, im } = eigenvalues(m);
  return re.reduce((most, v, k) => Math.max(most, Math.hypot(v, im[k])), 0);
}

function fill(n: number, f: (post: number, pre: number) => number): DenseMatrix {
  const m = dense(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) m.values[i * n + j] = f(i, j);
  return m;
}

const relative = (actual: number, wanted: number) => Math.abs(actual - wanted) / Math.abs(wanted);

/** Random matrices of the kinds people use as reservoirs. */
const kinds: Record<string, (rng: Rng) => (post: number, pre: number) => number> = {
  "Ginibre, whose eigenvalues crowd at the rim": (rng) => () => rng.normal(),
  "sparse with random signs": (rng) => () => (rng.uniform() < 0.15 ? rng.normal() : 0),
  "heavy-tailed, directed, non-negative": (rng) => () =>
    rng.uniform() < 0.15 ? Math.exp(2 * rng.normal()) : 0,
  "heavy-tailed, directed, signed": (rng) => () =>
    rng.uniform() < 0.15 ? Math.exp(2 * rng.normal()) * (rng.uniform() < 0.2 ? -1 : 1) : 0,
  "Dale's law, one in five inhibitory": (rng) => (_, pre) =>
    rng.uniform() < 0.2 ? rng.uniform() * (pre % 5 ? 1 : -4) : 0,
  "binary and sparse": (rng) => () => (rng.uniform() < 0.03 ? 1 : 0),
  "antisymmetric, all eigenvalues imaginary": () => (i, j) =>
    i === j ? 0 : Math.sin(Math.min(i, j) * 7 + Math.max(i, j) ** 2) * (i < j ? 1 : -1),
  "five-fold block cyclic, five eigenvalues of equal modulus": (rng) => (i, j) =>
    (i + 1) % 5 === j % 5 ? rng.uniform() : 0,
  "five-fold block cyclic, signed": (rng) => (i, j) => ((i + 1) % 5 === j % 5 ? rng.normal() : 0),
};

describe("spectralRadius", () => {
  for (const [name, kind] of Object.entries(kinds)) {
    it(`agrees with the dense solver to 1e-10: ${name}`, () => {
      const m = fill(300, kind(createRng(11)));
      expect(relative(spectralRadius(m), denseRadius(m))).toBeLessThan(1e-10);
    });
  }

  it("has the closed form of circulant matrices", () => {
    const n = 400;
    for (const weights of [
      [0.5, 1, 0.25, 0, 2],
      [0.5, -1, 0.25, 0, 2],
    ]) {
      const m = fill(n, (i, j) => weights[(j - i + n) % n] ?? 0);
      let wanted = 0;
      for (let k = 0; k < n; k++) {
        let re = 0;
        let im = 0;
        weights.forEach((w, d) => {
          re += w * Math.cos((2 * Math.PI * k * d) / n);
          im += w * Math.sin((2 * Math.PI * k * d) / n);
        });
        wanted = Math.max(wanted, Math.hypot(re, im));
      }
      expect(relative(spectralRadius(m), wanted)).toBeLessThan(1e-12);
    }
  });

  it("is the root of the product for a weighted cycle, where every eigenvalue has the same modulus", () => {
    const n = 120;
    const m = fill(n, (i, j) => ((i + 1) % n === j ? (i % 2 ? -3 : 1.5) * (1 + i / n) : 0));
    let logarithm = 0;
    for (const v of m.values) if (v !== 0) logarithm += Math.log(Math.abs(v));
    // The weights grow along the cycle, which makes its eigenvalues ill-conditioned.
    expect(relative(spectralRadius(m), Math.exp(logarithm / n))).toBeLessThan(1e-11);
  });

  it("is vᵀu for the outer product u vᵀ", () => {
    const rng = createRng(2);
    const u = Array.from({ length: 200 }, () => rng.normal());
    const v = Array.from({ length: 200 }, () => rng.normal());
    const wanted = Math.abs(u.reduce((s, x, i) => s + x * v[i], 0));
    expect(relative(spectralRadius(fill(200, (i, j) => u[i] * v[j])), wanted)).toBeLessThan(1e-11);
  });

  it("is exactly 0 for an acyclic graph, whatever its numbering and size", () => {
    const rng = createRng(3);
    const order = Array.from({ length: 300 }, () => rng.uniform());
    const m = fill(300, (i, j) => (order[i] < order[j] ? rng.normal() : 0));
    expect(spectralRadius(m)).toBe(0);
    expect(spectralRadius(dense(0, 0))).toBe(0);
  });

  it("is the largest |w| of the diagonal for an acyclic graph with self-loops, Jordan blocks included", () => {
    const m = fill(50, (i, j) => (i === j ? (i === 7 ? -0.9 : 0.9) : i < j ? 1 : 0));
    expect(spectralRadius(m)).toBe(0.9);
  });

  it("takes the largest of the strongly connected components", () => {
    const rng = createRng(4);
    const big = fill(150, () => rng.uniform());
    const m = fill(300, (i, j) =>
      i < 150 && j < 150
        ? big.values[i * 150 + j]
        : i >= 150 && j >= 150
          ? 0.1 * rng.normal()
          : i < j
            ? 50
            : 0,
    );
    expect(relative(spectralRadius(m), denseRadius(big))).toBeLessThan(1e-12);
  });

  it("does not depend on a similarity that makes the matrix far from normal, nor on units", () => {
    const n = 150;
    const rng = createRng(5);
    const m = fill(n, () => (rng.uniform() < 0.1 ? rng.uniform() : 0));
    const wanted = spectralRadius(m);
    const skewed = fill(n, (i, j) => (m.values[i * n + j] * (1 + (i % 7))) / (1 + (j % 7)));
    expect(relative(spectralRadius(skewed), wanted)).toBeLessThan(1e-12);
    for (const size of [1e-200, 1e200]) {
      const scaled = spectralRadius(fill(n, (i, j) => m.values[i * n + j] * size));
      expect(relative(scaled / size, wanted)).toBeLessThan(1e-12);
    }
  });

  it("gives the same bits for a dense and a sparse matrix", () => {
    const m = fill(120, kinds["sparse with random signs"](createRng(6)));
    expect(spectralRadius(toSparse(m))).toBe(spectralRadius(m));
  });

  it("uses Arnoldi where it may and the dense solver where that fails", () => {
    const m = fill(40, kinds["heavy-tailed, directed, signed"](createRng(7)));
    expect(relative(spectralRadius(m, { denseLimit: 0 }), spectralRadius(m))).toBeLessThan(1e-13);
    // No residual can be below 0: every effort fails.
    const rim = fill(110, (i, j) => ((i + 1) % 110 === j ? 1 + (i % 4) : 0));
    expect(relative(spectralRadius(rim, { tolerance: 0 }), denseRadius(rim))).toBeLessThan(1e-12);
  });

  it("names itself in errors", () => {
    expect(() => spectralRadius(dense(1, 2))).toThrow("spectralRadius: matrix is 1 × 2");
    expect(() => spectralRadius(toSparse(dense(2, 2, [0, 1, 0, Infinity])))).toThrow(
      "spectralRadius: entry (1, 1) is Infinity.",
    );
  });

  it.skipIf(!existsSync(shared))("is the true radius where conn2res takes a symmetric solver's", () => {
    const { conn } = JSON.parse(readFileSync(`${shared}golden/conn2res_ref.json`, "utf8"));
    // conn2res scales by min–max; the smallest entry is 0 here.
    const directed = denseFromRows(conn.dir_in);
    const largest = Math.max(...directed.values);
    const scaled = dense(
      directed.rows,
      directed.columns,
      directed.values.map((v) => v / largest),
    );
    for (const denseLimit of [0, 100])
      expect(
        relative(spectralRadius(scaled, { denseLimit }), conn.dir_true_spectral_radius_scaled),
      ).toBeLessThan(1e-9);
    const symmetric = denseFromRows(conn.sym_scaled);
    expect(relative(spectralRadius(symmetric), conn.sym_spectral_radius_before_normalize)).toBeLessThan(1e-9);
  });

  it.skipIf(!existsSync(shared))("agrees with the dense solver on six connectomes", () => {
    const files = readdirSync(`${shared}connectomes`).filter((f) => f.startsWith("C_"));
    expect(files.length).toBe(6);
    for (const file of files) {
      const bytes = readFileSync(`${shared}connectomes/${file}`);
      const at = 10 + bytes.readUInt16LE(8);
      const values = Array.from({ length: (bytes.length - at) / 8 }, (_, k) =>
        bytes.readDoubleLE(at + 8 * k),
      );
      const n = Math.sqrt(values.length);
      const m = dense(n, n, values);
      expect(relative(spectralRadius(m, { denseLimit: 0 }), denseRadius(m)), file).toBeLessThan(1e-13);
    }
  });
});

describe("dominantEigenvalue", () => {
  it("finds a complex pair of largest modulus, and the rightmost eigenvalue, with its vector", () => {
    // Rotation by 90° with modulus 3, and real eigenvalues 0 … 2.
    const n = 60;
    const m = toSparse(
      fill(n, (i, j) => {
        if (i < 2 && j < 2) return i === j ? 0 : i ? 3 : -3;
        return i === j ? (2 * (i - 2)) / (n - 3) : 0;
      }),
    );
    const common = { tolerance: 1e-14, basis: 48, maxRestarts: 50 };
    const pair = dominantEigenvalue(m, { which: "modulus", ...common });
    expect(pair?.re).toBeCloseTo(0, 12);
    expect(Math.abs(pair?.im as number)).toBeCloseTo(3, 12);
    expect(pair?.vector).toBeUndefined();
    const right = dominantEigenvalue(m, { which: "real", ...common });
    expect(right?.re).toBeCloseTo(2, 12);
    expect(Math.abs(right?.vector?.[n - 1] as number)).toBeCloseTo(1, 10);
  });

  it("gives up when told to", () => {
    const rng = createRng(8);
    const m = toSparse(fill(300, () => rng.normal()));
    expect(
      dominantEigenvalue(m, { which: "modulus", tolerance: 1e-14, basis: 20, maxRestarts: 1 }),
    ).toBeUndefined();
  });
});
