/**
 * @file What a run leaves in `records/`: activity, raster, connections, births and deaths, weights, as arrays of the
 * whole run.
 */

import { createHash } from "node:crypto";
import type { SparseMatrix } from "../../../core/index.ts";
import type { SelfOrganisationResult } from "../../../learning/index.ts";
import { type ArrayArchive, type ShapedArray, type Values, vector } from "../../results/array-archive.ts";

/** The projection whose synapses are recorded. */
export const RECURRENT = "E->E";

/**
 * Arrays of a run. `activity` (time), active excitatory units; `raster` (time, byte), unit u at bit u & 7 of byte
 * u >> 3; `connections` (record) after every `connection_every` steps; `events` (event, 3): step, post · units + pre, 1 for a
 * birth; `weight_post`, `weight_pre`, `weights` (synapse) at the end; `rates` (phase, unit); `phases` (phase, 2): first
 * step and steps; `theta`, the threshold of avalanches.
 */
export function runRecords({ phases }: SelfOrganisationResult, theta: number): ArrayArchive {
  const synapses = phases.map((phase) => phase.synapses[RECURRENT]);
  const last = synapses.findLast((of) => of?.weights)?.weights;
  const rasters = phases.flatMap(({ raster }) => (raster ? [raster] : []));
  const rates = phases.flatMap((phase) => (phase.rates ? [phase.rates] : []));
  const units = rates[0]?.length ?? 0;
  const row = Math.ceil(units / 8);
  const snapshots = synapses.flatMap((of) => [...(of?.snapshots ?? [])]);
  return {
    phases: shaped(Uint32Array.from(phases.flatMap(({ firstStep, steps }) => [firstStep, steps])), 2),
    activity: vector(
      joined(
        phases.map(({ activity }) => activity),
        Uint32Array,
      ),
    ),
    ...(rasters.length > 0 && {
      raster: shaped(
        joined(
          rasters.map(({ bits }) => bits),
          Uint8Array,
        ),
        row,
      ),
    }),
    theta: vector(Uint32Array.of(theta)),
    connection_every: vector(Uint32Array.of(synapses[0]?.every ?? 0)),
    connections: vector(
      joined(
        synapses.map((of) => of?.counts),
        Uint32Array,
      ),
    ),
    events: shaped(
      joined(
        synapses.map((of) => of?.events),
        Uint32Array,
      ),
      3,
    ),
    rates: shaped(joined(rates, Float64Array), units),
    ...(last && weightArrays(last, "")),
    ...Object.assign({}, ...snapshots.map(({ step, weights }) => weightArrays(weights, `_${step + 1}`))),
  };
}

/**
 * The first 48 bits of the SHA-256 of all arrays, a whole number: as a metric it makes the hash of a run depend on every
 * single spike.
 */
export function recordsHash(arrays: ArrayArchive): number {
  const hash = createHash("sha256");
  for (const [name, { shape, values }] of Object.entries(arrays)) {
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest().readUIntBE(0, 6);
}

// Implementation

interface ArrayMaker<T extends Values> {
  new (length: number): T;
}

function joined<T extends Values>(parts: readonly (Values | undefined)[], make: ArrayMaker<T>): T {
  const given = parts.filter((part) => part !== undefined);
  const out = new make(given.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of given) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function shaped(values: Values, columns: number): ShapedArray {
  return { shape: [columns > 0 ? values.length / columns : 0, columns], values };
}

function weightArrays({ rowStart, column, values, rows }: SparseMatrix, suffix: string): ArrayArchive {
  const post = new Uint32Array(values.length);
  for (let i = 0; i < rows; i++) post.fill(i, rowStart[i], rowStart[i + 1]);
  return {
    [`weight_post${suffix}`]: vector(post),
    [`weight_pre${suffix}`]: vector(Uint32Array.from(column)),
    [`weights${suffix}`]: vector(Float64Array.from(values)),
  };
}
