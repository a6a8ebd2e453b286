/**
 * @file The self-organising networks that are measured, and how their steps are timed.
 */

import { createRng } from "../../src/core/index.ts";
import type { Simulation } from "../../src/engine/index.ts";
import {
  delpapa2017,
  type Network,
  type SornOptions,
  type SornParts,
  sorn073,
} from "../../src/model/index.ts";
import { consume, cpuSeconds } from "../measure.ts";

/** Name of the subject, of every row. */
export const SUBJECT = "self-organisation";

/** A published network with noise of its own. */
export function publishedNetwork(options: SornOptions): Network {
  return delpapa2017(options, createRng(1).stream("bench"));
}

/**
 * The network of `sorn` as its wheel runs it, target rate 0.1 at every size. Thresholds are not clipped there, though
 * the package's repository does so.
 */
export function packageNetwork(
  units: number,
  { incomingEE, change }: { incomingEE?: number; change?: Partial<SornParts> } = {},
): Network {
  const degree = incomingEE === undefined ? {} : { incomingEE };
  const options = { units, inputs: inputsOf(units), ...degree };
  return sorn073(
    { ...options, change: { thresholdBounds: undefined, ...change } },
    createRng(1).stream("bench"),
  );
}

/**
 * The same with synapses that are learnt all the time, but so slowly that their number stays what it is at the start:
 * for what the number of synapses costs, and the rate at equal synapses.
 */
export function heldNetwork(
  units: number,
  { incomingEE = 20, targetRate = 0.1 }: { incomingEE?: number; targetRate?: number } = {},
): Network {
  const rates = { stdp: 1e-12, ip: 0.01, istdp: 1e-12 };
  return packageNetwork(units, { incomingEE, change: { rates, targetRate, births: 1e-9 } });
}

/** Inputs, which the package derives its target rate from. */
export function inputsOf(units: number): number {
  return Math.max(1, Math.round(units / 20));
}

/** CPU and wall seconds of a stretch of steps, as `interleave` takes contenders, which collects the CPU times. */
export function timedSteps(simulation: Simulation, steps: number, walls: number[] = []): () => number {
  return () => {
    const start = performance.now();
    const cpu = cpuSeconds(() => void simulation.run(steps));
    walls.push((performance.now() - start) / 1e3);
    consume(simulation.get("E.x"));
    return cpu;
  };
}

/** Steps that take about so many seconds, tried with a few. */
export function stepsFor(seconds: number, simulation: Simulation): number {
  simulation.run(20);
  const trial = 50;
  const one = Math.max(1e-7, cpuSeconds(() => void simulation.run(trial)) / trial);
  return Math.max(10, Math.round(seconds / one));
}

/** Share of units active, over the steps of `work`. */
export function meanRate(simulation: Simulation, work: () => void): number {
  const spikes = simulation.recordSpikes("E.x");
  work();
  const activity = spikes.activity();
  const sum = activity.reduce((total, active) => total + active, 0);
  simulation.stopRecording();
  return sum / activity.length / simulation.memoryOf("E.x").units;
}

/** Synapses of a plastic projection. */
export function synapses(simulation: Simulation, projection = "E->E"): number {
  return simulation.weights(projection).values.length;
}
