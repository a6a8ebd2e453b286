import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { denseFromRows, spectralRadius } from "../../core/index.ts";
import { type Connectome, createConnectome } from "../connectome.ts";
import { summarize } from "../summary.ts";
import { largestComponent } from "./largest-component.ts";
import { normalizeSpectralRadius } from "./normalize-spectral-radius.ts";
import { scaleWeights } from "./scale-weights.ts";
import { rows } from "./small-graphs.fixture.ts";
import { thresholdDensity } from "./threshold-density.ts";

const golden = new URL("../../../../shared/data/golden/conn2res_ref.json", import.meta.url);

describe.skipIf(!existsSync(golden))("conn2res", () => {
  const conn = existsSync(golden) ? JSON.parse(readFileSync(golden, "utf8")).conn : {};
  const load = (m: number[][]) => createConnectome({ name: "golden", weights: denseFromRows(m) });
  const near = (c: Connectome, expected: number[][]) => {
    const found = rows(c).flat();
    expected.flat().forEach((value, k) => {
      expect(Math.abs(found[k] - value)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value)));
    });
    expect(found).toHaveLength(expected.length ** 2);
  };
  const mask = (kept: number[]) => kept.flatMap((k, i) => (k ? [String(i)] : []));

  it("keeps the same component, counts and density", () => {
    const c = largestComponent(load(conn.sym_in));
    const { nodes, edges, density } = summarize(c);
    expect(c.labels).toEqual(mask(conn.sym_idx_node_after_largest_component));
    expect([nodes, edges]).toEqual([conn.sym_n_nodes, conn.sym_n_edges]);
    expect(density).toBeCloseTo(conn.sym_density, 11);
    expect(largestComponent(load(conn.dir_in)).labels).toEqual(mask(conn.dir_idx_node));
  });

  it("scales and normalises symmetric matrices the same", () => {
    const scaled = scaleWeights(largestComponent(load(conn.sym_in)));
    near(scaled, conn.sym_scaled);
    expect(spectralRadius(scaled.weights)).toBeCloseTo(conn.sym_spectral_radius_before_normalize, 10);
    near(normalizeSpectralRadius(scaled), conn.sym_scaled_normalized);
  });

  it("divides directed matrices by their true spectral radius, where conn2res does not", () => {
    const scaled = scaleWeights(load(conn.dir_in));
    expect(spectralRadius(scaled.weights)).toBeCloseTo(conn.dir_true_spectral_radius_scaled, 11);
    const normalized = normalizeSpectralRadius(scaled);
    expect(spectralRadius(normalized.weights)).toBeCloseTo(1, 12);
    const factor = conn.dir_conn2res_divisor_eigh_lower_triangle / conn.dir_true_spectral_radius_scaled;
    near(
      normalized,
      conn.dir_normalized_by_conn2res.map((row: number[]) => row.map((w) => w * factor)),
    );
  });

  it("thresholds to a density the same", () => {
    const c = largestComponent(thresholdDensity(load(conn.sym_in), 0.25));
    expect(c.labels).toEqual(mask(conn["sym_density_0.25_idx_node"]));
    near(c, conn["sym_density_0.25"]);
  });
});
