/**
 * @file Holds weights of a network at their initial values: whole projections, recurrent synapses by the areas, kinds of
 * cells or nodes at their ends, and a share of the rest drawn at random.
 */

import { selectNodes } from "../../../connectome/index.ts";
import { CajalError, suggest } from "../../../core/index.ts";
import { type RateNetwork, type WiringOptions, withParameters } from "../../../learning/index.ts";
import { type FixedWeights, fixedWeights } from "../../spec/fixed-schema.ts";
import type { TrainedNetworkChoice } from "../../spec/trained-network-schema.ts";
import { withoutInput } from "../choose-nodes.ts";
import type { UnitAreas } from "./area-options.ts";
import type { Wiring } from "./build-wiring.ts";
import { denseValues, inStorageOf } from "./starting-weights.ts";

/** A network with what its weights are held by. */
export interface Holding {
  rate: RateNetwork;
  areas: UnitAreas;
  /** Undefined without a connectome. */
  wiring: Wiring | undefined;
  /** Makes the same network again, with other masks. */
  make: (options: WiringOptions) => RateNetwork;
  options: WiringOptions;
}

/** The network with what is fixed held. @throws CajalError `no-effect`, `unknown-area`, `no-connectome`, and those of `selectNodes`. */
export function withFixed(
  { fixed: choice, train }: Pick<TrainedNetworkChoice, "fixed" | "train">,
  holding: Holding,
): RateNetwork {
  const fixed = fixedWeights(choice);
  const both = fixed.parts.find((part) => (train as readonly string[] | undefined)?.includes(part));
  if (both !== undefined)
    refuse(`${both} is both trained and fixed`, "network.fixed", "Take it out of one of the two.");
  const isByName = fixed.pairs.length + fixed.synapses.length > 0;
  const held = isByName || fixed.share > 0 ? withFixedSynapses(fixed, holding) : holding.rate;
  return withoutTraining(held, fixed.parts);
}

// Implementation

function refuse(what: string, where: string, hint: string, code = "no-effect"): never {
  throw new CajalError(what, { code, where, hint });
}

/** The same network, some projections of which are not trained. */
function withoutTraining(rate: RateNetwork, parts: FixedWeights["parts"]): RateNetwork {
  if (parts.length === 0) return rate;
  const names = parts.map((part) => `weights:${part}`);
  const others = Object.entries(rate.constraints ?? {}).filter(([name]) => !names.includes(name));
  return {
    ...rate,
    trainable: rate.trainable.filter((name) => !names.includes(name)),
    constraints: Object.fromEntries(others),
  };
}

function withFixedSynapses(fixed: FixedWeights, holding: Holding): RateNetwork {
  const { rate, make, options } = holding;
  const stored = rate.network.projections.find(({ name }) => name === "rec")!.weights;
  const weights = denseValues(stored);
  const mask = denseValues({ ...stored, values: plasticSynapses(rate, fixed) });
  // Held already, by a file that training goes on from.
  const values = Float64Array.from(options.fixed?.rec ?? mask.map(() => 0));
  for (let k = 0; k < mask.length; k++) if (values[k] !== 0) mask[k] = 1;
  for (const k of synapsesByName(fixed, mask, holding)) {
    values[k] = weights[k];
    // A weight of 0 that is never trained is no synapse.
    if (weights[k] === 0) mask[k] = 0;
  }
  const places: number[] = [];
  for (let k = 0; k < mask.length; k++)
    if (mask[k] !== 0 && weights[k] !== 0 && values[k] === 0) places.push(k);
  const rng = options.rng.stream("fixed");
  const count = Math.round(fixed.share * places.length);
  for (let k = 0; k < count; k++) {
    const other = k + rng.integer(places.length - k);
    [places[k], places[other]] = [places[other], places[k]];
    values[places[k]] = weights[places[k]];
  }
  const held = make({
    ...options,
    density: 1,
    masks: { ...options.masks, rec: mask },
    fixed: { ...options.fixed, rec: values },
    // Any weights that need no spectrum: those of the network before take their place.
    initial: { ...options.initial, rec: { distribution: { kind: "constant", value: 1 } } },
  });
  const rec = held.network.projections.find(({ name }) => name === "rec")!.weights;
  return {
    ...held,
    network: withParameters(held.network, { "weights:rec": inStorageOf(rec, weights) }),
  };
}

/** Shape as stored: 1 where a recurrent synapse is trained. */
function plasticSynapses({ constraints = {} }: RateNetwork, { parts }: FixedWeights): Float64Array {
  const rec = constraints["weights:rec"];
  if (rec && !parts.includes("rec")) return Float64Array.from(rec.plastic);
  return refuse(
    "the recurrent weights are not trained: all of them are fixed",
    "network.fixed",
    "Leave it out, or put rec into network.train.",
  );
}

/** Places of synapses in shape `(post, pre)`, ascending. */
function synapsesByName({ pairs, synapses }: FixedWeights, mask: Float64Array, holding: Holding): number[] {
  const blocks = [
    ...pairs.map((pair) => ({ key: "pairs", words: `for "${pair}"`, ...endsOfPair(pair, holding) })),
    ...synapses.map((ends, k) => ({
      key: "synapses",
      words: `between the nodes of entry ${k}`,
      from: nodes(ends.from, holding),
      to: nodes(ends.to, holding),
    })),
  ];
  const units = holding.options.units;
  const held = new Set<number>();
  for (const { key, words, from, to } of blocks) {
    let found = 0;
    for (const post of to) {
      for (const pre of from) {
        const k = post * units + pre;
        if (mask[k] === 0) continue;
        found++;
        held.add(k);
      }
    }
    if (found > 0) continue;
    refuse(`there is no synapse ${words}, nothing can be fixed`, `network.fixed.${key}`, "Leave it out.");
  }
  if (held.size > 0 && held.size === mask.reduce((sum, m) => sum + m, 0)) {
    const hint = "Say fixed: [rec], or name fewer.";
    refuse("every recurrent synapse is fixed", "network.fixed", hint);
  }
  return [...held].sort((a, b) => a - b);
}

function endsOfPair(pair: string, holding: Holding): { from: number[]; to: number[] } {
  const at = pair.indexOf("->");
  if (at < 0)
    refuse(
      `"${pair}" is no pair`,
      "network.fixed.pairs",
      'Say from and to, e.g. "V1->V2" or "E->E".',
      "bad-option",
    );
  return { from: group(pair.slice(0, at), holding), to: group(pair.slice(at + 2), holding) };
}

/** Units of an area or of a kind of cells. */
function group(name: string, { areas, rate: { signs } }: Holding): number[] {
  const units = [...areas.index.keys()];
  const area = areas.names.indexOf(name);
  if (area >= 0) return units.filter((i) => areas.index[i] === area);
  if ((name === "E" || name === "I") && signs.some((sign) => sign !== 0))
    return units.filter((i) => signs[i] === (name === "E" ? 1 : -1));
  const where = "network.fixed.pairs";
  if (name === "E" || name === "I")
    return refuse(`no unit is known to be ${name}`, where, "Dale's law says which are: dale: 0.8.");
  const known = [...areas.names, ...(signs.some((sign) => sign !== 0) ? ["E", "I"] : [])];
  return refuse(`there is no area "${name}"`, where, suggest(name, known), "unknown-area");
}

/** Units by number, as the connectome has them. */
function nodes(choice: FixedWeights["synapses"][number]["from"], { wiring, options }: Holding): number[] {
  const where = "network.fixed.synapses";
  if (!wiring) {
    const hint = 'Name areas or kinds of cells, e.g. pairs: ["E->E"].';
    return refuse("there is no connectome whose nodes could be named", where, hint, "no-connectome");
  }
  const all = Int32Array.from({ length: options.units }, (_, i) => i);
  try {
    const selector = withoutInput(choice ?? "all", wiring.inputs ?? all);
    return [...selectNodes(wiring.empirical, selector, options.rng.stream("fixed-nodes"))];
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    const { what, code, hint } = error;
    throw new CajalError(what, { code, where, hint, cause: error });
  }
}
