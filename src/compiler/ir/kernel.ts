/**
 * @file The kernel IR: what one population computes per step, as a graph of vector operations in single assignment,
 * sorted into three places by how often a value changes: once per run, once per step, once per unit and step.
 */

import type { Operation } from "../term.ts";

/** Axes along which a value varies, as bits. */
export const SCALAR = 0;
export const UNIT = 1;
export const INSTANCE = 2;
export const BOTH = 3;
export type Shape = 0 | 1 | 2 | 3;

/** Name of a place in memory, e.g. `variable:x`, `parameter:tau`, `sum:exc`, `derived:4`. */
export type SlotName = string;

export type IrNode =
  | { kind: "constant"; value: number; shape: Shape; invariant: true; boolean: false }
  | { kind: "load"; slot: SlotName; shape: Shape; invariant: boolean; boolean: false }
  | {
      kind: "operation";
      operation: Operation;
      /** Indices of earlier nodes. */
      operands: number[];
      shape: Shape;
      /** The same at every step of a run. */
      invariant: boolean;
      boolean: boolean;
    };

/** Store the value of a node to a slot of the same shape. */
export interface IrStore {
  slot: SlotName;
  node: number;
  shape: Shape;
}

export interface PopulationKernel {
  /** In topological order. */
  nodes: IrNode[];
  /** Values constant during a run, e.g. exp(-dt / tau); recomputed when a parameter changes. */
  prepare: IrStore[];
  /** Values with no unit axis, once per step, before the units. */
  population: IrStore[];
  /** State of the units, once per step. */
  units: IrStore[];
  /** Every slot with its shape. */
  slots: Map<SlotName, Shape>;
}
