/**
 * @file How one flipped unit spreads: twin runs from one state with the same noise, as Eser, Zheng and Triesch (2014),
 * "Nonlinear dynamics analysis of a self-organizing recurrent neural network: chaos waning", PLoS ONE 9.
 */

import {
  type HammingDivergence,
  hammingDivergence,
  type Raster,
  rasterFromDense,
} from "../../analysis/index.ts";
import { CajalError, type Rng } from "../../core/index.ts";
import { type Simulation, simulate } from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";
import { type Drive, inputWriter } from "./drive.ts";
import type { SelfOrganisationOptions } from "./self-organisation-options.ts";

/** Options of {@link perturbationGrowth}. */
export interface PerturbationGrowthOptions {
  network: Network;
  /** Of the noise; that of the image. */
  seed: number;
  /** State from which to start, `run.simulation.save()`; default the network's own start. */
  image?: Uint8Array;
  /** Options the image was made with. */
  simulation?: SelfOrganisationOptions["simulation"];
  /** Variable of 0 and 1 in which a unit is flipped, default `E.x`. */
  variable?: string;
  /** Twin runs that are averaged, default 20. */
  trials?: number;
  /** Steps after the flip, default 50. */
  steps?: number;
  /** Steps by which the starts of trials lie apart, default 50; the first trial starts after as many. */
  gap?: number;
  /** Whether learning rules act, default false: the dynamics alone are measured. */
  plastic?: boolean;
  /** Input, addressed by the steps of the simulation. */
  drive?: Drive;
  /** Draws the unit of each trial. */
  rng: Rng;
}

/**
 * Mean distance of twins over time. Row 0 is the flip itself, of distance 1, so `firstStep` is the logarithm of the mean
 * number of units that differ one step later: above 0 perturbations grow, below 0 they heal.
 *
 * @throws CajalError `bad-option`, `not-binary`, `bad-image`, `unknown-variable`.
 * @example
 * const before = perturbationGrowth({ network, seed: 1, rng });
 * const after = perturbationGrowth({ network, seed: 1, rng, image: run.simulation.save() });
 */
export function perturbationGrowth(options: PerturbationGrowthOptions): HammingDivergence {
  const { variable = "E.x", trials = 20, steps = 50, gap = 50, rng } = options;
  checkWhole({ trials, steps, gap });
  const simulation = simulate(options.network, { ...options.simulation, seed: options.seed });
  if (options.image) simulation.restore(options.image);
  simulation.freeze(...(options.plastic ? [] : simulation.rules));
  const advance = (count: number, onStep?: () => void) => run(simulation, { ...options, count, onStep });
  const twins = Array.from({ length: trials }, () => {
    advance(gap);
    const start = simulation.save();
    const unit = rng.integer(simulation.memoryOf(variable).units);
    const record = (): Raster => {
      const { values, units } = simulation.memoryOf(variable);
      const rows = new Uint8Array((steps + 1) * units);
      rows.set(values);
      let row = 0;
      advance(steps, () => rows.set(values, ++row * units));
      return rasterFromDense(rows, units);
    };
    const reference = record();
    simulation.restore(start);
    flip(simulation, variable, unit);
    const perturbed = record();
    simulation.restore(start);
    return { reference, perturbed };
  });
  return hammingDivergence(twins);
}

// Implementation

/** Steps whose input is asked for at once. */
const BLOCK = 4096;

function run(
  simulation: Simulation,
  { drive, count, onStep }: { drive?: Drive; count: number; onStep?: (() => void) | undefined },
): void {
  for (let done = 0; done < count; ) {
    const steps = Math.min(BLOCK, count - done);
    const first = Math.round(simulation.t / simulation.dt);
    const inputs = Object.entries(drive?.(first, steps) ?? {}).map(([name, values]) =>
      inputWriter(simulation, { name, values, steps }),
    );
    for (let k = 0; k < steps; k++) {
      for (const write of inputs) write(k);
      simulation.step();
      onStep?.();
    }
    done += steps;
  }
}

function flip(simulation: Simulation, variable: string, unit: number): void {
  const values = simulation.get(variable);
  if (values.some((v) => v !== 0 && v !== 1)) {
    throw new CajalError(`${variable} has values other than 0 and 1`, {
      code: "not-binary",
      where: "perturbationGrowth",
      hint: "Name a variable whose units are active or not, e.g. E.x.",
    });
  }
  values[unit] = 1 - values[unit];
  simulation.set(variable, values);
}

function checkWhole(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new CajalError(`${name} must be a whole number ≥ 1, got ${value}`, {
      code: "bad-option",
      where: "perturbationGrowth",
    });
  }
}
