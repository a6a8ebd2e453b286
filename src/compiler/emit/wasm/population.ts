/**
 * @file Print a population's kernel as WebAssembly: `prepare` for what is constant during a run, `update` for one step.
 *
 * Memory is `[unit][instance]`, instance innermost. With one instance a vector holds neighbouring units; with several
 * it holds neighbouring instances of one unit, and values shared by them are spread over the lanes.
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
import { BodyPrinter, FLUSH_BELOW, pushState } from "./body-printer.ts";
import type { FunctionBuilder, Local } from "./function-builder.ts";
import type { MathLibrary, Precision } from "./math/math-library.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import type { Opcode } from "./opcodes.ts";
import { LANES, pushConstant, type VectorContext } from "./vector-operations.ts";

/** Where a population's functions go and where its values lie. */
export interface PopulationTarget {
  module: ModuleBuilder;
  math: MathLibrary;
  precision: Precision;
  /**
   * Prefix of the exported functions: `<name>.prepare` () → () and `<name>.update` (pointers) → i32, not 0 when a value
   * is not finite.
   */
  name: string;
  /** Units, rounded up to whole vectors when there is one instance. */
  units: number;
  /** Instances, rounded up to a multiple of 4; 1 for one instance. */
  stride: number;
  /** Byte address of a slot. */
  address(slot: SlotName): number;
  /** Number of i32 parameters of `update`, byte addresses that slots may be relative to; default 0. */
  pointers?: number;
  /**
   * Where `update` loads or stores a slot, when that is not its address: `offset` from the parameter `pointer`. So a
   * step can read one record of a series and write the next.
   */
  relative?(slot: SlotName, use: SlotUse): { pointer: number; offset: number } | undefined;
}

/** What a kernel does to a slot. */
export type SlotUse = "load" | "store";

/** Add the two functions of a population to a module. */
export function emitPopulation(kernel: PopulationKernel, target: PopulationTarget): void {
  const { module, name } = target;
  const none = { parameters: [], results: [] };
  module.addFunction(
    `${name}.prepare`,
    none,
    (code) => {
      for (const shape of [SCALAR, INSTANCE, UNIT, BOTH] as Shape[]) {
        const stores = kernel.prepare.filter((s) => s.shape === shape);
        new LoopPrinter(kernel, target, code).print(stores, shape, false);
      }
    },
    { exported: true },
  );
  module.addFunction(
    `${name}.update`,
    { parameters: new Array(target.pointers ?? 0).fill("i32"), results: ["i32"] },
    (code) => {
      const instance = (target.stride > 1 ? INSTANCE : SCALAR) as Shape;
      const all = (target.stride > 1 ? BOTH : UNIT) as Shape;
      const flags = [
        ...printStep(new LoopPrinter(kernel, target, code), kernel.population, instance),
        ...printStep(new LoopPrinter(kernel, target, code), kernel.units, all),
      ];
      const { prefix } = LANES[target.precision];
      code.i32Const(0);
      for (const flag of flags) {
        code
          .get(flag)
          .get(flag)
          .op(`${prefix}.ne` as Opcode)
          .op("v128.any_true")
          .op("i32.or");
      }
    },
    { exported: true },
  );
}

// Implementation

function printStep(printer: LoopPrinter, stores: IrStore[], shape: Shape): Local[] {
  // A population-wide value may have no instance axis (it depends on time alone): it gets a loop of its own.
  const flags: Local[] = [];
  for (const own of shape === SCALAR || shape === UNIT ? [shape] : [SCALAR, INSTANCE, BOTH]) {
    const flag = printer.print(
      stores.filter((s) => s.shape === own),
      own as Shape,
      true,
    );
    if (flag) flags.push(flag);
  }
  return flags;
}

/** Prints loops that store some nodes; each loop computes every node it needs once per vector. */
class LoopPrinter {
  readonly #kernel: PopulationKernel;
  readonly #target: PopulationTarget;
  readonly #code: FunctionBuilder;
  readonly #bytes: number;
  /** Byte offsets within arrays with both axes (or the only one), with the instance axis, with the unit axis. */
  readonly #main: Local;
  readonly #instance: Local;
  readonly #unit: Local;

  constructor(kernel: PopulationKernel, target: PopulationTarget, code: FunctionBuilder) {
    this.#kernel = kernel;
    this.#target = target;
    this.#code = code;
    this.#bytes = LANES[target.precision].bytes;
    this.#main = code.local("i32");
    this.#instance = code.local("i32");
    this.#unit = code.local("i32");
  }

  /** Print the loop for stores of one shape. @returns The local that is NaN after a non-finite value, if `state`. */
  print(stores: IrStore[], shape: Shape, state: boolean): Local | undefined {
    if (stores.length === 0) return undefined;
    const { units, stride } = this.#target;
    const flag = state ? this.#code.local("v128") : undefined;
    if (flag) {
      pushConstant(this.#context(), 0);
      this.#code.set(flag);
    }
    const context = this.#context();
    const pushKept = flag ? this.#keepConstants() : undefined;
    const body = new BodyPrinter(this.#kernel.nodes, context, (slot, slotShape) =>
      this.#load(slot, slotShape, shape),
    );
    const wanted = stores.map((s) => s.node);
    body.hoist(wanted, (n) => n.kind === "constant" || (n.kind === "load" && this.#isFixed(n.shape, shape)));
    // All values before the first store: a store must not change what another value reads.
    const store = () => {
      const values = body.compute(wanted);
      stores.forEach((s, k) => {
        this.#pushOffset(shape);
        const offset = this.#addBase(s.slot, "store");
        if (flag && s.slot.startsWith("variable:") && !this.#isTruthValue(s.node))
          pushState(context, values[k], flag, pushKept);
        else this.#code.get(values[k]);
        this.#code.store("v128.store", offset);
      });
    };
    if (shape === SCALAR) store();
    else if (shape === INSTANCE) this.#loop(this.#instance, stride * this.#bytes, store);
    else if (shape === UNIT) this.#loop(this.#main, units * this.#bytes, store);
    else this.#nest(() => body.hoist(wanted, (n) => n.kind === "load" && n.shape === UNIT), store);
    return flag;
  }

  /** 0 or 1 needs no look at whether it is tiny or finite. */
  #isTruthValue(node: number): boolean {
    const n = this.#kernel.nodes[node];
    return n.kind === "operation" && n.operation === "fromBoolean";
  }

  /** The constants of `pushState` in locals: an immediate vector costs several instructions each time. */
  #keepConstants(): (x: number) => void {
    const kept = new Map<number, Local>();
    for (const x of [0, FLUSH_BELOW[this.#target.precision]]) {
      const local = this.#code.local("v128");
      pushConstant(this.#context(), x);
      this.#code.set(local);
      kept.set(x, local);
    }
    return (x) => void this.#code.get(kept.get(x)!);
  }

  #context(): VectorContext {
    const { math, precision } = this.#target;
    const code = this.#code;
    return { code, math, precision, scratch: () => code.local("v128") };
  }

  /** Units outside, instances inside; values without an instance axis are spread once per unit. */
  #nest(enterUnit: () => void, store: () => void): void {
    const { units, stride } = this.#target;
    const code = this.#code;
    code.i32Const(0).set(this.#main).i32Const(0).set(this.#unit);
    code.loop(() => {
      enterUnit();
      code.i32Const(0).set(this.#instance);
      code.loop(() => {
        store();
        this.#advance(this.#main, 16);
        this.#advance(this.#instance, 16);
        code
          .get(this.#instance)
          .i32Const(stride * this.#bytes)
          .op("i32.lt_u")
          .brIf(0);
      });
      this.#advance(this.#unit, this.#bytes);
      code
        .get(this.#unit)
        .i32Const(units * this.#bytes)
        .op("i32.lt_u")
        .brIf(0);
    });
  }

  #loop(counter: Local, end: number, body: () => void): void {
    const code = this.#code;
    code.i32Const(0).set(counter);
    code.loop(() => {
      body();
      this.#advance(counter, 16);
      code.get(counter).i32Const(end).op("i32.lt_u").brIf(0);
    });
  }

  #advance(counter: Local, by: number): void {
    this.#code.get(counter).i32Const(by).op("i32.add").set(counter);
  }

  /** Whether a slot keeps its value during the whole loop. */
  #isFixed(slotShape: Shape, loop: Shape): boolean {
    return slotShape === SCALAR && loop !== SCALAR;
  }

  #load(slot: SlotName, slotShape: Shape, loop: Shape): void {
    if (slotShape === UNIT && loop === BOTH) {
      const splat = this.#bytes === 8 ? "v128.load64_splat" : "v128.load32_splat";
      this.#code.get(this.#unit);
      this.#code.load(splat, this.#addBase(slot, "load"));
      return;
    }
    this.#pushOffset(slotShape);
    this.#code.load("v128.load", this.#addBase(slot, "load"));
  }

  /** Add the pointer that a slot is relative to, if any, to the offset on the stack. @returns What remains to add. */
  #addBase(slot: SlotName, use: SlotUse): number {
    const relative = this.#target.relative?.(slot, use);
    if (relative === undefined) return this.#target.address(slot);
    this.#code.get(this.#code.parameter(relative.pointer)).op("i32.add");
    return relative.offset;
  }

  #pushOffset(shape: Shape): void {
    if (shape === SCALAR) this.#code.i32Const(0);
    else this.#code.get(shape === INSTANCE ? this.#instance : this.#main);
  }
}
