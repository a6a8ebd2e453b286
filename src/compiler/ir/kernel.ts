/**
 * @file The kernel IR: what one population computes per step, as a graph of vector operations in single assignment,
 * sorted into three places by how often a value changes: once per run, once per step, once per unit and step.
 */

import type { Operation } from "../term.ts";

/** Axes along which a value varies, as bits. */
export const SCALAR = 0;
/** One value per unit. */
export const UNIT = 1;
/** One value per instance. */
export const INSTANCE = 2;
/** One value per unit and instance. */
export const BOTH = 3;
/** Axes of a value: SCALAR, UNIT, INSTANCE or BOTH. */
export type Shape = 0 | 1 | 2 | 3;

/** Place of a value in a slot of some shape; instances are `stride` apart. */
export function slotIndex(shape: Shape, at: { unit: number; instance: number }, stride: number): number {
  if (shape === BOTH) return at.unit * stride + at.instance;
  if (shape === UNIT) return at.unit;
  return shape === INSTANCE ? at.instance : 0;
}

/** Name of a place in memory, e.g. `variable:x`, `parameter:tau`, `sum:exc`, `derived:4`. */
export type SlotName = string;

/** One value of the graph. */
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

/** All a population computes. */
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
