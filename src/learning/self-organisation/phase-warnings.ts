/**
 * @file What may be wrong with a network at the end of a phase, with how to mend it: rates that exploded or died, units
 * that lost their last synapse, births that found no room.
 */

import { plural } from "../../core/index.ts";
import type { PhaseResult } from "./phase-result.ts";

/** Something doubtful. */
export interface PhaseWarning {
  code:
    | "diverged"
    | "rate-exploded"
    | "rate-zero"
    | "rate-off-target"
    | "target-out-of-range"
    | "units-emptied"
    | "births-refused";
  message: string;
  /** Whether what was recorded is hardly of use. */
  grave?: true;
}

/** Steps at the end of a phase whose rate is looked at. */
const WINDOW = 1000;

/** Above this share of active units, unless the target is near, activity is taken to have exploded. */
const EXPLODED = 0.5;

/** Share of the target by which a mean rate may miss it under intrinsic plasticity. */
const OFF_TARGET = 0.2;

/** Warnings of a phase, grave ones first. */
export function phaseWarnings(
  phase: PhaseResult,
  known: {
    /** The recorded variable, if its units are 0 or 1. */
    activityOf?: string;
    /** Aim of intrinsic plasticity, one number or shape `(unit)`. */
    targetRate?: Float64Array | undefined;
    /** For each projection, which units had incoming synapses when the run began. */
    connected: ReadonlyMap<string, readonly boolean[]>;
  },
): PhaseWarning[] {
  const found = [
    ...synapseWarnings(phase, known.connected),
    ...targetWarnings(known.targetRate, known.activityOf),
    ...rateWarnings(phase, known.targetRate, known.activityOf),
  ];
  return [...found.filter((w) => w.grave), ...found.filter((w) => !w.grave)];
}

// Implementation

function synapseWarnings(
  { synapses }: PhaseResult,
  connected: ReadonlyMap<string, readonly boolean[]>,
): PhaseWarning[] {
  return Object.entries(synapses).flatMap(([name, { weights, refused }]) => {
    const warnings: PhaseWarning[] = [];
    const had = connected.get(name);
    const empty: number[] = [];
    for (let i = 0; weights && i < weights.rows; i++) {
      if (had?.[i] && weights.rowStart[i] === weights.rowStart[i + 1]) empty.push(i);
    }
    if (empty.length > 0) {
      const which = `${empty.slice(0, 5).join(", ")}${empty.length > 5 ? ", …" : ""}`;
      const message = `${plural(empty.length, "unit")} lost the last incoming synapse of ${name} (${which}); lower the learning rate, normalise incoming weights, or let synapses be born.`;
      warnings.push({ code: "units-emptied", message, grave: true });
    }
    if (refused > 0) {
      const message = `${plural(refused, "birth")} of ${name} found no room; raise incomingCapacity of the projection.`;
      warnings.push({ code: "births-refused", message });
    }
    return warnings;
  });
}

function targetWarnings(targetRate: Float64Array | undefined, name = ""): PhaseWarning[] {
  const units = [...(targetRate ?? [])].flatMap((h, u) => (h > 0 && h < 1 ? [] : [u]));
  if (units.length === 0) return [];
  const unit = targetRate!.length > 1 ? ` of unit ${units[0]}` : "";
  const message = `the target rate${unit} of ${name} is ${targetRate![units[0]]}: its threshold moves without end; aim between 0 and 1.`;
  return [{ code: "target-out-of-range", message }];
}

function rateWarnings(
  { activity, rates, frozen }: PhaseResult,
  targetRate: Float64Array | undefined,
  name?: string,
): PhaseWarning[] {
  if (name === undefined || !activity || !rates || activity.length === 0) return [];
  const last = activity.subarray(Math.max(0, activity.length - WINDOW));
  const rate = last.reduce((sum, a) => sum + a, 0) / (last.length * rates.length);
  const shown = Number(rate.toPrecision(3));
  const over = `over the last ${plural(last.length, "step")}`;
  if (rate === 0) {
    const message = `${name} is silent ${over}; lower the thresholds, or switch noise, input or intrinsic plasticity on.`;
    return [{ code: "rate-zero", message, grave: true }];
  }
  const target = targetRate && targetRate.reduce((sum, h) => sum + h, 0) / targetRate.length;
  if (rate > Math.max(EXPLODED, 2 * (target ?? 0))) {
    const message = `${name} is active in ${shown} of all units and steps ${over}: the rate has exploded; switch intrinsic plasticity and normalisation on, or strengthen inhibition.`;
    return [{ code: "rate-exploded", message, grave: true }];
  }
  const adapts = !frozen.some((rule) => rule.endsWith(".ip"));
  if (target === undefined || !adapts || last.length < WINDOW) return [];
  if (Math.abs(rate - target) <= OFF_TARGET * target) return [];
  const message = `mean rate of ${name} is ${shown} ${over}, its target ${Number(target.toPrecision(3))}; run longer, or raise the rate of intrinsic plasticity.`;
  return [{ code: "rate-off-target", message }];
}
