/**
 * @file How the time of a step with all rules and noise grows: with the number of units, at 10 % density and at fixed
 * in-degree, with the in-degree, and with the rate. Every repetition runs the same steps, from a saved state.
 */

import { simulate } from "../../src/engine/index.ts";
import type { Network } from "../../src/model/index.ts";
import { interleave } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import {
  heldNetwork,
  meanRate,
  publishedNetwork,
  SUBJECT,
  stepsFor,
  synapses,
  timedSteps,
} from "./networks.ts";

/** One network of a series. */
interface Case {
  /** What varies. */
  x: number;
  title: string;
  network: Network;
  /** Steps before it is timed. */
  settle: number;
}

/** Four series with their exponents. */
export async function showGrowth(report: Report, { quick }: BenchOptions): Promise<void> {
  const sizes = quick ? [50, 100, 200, 400] : [50, 100, 200, 400, 800, 1600, 3200];
  const settle = (units: number) => (quick || units > 800 ? 1000 : 5000);
  const series = [
    {
      name: "N, delpapa2017, 10 % of pairs connected at the start",
      from: 200,
      cases: sizes.map((units) => sized(units, publishedNetwork({ units }), settle(units))),
    },
    {
      name: "N, network of sorn, in-degree held",
      from: 200,
      cases: sizes.map((units) => sized(units, heldNetwork(units), settle(units))),
    },
    {
      name: "in-degree, network of sorn, N = 400, held",
      from: 0,
      cases: [10, 20, 40, 80].map((incomingEE) => ({
        x: incomingEE,
        title: `${incomingEE}`,
        network: heldNetwork(400, { incomingEE }),
        settle: 5000,
      })),
    },
    {
      name: "rate, network of sorn, N = 400, in-degree held",
      from: 0,
      cases: [0.02, 0.05, 0.1, 0.2].map((targetRate) => ({
        x: targetRate,
        title: `target ${targetRate}`,
        network: heldNetwork(400, { targetRate }),
        settle: 5000,
      })),
    },
  ];
  for (const one of series) await grow(report, one, quick ? 3 : 7);
}

// Implementation

function sized(units: number, network: Network, settle: number): Case {
  return { x: units, title: `${units}`, network, settle };
}

async function grow(
  report: Report,
  { name, cases, from }: { name: string; cases: Case[]; from: number },
  repeats: number,
): Promise<void> {
  const runs = cases.map(({ network, settle, title }) => {
    const simulation = simulate(network, { seed: 1 });
    simulation.run(settle);
    const image = simulation.save();
    const steps = stepsFor(0.2, simulation);
    simulation.restore(image);
    const rate = meanRate(simulation, () => void simulation.run(Math.min(steps, 2000)));
    const units = simulation.memoryOf("E.x").units;
    const detail = `rate ${formatNumber(rate)}, ${formatNumber(synapses(simulation) / units)} E→E synapses a unit`;
    const time = timedSteps(simulation, steps);
    const run = () => {
      simulation.restore(image);
      // What restoring has pushed out of the caches comes back.
      simulation.run(10);
      return time();
    };
    return { title: `growth in ${name}: ${title} (${detail})`, steps, run };
  });
  const timings = await interleave(
    runs.map((r) => r.run),
    repeats,
  );
  const best = timings.map(({ min }, k) => (min / runs[k].steps) * 1e6);
  runs.forEach(({ title, steps }, k) => {
    const median = (timings[k].median / steps) * 1e6;
    report.row({ subject: SUBJECT, case: title, value: best[k], median, unit: "µs/step", runs: repeats });
  });
  const used = cases.map((c, k) => ({ x: c.x, y: best[k] })).filter(({ x }) => x >= from);
  const last = used.slice(-2);
  report.note(
    `growth in ${name}: exponent ${exponent(used).toFixed(2)} from ${used[0].x} to ${used.at(-1)!.x}, ${exponent(last).toFixed(2)} between the last two`,
  );
}

/** Slope of ln y over ln x by least squares. */
function exponent(points: readonly { x: number; y: number }[]): number {
  const x = points.map((p) => Math.log(p.x));
  const y = points.map((p) => Math.log(p.y));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const products = x.reduce((sum, value, k) => sum + (value - mx) * (y[k] - my), 0);
  return products / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}
