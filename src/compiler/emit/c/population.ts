/**
 * @file Print a population's kernel as C: `prepare` for what is constant during a run, `update` for one step. The
 * same values as those of emit/wasm/population.ts, bit for bit, in the same memory `[unit][instance]`.
 */

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
import type { Precision } from "../wasm/math/math-library.ts";
import type { Vector } from "../wasm/math/vector-expressions.ts";
import type { CMathLibrary } from "./math-library.ts";
import { applyOperation } from "./operations.ts";
import { CBody, CVectorCode } from "./vector-code.ts";
import { cutRow, NUMBER_BYTES, type Piece, type VectorBytes, vectorType } from "./vector-types.ts";

/** Where a population's functions go and where its values lie. */
export interface CPopulationTarget {
  math: CMathLibrary;
  precision: Precision;
  /** Bytes of the widest vectors. */
  widest: VectorBytes;
  /** Names of the two functions (char *m, const uint32_t *a) → int32_t. */
  name(kind: "prepare" | "update"): string;
  /** C expression: units, rounded up to a multiple of 16 when there is one instance. */
  units: string;
  /** Instances, rounded up to a multiple of 4; 1 for one instance. */
  stride: number;
  /** C expression: byte address of a slot. */
  address(slot: SlotName): string;
}

/**
 * The two functions of a population. `update` returns not 0 when a value is not finite.
 *
 * The text depends on the equations, the number type and the instances, not on sizes and addresses: what `units` and
 * `address` give is looked up when it runs.
 */
export function printPopulation(kernel: PopulationKernel, target: CPopulationTarget): string {
  const printer = new Printer(kernel, target);
  for (const shape of [SCALAR, INSTANCE, UNIT, BOTH] as Shape[]) {
    printer.loop(
      kernel.prepare.filter((s) => s.shape === shape),
      shape,
      false,
    );
  }
  const prepare = printer.take("prepare");
  for (const stores of [kernel.population, kernel.units]) {
    for (const shape of [SCALAR, INSTANCE, UNIT, BOTH] as Shape[]) {
      printer.loop(
        stores.filter((s) => s.shape === shape),
        shape,
        true,
      );
    }
  }
  return `${prepare}\n${printer.take("update")}`;
}

// Implementation

class Printer {
  readonly #kernel: PopulationKernel;
  readonly #target: CPopulationTarget;
  readonly #bytes: number;
  #body = new CBody();
  #slots = new Map<SlotName, string>();

  constructor(kernel: PopulationKernel, target: CPopulationTarget) {
    this.#kernel = kernel;
    this.#target = target;
    this.#bytes = NUMBER_BYTES[target.precision];
  }

  /** The function of what was printed since the last one. */
  take(name: "prepare" | "update"): string {
    const slots = [...this.#slots].map(
      ([slot, pointer]) => `char *const ${pointer} = m + ${this.#target.address(slot)};`,
    );
    const lines = [...slots, "int32_t bad = 0;", ...this.#body.lines, "return bad;"].map(
      (line) => `  ${line}`,
    );
    this.#body = new CBody();
    this.#slots = new Map();
    return `int32_t ${this.#target.name(name)}(char *m, const uint32_t *a) {\n${lines.join("\n")}\n}\n`;
  }

  /** Print the loop for stores of one shape. @param state - Note values that are not finite. */
  loop(stores: IrStore[], shape: Shape, state: boolean): void {
    if (stores.length === 0) return;
    const { lines } = this.#body;
    lines.push("{");
    const loop = new Loop(this.#kernel, this.#target.math, {
      body: this.#body,
      stores,
      shape,
      pointer: (slot) => this.#pointer(slot),
      bytes: this.#bytes,
      state,
    });
    const pieces = this.#pieces(shape);
    for (const type of new Map(pieces.map((p) => [p.type.name, p.type])).values()) {
      loop.enter(new CVectorCode(this.#body, type.precision, type.bytes));
    }
    const { units, stride } = this.#target;
    if (shape === UNIT) {
      const [{ type }] = pieces;
      this.#counted("u", units, type.lanes, () => loop.print(type.name, { unit: "u" }));
    } else if (shape === BOTH) {
      this.#counted("u", units, 1, () => {
        loop.enterUnit();
        this.#row(pieces, (name, b) =>
          loop.print(name, { row: `((size_t)u * ${stride} + ${b})`, instance: b }),
        );
      });
    } else if (shape === INSTANCE) {
      this.#row(pieces, (name, b) => loop.print(name, { instance: b }));
    } else loop.print(pieces[0].type.name, {});
    loop.leave();
    lines.push("}");
  }

  /** Vectors of one row of instances; for the other shapes the vector of their loop. */
  #pieces(shape: Shape): Piece[] {
    const { precision, widest, stride } = this.#target;
    if (shape === SCALAR) return [{ from: 0, type: vectorType(precision, 16) }];
    // Arrays of one value per unit hold a multiple of 16 of them.
    if (shape === UNIT) return [{ from: 0, type: vectorType(precision, widest) }];
    return cutRow(stride, precision, widest);
  }

  /** The vectors of a row, those of the widest type in a loop if there are many. */
  #row(pieces: Piece[], print: (type: string, from: string) => void): void {
    const { lanes, name } = pieces[0].type;
    const alike = pieces.filter((p) => p.type.name === name).length;
    const inLoop = alike > 2 ? alike : 0;
    if (inLoop > 0) this.#counted("b", `${alike * lanes}`, lanes, () => print(name, "b"));
    for (const { from, type } of pieces.slice(inLoop)) {
      this.#block("", () => print(type.name, `${from}`));
    }
  }

  #counted(counter: string, end: string, step: number, body: () => void): void {
    this.#block(`for (uint32_t ${counter} = 0; ${counter} < ${end}; ${counter} += ${step}) `, body);
  }

  #block(head: string, body: () => void): void {
    const { lines } = this.#body;
    lines.push(`${head}{`);
    body();
    lines.push("}");
  }

  #pointer(slot: SlotName): string {
    const known = this.#slots.get(slot) ?? `s${this.#slots.size}`;
    this.#slots.set(slot, known);
    return known;
  }
}

/** Indices of one vector, as C expressions: into arrays with both axes, with units alone, with instances alone. */
interface Place {
  row?: string;
  unit?: string;
  instance?: string;
}

interface LoopOptions {
  body: CBody;
  stores: IrStore[];
  shape: Shape;
  pointer(slot: SlotName): string;
  bytes: number;
  state: boolean;
}

/** One loop: each vector computes every node it needs once. */
class Loop {
  readonly #kernel: PopulationKernel;
  readonly #math: CMathLibrary;
  readonly #options: LoopOptions;
  /** By name of the vector type. */
  readonly #vectors = new Map<string, CVectorCode>();
  readonly #outside = new Map<string, Map<number, Vector>>();
  readonly #flags = new Map<string, string>();

  constructor(kernel: PopulationKernel, math: CMathLibrary, options: LoopOptions) {
    this.#kernel = kernel;
    this.#math = math;
    this.#options = options;
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
      const at = address(pointer(s.slot), placeOf(shape, place), v);
      v.body.lines.push(`store_${type}(${at}, ${v.body.text(value)});`);
    });
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
      value = applyOperation(v, this.#math, n.operation, operands);
    }
    const kept = n.kind === "constant" ? value : v.keep(value);
    at.inside.set(id, kept);
    return kept;
  }

  #load(v: CVectorCode, slot: SlotName, { shape, place }: { shape: Shape; place: Place }): Vector {
    if (shape === SCALAR) return this.#splat(v, slot, "0");
    return v.read(`load_${v.type.name}(${address(this.#options.pointer(slot), placeOf(shape, place), v)})`);
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

function placeOf(shape: Shape, { row, unit, instance }: Place): string {
  const index = { [SCALAR]: "0", [UNIT]: unit, [INSTANCE]: instance, [BOTH]: row }[shape];
  if (index === undefined) throw new Error("a loop reads a value of an axis it does not run over");
  return index;
}

function address(pointer: string, index: string, v: CVectorCode): string {
  return `${pointer} + ${NUMBER_BYTES[v.precision]} * (size_t)${index}`;
}
