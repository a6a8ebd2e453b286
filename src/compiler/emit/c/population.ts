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
import type { Precision } from "../wasm/math/math-library.ts";
import type { SlotUse } from "../wasm/population.ts";
import { LoopBody, type Place } from "./loop-body.ts";
import type { CMathLibrary } from "./math-library.ts";
import { CBody, CVectorCode } from "./vector-code.ts";
import {
  cutRow,
  NUMBER_BYTES,
  type Piece,
  type VectorBytes,
  type VectorType,
  vectorType,
} from "./vector-types.ts";

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
  /** C expression: where a slot is stored to, if that is not where it is loaded from. */
  storedAt?(slot: SlotName): string;
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

/** Vectors of several units that are printed one after another. */
const MOST_IN_GROUP = 8;

class Printer {
  readonly #kernel: PopulationKernel;
  readonly #target: CPopulationTarget;
  readonly #bytes: number;
  #body = new CBody();
  /** C variables by what they point to. */
  #slots = new Map<string, string>();
  readonly #addresses = new Map<string, string>();

  constructor(kernel: PopulationKernel, target: CPopulationTarget) {
    this.#kernel = kernel;
    this.#target = target;
    this.#bytes = NUMBER_BYTES[target.precision];
  }

  /** The function of what was printed since the last one. */
  take(name: "prepare" | "update"): string {
    const slots = [...this.#slots].map(([address, pointer]) => `char *const ${pointer} = m + ${address};`);
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
    const loop = new LoopBody(this.#kernel, this.#target.math, {
      body: this.#body,
      stores,
      shape,
      pointer: (slot, use = "load") => this.#pointer(slot, use),
      bytes: this.#bytes,
      state,
    });
    const pieces = this.#pieces(shape);
    const group = shape === BOTH ? this.#group(loop.together) : undefined;
    const types = [...(group?.pieces ?? []), ...pieces].map(({ type }) => type);
    for (const type of new Map(types.map((t) => [t.name, t])).values()) {
      loop.enter(new CVectorCode(this.#body, type.precision, type.bytes));
    }
    const { units, stride } = this.#target;
    const row = (from: string) => `((size_t)u * ${stride} + ${from})`;
    if (shape === UNIT) {
      const [{ type }] = pieces;
      this.#units(type, loop);
    } else if (shape === BOTH) {
      lines.push("uint32_t u = 0;");
      if (group) {
        loop.enterGroup(group.units * stride, stride);
        this.#block(`for (; u + ${group.units} <= ${units}; u += ${group.units}) `, () => {
          const place = (from: number): Place => ({ row: row(`${from}`), flat: from });
          loop.printTogether(group.pieces.map(({ from, type }) => ({ type: type.name, place: place(from) })));
        });
      }
      this.#block(`for (; u < ${units}; u++) `, () => {
        loop.enterUnit();
        this.#row(pieces, loop, (b) => ({ row: row(b), instance: b }));
      });
    } else if (shape === INSTANCE) {
      this.#row(pieces, loop, (b) => ({ instance: b }));
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

  /**
   * Units whose instances fill whole vectors: as many as are printed together, or where that is not one unit's, the
   * fewest of those whose own instances leave a vector unfilled.
   */
  #group(together: number): { units: number; pieces: Piece[] } | undefined {
    const { precision, widest, stride } = this.#target;
    const { lanes } = vectorType(precision, widest);
    const whole = [1, 2, 4, 8].filter((units) => (units * stride) % lanes === 0);
    const fitting = whole.filter((units) => units * stride <= together * lanes).at(-1);
    const units = fitting ?? (whole[0] > 1 ? whole[0] : undefined);
    if (units === undefined || units * stride > MOST_IN_GROUP * lanes) return undefined;
    return { units, pieces: cutRow(units * stride, precision, widest) };
  }

  /** The vectors of a row: as many of the widest type together as is worth it, in a loop if that leaves several turns. */
  #row(pieces: Piece[], loop: LoopBody, place: (from: string) => Place): void {
    const { lanes, name } = pieces[0].type;
    const alike = pieces.filter((p) => p.type.name === name).length;
    const together = Math.ceil(alike / Math.ceil(alike / loop.together));
    const turns = alike > 2 ? Math.floor(alike / together) : 0;
    const vectors = (count: number, from: (k: number) => string) =>
      loop.printTogether(Array.from({ length: count }, (_, k) => ({ type: name, place: place(from(k)) })));
    if (turns > 1) {
      const step = together * lanes;
      this.#counted("b", `${turns * step}`, step, () => vectors(together, (k) => `(b + ${k * lanes})`));
    } else if (turns === 1) this.#block("", () => vectors(together, (k) => `${k * lanes}`));
    const inTurns = turns * together;
    if (turns > 0 && alike > inTurns) {
      this.#block("", () => vectors(alike - inTurns, (k) => `${(inTurns + k) * lanes}`));
    }
    for (const { from, type } of pieces.slice(turns > 0 ? alike : 0)) {
      this.#block("", () => loop.print(type.name, place(`${from}`)));
    }
  }

  /** Vectors of units, several together and then one by one. */
  #units({ name, lanes }: VectorType, loop: LoopBody): void {
    const { units } = this.#target;
    const numbers = loop.together * lanes;
    const places = Array.from({ length: loop.together }, (_, k) => ({ unit: `(u + ${k * lanes})` }));
    this.#body.lines.push("uint32_t u = 0;");
    if (places.length > 1) {
      this.#block(`for (; u + ${numbers} <= ${units}; u += ${numbers}) `, () =>
        loop.printTogether(places.map((place) => ({ type: name, place }))),
      );
    }
    this.#block(`for (; u < ${units}; u += ${lanes}) `, () => loop.print(name, { unit: "u" }));
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

  #pointer(slot: SlotName, use: SlotUse): string {
    const { address, storedAt } = this.#target;
    const place = use === "store" && storedAt ? storedAt : address;
    const key = `${place === address ? "load" : "store"} ${slot}`;
    const at = this.#addresses.get(key) ?? place(slot);
    this.#addresses.set(key, at);
    const known = this.#slots.get(at) ?? `s${this.#slots.size}`;
    this.#slots.set(at, known);
    return known;
  }
}
