/** @file Print what a loop over a population's values does with one vector, in C. */

import {
  BOTH,
  INSTANCE,
  type IrStore,
  type PopulationKernel,
  SCALAR,
  type Shape,
  type SlotName,
  UNIT,
} from "../../ir/kernel.ts";
import { FLUSH_BELOW } from "../wasm/body-printer.ts";
import type { Vector } from "../wasm/math/vector-expressions.ts";
import type { SlotUse } from "../wasm/population.ts";
import type { CMathLibrary } from "./math-library.ts";
import { applyOperation, stepsOf } from "./operations.ts";
import type { CBody, CVectorCode } from "./vector-code.ts";
import { NUMBER_BYTES } from "./vector-types.ts";

/** Indices of one vector, as C expressions: into arrays with both axes, with units alone, with instances alone. */
export interface Place {
  row?: string;
  unit?: string;
  instance?: string;
  /** Place among the instances of a group of units, where a vector may hold those of two. */
  flat?: number;
}

/** What one loop does. */
export interface LoopOptions {
  body: CBody;
  stores: IrStore[];
  shape: Shape;
  /** C variable that points to a slot, where it is loaded from unless said otherwise. */
  pointer(slot: SlotName, use?: SlotUse): string;
  /** Of a number. */
  bytes: number;
  /** Note values that are not finite. */
  state: boolean;
}

/** Prints the bodies of one loop: each vector computes every node it needs once. */
export class LoopBody {
  readonly #kernel: PopulationKernel;
  readonly #math: CMathLibrary;
  readonly #options: LoopOptions;
  /** By name of the vector type. */
  readonly #vectors = new Map<string, CVectorCode>();
  readonly #outside = new Map<string, Map<number, Vector>>();
  readonly #flags = new Map<string, string>();
  /** Values of the instances, as often as there are units in a group, by slot. */
  readonly #repeated = new Map<SlotName, string>();
  #stride = 1;
  /** Print the formulas of short functions. */
  #open = false;

  constructor(kernel: PopulationKernel, math: CMathLibrary, options: LoopOptions) {
    this.#kernel = kernel;
    this.#math = math;
    this.#options = options;
  }

  /** Vectors that are worth printing together: of long bodies one, for compilers take long and registers run out. */
  get together(): number {
    let steps = 0;
    for (const id of this.#reachable()) {
      const n = this.#kernel.nodes[id];
      if (n.kind === "operation") steps += stepsOf(n.operation);
    }
    return steps <= MOST_STEPS ? MOST_TOGETHER : 1;
  }

  /** Before the loop: what all its vectors of a type share. */
  enter(v: CVectorCode): void {
    const { body, state, shape } = this.#options;
    const outside = new Map<number, Vector>();
    this.#vectors.set(v.type.name, v);
    this.#outside.set(v.type.name, outside);
    if (state) {
      const flag = body.fresh();
      body.lines.push(`${v.type.name} ${flag} = {0};`);
      this.#flags.set(v.type.name, flag);
    }
    if (shape !== SCALAR) this.#spread(v, SCALAR, "0");
  }

  /** Before a loop over groups of units of so many numbers. */
  enterGroup(numbers: number, stride: number): void {
    const { body, pointer, bytes } = this.#options;
    this.#stride = stride;
    for (const id of this.#reachable()) {
      const n = this.#kernel.nodes[id];
      if (n.kind !== "load" || n.shape !== INSTANCE) continue;
      const name = body.fresh();
      const [all, one] = [numbers * bytes, stride * bytes];
      body.lines.push(`char ${name}[${all}] __attribute__((aligned(64)));`);
      body.lines.push(
        `for (int i = 0; i < ${all}; i += ${one}) memcpy(${name} + i, ${pointer(n.slot)}, ${one});`,
      );
      this.#repeated.set(n.slot, name);
    }
  }

  /** At each unit: its values are spread over the instances. */
  enterUnit(): void {
    for (const v of this.#vectors.values()) this.#spread(v, UNIT, "u");
  }

  /** One vector. */
  print(type: string, place: Place): void {
    const { stores, pointer, shape } = this.#options;
    const v = this.#vectors.get(type)!;
    const inside = new Map(this.#outside.get(type));
    // All values before the first store: a store must not change what another value reads.
    const values = stores.map((s) => this.#value(s.node, v, { inside, place }));
    stores.forEach((s, k) => {
      const value = s.slot.startsWith("variable:") ? this.#state(v, values[k]) : values[k];
      const at = address(pointer(s.slot, "store"), placeOf(shape, place), v);
      v.body.lines.push(`store_${type}(${at}, ${v.body.text(value)});`);
    });
  }

  /**
   * Several vectors. Of short bodies a statement of each in turn: where one waits for a result, the processor finds the
   * work of the others within its reach.
   */
  printTogether(vectors: readonly { type: string; place: Place }[]): void {
    const { lines } = this.#options.body;
    const start = lines.length;
    this.#open = this.together > 1;
    const printed = vectors.map(({ type, place }) => {
      this.print(type, place);
      return lines.splice(start);
    });
    if (this.#open) {
      const longest = Math.max(...printed.map(({ length }) => length));
      for (let k = 0; k < longest; k++) lines.push(...printed.flatMap((own) => own.slice(k, k + 1)));
    } else lines.push(...printed.flat());
    this.#open = false;
  }

  /** After the loop. */
  leave(): void {
    for (const [type, flag] of this.#flags) {
      this.#options.body.lines.push(`bad |= any_${type}((${type})(${flag} != ${flag}));`);
    }
  }

  #spread(v: CVectorCode, shape: Shape, index: string): void {
    const outside = this.#outside.get(v.type.name)!;
    for (const id of this.#reachable()) {
      const n = this.#kernel.nodes[id];
      if (n.kind === "load" && n.shape === shape) outside.set(id, v.keep(this.#splat(v, n.slot, index)));
    }
  }

  #splat(v: CVectorCode, slot: SlotName, index: string): Vector {
    const { name, scalar } = v.type;
    return v.read(`splat_${name}(((const ${scalar} *)${this.#options.pointer(slot)})[${index}])`);
  }

  #value(id: number, v: CVectorCode, at: { inside: Map<number, Vector>; place: Place }): Vector {
    const known = at.inside.get(id);
    if (known) return known;
    const n = this.#kernel.nodes[id];
    let value: Vector;
    if (n.kind === "constant") value = v.constant(n.value);
    else if (n.kind === "load") value = this.#load(v, n.slot, { shape: n.shape, place: at.place });
    else {
      const operands = n.operands.map((o) => this.#value(o, v, at));
      value = applyOperation(v, this.#math, { operation: n.operation, operands, open: this.#open });
    }
    const kept = n.kind === "constant" ? value : v.keep(value);
    at.inside.set(id, kept);
    return kept;
  }

  #load(v: CVectorCode, slot: SlotName, { shape, place }: { shape: Shape; place: Place }): Vector {
    if (shape === SCALAR) return this.#splat(v, slot, "0");
    if (place.flat !== undefined && shape !== BOTH)
      return this.#loadFlat(v, slot, { shape, flat: place.flat });
    return v.read(`load_${v.type.name}(${address(this.#options.pointer(slot), placeOf(shape, place), v)})`);
  }

  /** A value without one of the axes, in a vector that starts `flat` numbers into a group. */
  #loadFlat(v: CVectorCode, slot: SlotName, { shape, flat }: { shape: Shape; flat: number }): Vector {
    const { name, scalar, lanes } = v.type;
    if (shape === INSTANCE) {
      return v.read(`load_${name}(${this.#repeated.get(slot)} + ${flat * this.#options.bytes})`);
    }
    const units = Array.from({ length: lanes }, (_, i) => Math.floor((flat + i) / this.#stride));
    const values = units.map((unit) => `((const ${scalar} *)${this.#options.pointer(slot)})[u + ${unit}]`);
    if (units[0] === units[lanes - 1]) return v.read(`splat_${name}(${values[0]})`);
    return v.read(`((${name}){${values.join(", ")}})`);
  }

  /** A state value with tiny ones flushed to 0; the flag is NaN once one was not finite. */
  #state(v: CVectorCode, value: Vector): Vector {
    const flag = this.#flags.get(v.type.name)!;
    v.body.lines.push(`${flag} = ${v.body.text(v.add(v.read(flag), v.multiply(value, v.constant(0))))};`);
    return v.andNot(value, v.less(v.abs(value), v.constant(FLUSH_BELOW[v.precision])));
  }

  /** The nodes behind the stores. */
  #reachable(): Set<number> {
    const seen = new Set<number>();
    const visit = (id: number) => {
      if (seen.has(id)) return;
      seen.add(id);
      const n = this.#kernel.nodes[id];
      if (n.kind === "operation") n.operands.forEach(visit);
    };
    for (const s of this.#options.stores) visit(s.node);
    return seen;
  }
}

// Implementation

/** Vectors that are printed together: for more the registers are too few. */
const MOST_TOGETHER = 6;
/** Operations of one of them. */
const MOST_STEPS = 64;

function placeOf(shape: Shape, { row, unit, instance }: Place): string {
  const index = { [SCALAR]: "0", [UNIT]: unit, [INSTANCE]: instance, [BOTH]: row }[shape];
  if (index === undefined) throw new Error("a loop reads a value of an axis it does not run over");
  return index;
}

function address(pointer: string, index: string, v: CVectorCode): string {
  return `${pointer} + ${NUMBER_BYTES[v.precision]} * (size_t)${index}`;
}
