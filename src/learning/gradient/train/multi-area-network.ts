/**
 * @file Networks of areas: how areas are wired, given inputs and read out, as the options of any trainable network.
 */

import { CajalError, checkKeys, type KeysOf, type Rng } from "../../../core/index.ts";
import {
  type AreaLayout,
  type AreaOptions,
  createAreaLayout,
  layoutSigns,
} from "../constraints/area-layout.ts";
import {
  type AreaMaskOptions,
  areaMask,
  type ChannelGroup,
  inputMask,
  readoutMask,
} from "../constraints/area-mask.ts";
import { type RateNetwork, rateNetwork } from "./rate-network.ts";
import { RATE_KEYS, type RateNetworkOptions } from "./rate-network-options.ts";
import { WIRING_KEYS, type WiringOptions } from "./wiring-options.ts";

/** An area with what its units have in common. */
export interface AreaUnits extends AreaOptions {
  /** Time constant of its units [ms]; default that of {@link AreaWiringOptions}. */
  tau?: number;
}

/** How areas are wired; densities and pairs as in {@link areaMask}. */
export interface AreaWiringOptions extends Omit<AreaMaskOptions, "rng"> {
  areas: readonly AreaUnits[];
  /** Groups of inputs in order, each with its areas, or how many inputs reach all units. */
  inputs: number | readonly ChannelGroup[];
  /**
   * Groups of outputs in order, each with its areas, or how many outputs read all areas. Under Dale's law only
   * excitatory cells are read, unless a group names its cells.
   */
  outputs: number | readonly ChannelGroup[];
  /** Time constant of areas that have none [ms], default 100. */
  tau?: number;
  /** Draws the synapses. */
  rng: Rng;
}

/** Options of a network that follow from its areas, to be spread into those of `rateNetwork` and others. */
export interface AreaWiring
  extends Pick<WiringOptions, "inputs" | "units" | "outputs" | "dale" | "autapses"> {
  masks: Readonly<Record<"in" | "rec" | "out", Uint8Array>>;
  /** Shape `(unit)` [ms]. */
  tau: Float64Array;
  layout: AreaLayout;
}

/**
 * Masks, signs and time constants of areas.
 *
 * @throws CajalError as `createAreaLayout`, `areaMask`, `inputMask` and `readoutMask`; `bad-range` for a tau ≤ 0.
 * @example elmanNetwork({ ...areaWiring({ areas, inputs: 2, outputs: 1, between: 0.1, rng }), rng })
 */
export function areaWiring(options: AreaWiringOptions): AreaWiring {
  const { areas, inputs, outputs, tau = 100, rng, ...densities } = options;
  const layout = createAreaLayout(areas);
  const signed = layout.areas[0].excitatory !== undefined;
  const reads: readonly ChannelGroup[] = typeof outputs === "number" ? [{ channels: outputs }] : outputs;
  const groups = typeof inputs === "number" ? [{ channels: inputs }] : inputs;
  const count = (list: readonly ChannelGroup[]) => list.reduce((sum, g) => sum + g.channels, 0);
  const ofUnits = new Float64Array(layout.units);
  for (const [k, { start, units }] of layout.areas.entries()) {
    const own = areas[k].tau ?? tau;
    if (!(own > 0) || !Number.isFinite(own)) {
      const where = `area "${layout.areas[k].name}"`;
      throw new CajalError(`tau must be > 0, got ${own}`, { code: "bad-range", where });
    }
    ofUnits.fill(own, start, start + units);
  }
  return {
    inputs: count(groups),
    units: layout.units,
    outputs: count(reads),
    ...(signed && { dale: layoutSigns(layout) }),
    autapses: options.autapses ?? false,
    masks: {
      in: inputMask(layout, groups),
      rec: areaMask(layout, { ...densities, rng: rng.stream("areas") }),
      out: readoutMask(
        layout,
        reads.map((group) => (signed ? { cells: "E" as const, ...group } : group)),
      ),
    },
    tau: ofUnits,
    layout,
  };
}

/** Options of {@link multiAreaNetwork}. */
export type MultiAreaOptions = AreaWiringOptions &
  Omit<RateNetworkOptions, keyof WiringOptions | "tau"> &
  Pick<RateNetworkOptions, "enforce" | "initial" | "fixed" | "weights">;

/** A rate network with areas. */
export interface MultiAreaNetwork extends RateNetwork {
  layout: AreaLayout;
}

/**
 * A rate network of areas with their own sizes, excitatory shares, time constants, inputs and readouts.
 *
 * @throws CajalError as {@link areaWiring} and `rateNetwork`.
 * @example
 * multiAreaNetwork({
 *   areas: [{ name: "sensory", units: 75, excitatory: 0.8 }, { name: "motor", units: 75, excitatory: 0.8, tau: 200 }],
 *   inputs: [{ channels: 6, areas: ["sensory"] }],
 *   outputs: [{ channels: 2, areas: ["motor"] }],
 *   between: { forward: { E: 1 }, backward: { "E->E": 0.2 } },
 *   rng: createRng(1),
 * })
 */
export function multiAreaNetwork(options: MultiAreaOptions): MultiAreaNetwork {
  checkKeys(options, Object.keys({ ...AREA_KEYS, ...RATE_KEYS, ...WIRING_KEYS }), {
    where: "multiAreaNetwork",
  });
  const { areas, within, between, pairs, draw, ...rest } = options;
  const { layout, ...wiring } = areaWiring(options);
  return { ...rateNetwork({ ...rest, ...wiring }), layout };
}

// Implementation

const AREA_KEYS: KeysOf<AreaWiringOptions> = {
  areas: true,
  inputs: true,
  outputs: true,
  tau: true,
  rng: true,
  within: true,
  between: true,
  pairs: true,
  draw: true,
  autapses: true,
};
