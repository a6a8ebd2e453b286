import { describe, expect, it } from "vitest";
import {
  activity,
  activityAutocorrelation,
  fanoFactor,
  firingRates,
  hammingDistances,
  interSpikeIntervals,
  pairCorrelations,
  rasterBit,
  rasterFromDense,
  smoothness,
  spikeCounts,
  spikeSourceEntropy,
  spikeTimes,
} from "../../src/analysis/index.ts";
import { golden, hasGolden } from "./golden.ts";

interface SornFile {
  config: { ne: number };
  sequences: Record<"all_deterministic" | "all_frozen", { x: string[] }>;
  statistics: {
    neuron: number;
    firing_rate_neuron_bin5: [steps: number, bin: number, meanPerBin: number];
    firing_rate_network: number[];
    scale_dependent_smoothness: number;
    scale_independent_smoothness: number;
    autocorr_t2: number[][];
    avg_corr_coeff_package: null;
    avg_corr_active_only: number;
    n_active: number;
    spike_times_neuron: number[];
    isi_neuron: number[];
    hamming_all_det_vs_all_frozen: number[];
    fanofactor_split4: [mean: number, variance: number, fano: number];
    spike_source_entropy_package: null;
    spike_source_entropy_corrected: number;
  };
}

describe.skipIf(!hasGolden)("golden numbers of sorn 0.7.3: statistics", () => {
  const file = hasGolden ? golden<SornFile>("sorn_ref.json") : ({} as SornFile);
  const { statistics: s, config, sequences } = file;
  const rasterOf = (rows: string[]) =>
    rasterFromDense(
      rows.flatMap((row) => Array.from(row, Number)),
      config.ne,
    );
  const raster = hasGolden ? rasterOf(sequences.all_deterministic.x) : rasterFromDense([0], 1);
  const series = activity(raster);

  it("firing rate of a unit and of the network", () => {
    const [steps, bin, meanPerBin] = s.firing_rate_neuron_bin5;
    expect(raster.steps).toBe(steps);
    expect(firingRates(raster)[s.neuron] * bin).toBe(meanPerBin);
    expect(Array.from(series)).toEqual(s.firing_rate_network);
  });

  it("smoothness of the activity", () => {
    const { scaleDependent, scaleIndependent } = smoothness(series);
    expect(scaleDependent).toBeCloseTo(s.scale_dependent_smoothness, 12);
    expect(scaleIndependent).toBeCloseTo(s.scale_independent_smoothness, 12);
  });

  it("autocorrelation at lag 2", () => {
    const { correlation } = activityAutocorrelation(series, 2);
    expect([correlation[0], correlation[2]]).toEqual([
      s.autocorr_t2[0][0],
      expect.closeTo(s.autocorr_t2[0][1], 12),
    ]);
  });

  it("pair correlations, where the package divides by 200² and meets silent units with NaN", () => {
    expect(s.avg_corr_coeff_package).toBeNull();
    const { included, silent, always, meanWithDiagonal } = pairCorrelations(raster);
    expect(included.length).toBe(s.n_active);
    expect(silent + always).toBe(config.ne - s.n_active);
    expect(meanWithDiagonal).toBeCloseTo(s.avg_corr_active_only, 12);
  });

  it("spike times and intervals of a unit", () => {
    expect(Array.from(spikeTimes(raster, s.neuron))).toEqual(s.spike_times_neuron);
    expect(Array.from(interSpikeIntervals(raster, s.neuron))).toEqual(s.isi_neuron);
  });

  it("Hamming distance to the frozen run", () => {
    const frozen = rasterOf(sequences.all_frozen.x);
    expect(Array.from(hammingDistances(raster, frozen))).toEqual(s.hamming_all_det_vs_all_frozen);
  });

  it("Fano factor of 4 windows of 5 steps, with the package's divisor n", () => {
    const train = Array.from({ length: raster.steps }, (_, t) => rasterBit(raster, t, s.neuron));
    const { mean, variance, fano } = fanoFactor(train, 5, { divisor: "population" });
    expect([mean, variance, fano]).toEqual(s.fanofactor_split4.map((v) => expect.closeTo(v, 14)));
  });

  it("spike source entropy, where the package meets silent units with NaN", () => {
    expect(s.spike_source_entropy_package).toBeNull();
    expect(spikeSourceEntropy(spikeCounts(raster)).entropy).toBeCloseTo(s.spike_source_entropy_corrected, 12);
  });
});
