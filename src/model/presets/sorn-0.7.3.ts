/**
 * @file The network of the Python package `sorn` 0.7.3 (Saranraj Nambusubramaniyan, JOSS 2021, 10.21105/joss.03545),
 * for comparing with its numbers. Its noise is 5.6 times smaller than the published models' and its inhibitory synapses
 * vanish for good: over millions of steps it ends in synchronous bursts. Use `delpapa2017` or `lazar2009` for science.
 */

import { CajalError, type Matrix, type Rng, sparseFromEntries } from "../../core/index.ts";
import type { Network } from "../network.ts";
import {
  checkSizes,
  denseIncomingWeights,
  incomingWeights,
  randomThresholds,
  scaledIncoming,
  wireIncoming,
  wireOutgoing,
} from "./draw.ts";
import { checkInput, type SornOptions, unitsOf } from "./options.ts";
import { sornNetwork } from "./sorn-network.ts";

/** Options of the package that its network depends on. */
export interface Sorn073Options extends SornOptions {
  /** Input features, `nu`, default 10: feature k is added to the drive of unit k; the target rate is 2 nu / ne. */
  inputs?: number;
  /** Mean incoming E→E and outgoing I→E synapses per unit, `lambda_ee` and `lambda_ei`. */
  incomingEE?: number;
  outgoingEI?: number;
  /** Whether the noise of standard deviation 0.04 is on, default true. */
  noise?: boolean;
}

/**
 * The package's network: degrees are normal with standard deviation 1 and cut to whole numbers, thresholds of E stay in
 * [0, 1], inhibition is slow, Θ(0) = 0, births one in ten steps, activity starts at 0. One thing is mended: a unit
 * without a synapse gets two from anywhere, not from the first fifth of the units.
 *
 * @throws CajalError `bad-size`, `bad-rate`, `shape`.
 */
export function sorn073(options: Sorn073Options, rng: Rng): Network {
  const units = unitsOf("sorn-0.7.3", options);
  const { inputs = 10, incomingEE = 20, outgoingEI = 40, noise = true, change = {} } = options;
  const inhibitory = Math.max(1, Math.floor(units / 5));
  checkSizes("sorn-0.7.3", { units });
  checkInput("sorn-0.7.3", options, units);
  if (!Number.isInteger(inputs) || inputs < 1 || inputs > units) {
    throw new CajalError(`${inputs} inputs do not fit ${units} units, each input has a unit of its own`, {
      code: "bad-size",
      where: "sorn-0.7.3",
      hint: `Give a whole number from 1 to ${units}.`,
    });
  }
  const targetRate = (2 * inputs) / units;
  const degree = (mean: number, stream: Rng) => () => Math.trunc(mean + stream.normal());
  const EE = wireIncoming({ rows: units, columns: units }, degree(incomingEE, rng.stream("EE degree")), {
    recurrent: true,
    rng: rng.stream("EE"),
  });
  const EI = wireOutgoing(
    { rows: units, columns: inhibitory },
    degree(outgoingEI, rng.stream("EI degree")),
    rng.stream("EI"),
  );
  return sornNetwork({
    weights: {
      EE: options.excitatoryWeights
        ? scaledIncoming(options.excitatoryWeights, rng.stream("EE weights"))
        : incomingWeights(EE, { recurrent: true, rng: rng.stream("EE weights") }),
      EI: incomingWeights(EI, { recurrent: false, rng: rng.stream("EI weights") }),
      IE: denseIncomingWeights(inhibitory, units, rng.stream("IE weights")),
    },
    inputWeights: options.inputWeights ?? oneToOne(units, inputs),
    thresholds: {
      E: randomThresholds(units, 1, rng.stream("T_E")),
      I: randomThresholds(inhibitory, 0.5, rng.stream("T_I")),
    },
    comparison: ">",
    noise: noise ? 0.04 : 0,
    inhibition: "slow",
    rates: { stdp: 0.004, ip: 0.01, istdp: 0.001 },
    targetRate,
    inhibitoryTarget: 0.1,
    thresholdBounds: [0, 1],
    prune: 0,
    inhibitorySynapses: { prune: 0 },
    births: 0.1,
    ...change,
  });
}

// Implementation

/** Input k onto unit k. */
function oneToOne(units: number, inputs: number): Matrix {
  const post = Array.from({ length: inputs }, (_, k) => k);
  return sparseFromEntries({ rows: units, columns: inputs }, { post, pre: post, values: post.map(() => 1) });
}
