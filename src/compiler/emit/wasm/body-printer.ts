/**
 * @file Print the nodes of a kernel inside a loop body, each computed once, and the rules for storing state.
 */

import type { IrNode, Shape, SlotName } from "../../ir/kernel.ts";
import type { Local } from "./function-builder.ts";
import type { Precision } from "./math/math-library.ts";
import type { Opcode } from "./opcodes.ts";
import { emitOperation, LANES, pushConstant, type VectorContext } from "./vector-operations.ts";

/** Values nearer to 0 than this are stored as 0, so that decaying state never meets slow subnormal arithmetic. */
export const FLUSH_BELOW: Record<Precision, number> = { f64: 1e-290, f32: 1e-30 };

/** Prints the value of nodes inside one loop body. */
export class BodyPrinter {
  readonly #nodes: readonly IrNode[];
  readonly #context: VectorContext;
  readonly #load: (slot: SlotName, shape: Shape) => void;
  /** Values computed before the loop, or before its inner loop. */
  readonly #outside: Map<number, Local>;
  #inside = new Map<number, Local>();

  /** @param hoisted - Values that code printed earlier has left in locals, by node. */
  constructor(
    nodes: readonly IrNode[],
    context: VectorContext,
    load: (slot: SlotName, shape: Shape) => void,
    hoisted: ReadonlyMap<number, Local> = new Map(),
  ) {
    this.#nodes = nodes;
    this.#context = context;
    this.#load = load;
    this.#outside = new Map(hoisted);
  }

  /** Values in locals for bodies printed later, by node. */
  get hoisted(): ReadonlyMap<number, Local> {
    return this.#outside;
  }

  /**
   * Keep what `isFixed` of the nodes behind `wanted` in locals: even an immediate vector costs several instructions
   * each time. A second call sets the same locals anew.
   */
  hoist(wanted: readonly number[], isFixed: (node: IrNode, id: number) => boolean): void {
    for (const id of this.#reachable(wanted)) {
      if (!isFixed(this.#nodes[id], id)) continue;
      const local = this.#outside.get(id) ?? this.#context.code.local("v128");
      this.#push(id);
      this.#context.code.set(local);
      this.#outside.set(id, local);
    }
  }

  /** Compute the wanted nodes, each into a local. */
  compute(wanted: readonly number[]): Local[] {
    const { code } = this.#context;
    this.#inside = new Map();
    return wanted.map((id) => {
      const value = code.local("v128");
      this.#compute(id);
      code.set(value);
      return value;
    });
  }

  #compute(id: number): void {
    const known = this.#outside.get(id) ?? this.#inside.get(id);
    if (known) {
      this.#context.code.get(known);
      return;
    }
    this.#push(id);
    const local = this.#context.code.local("v128");
    this.#context.code.tee(local);
    this.#inside.set(id, local);
  }

  #push(id: number): void {
    const n = this.#nodes[id];
    if (n.kind === "constant") pushConstant(this.#context, n.value);
    else if (n.kind === "load") this.#load(n.slot, n.shape);
    else if (!this.#pushBounded(n)) {
      emitOperation(this.#context, n.operation, (k) => this.#compute(n.operands[k]));
    }
  }

  /**
   * A minimum or maximum with a constant other than 0, as one instruction of the machine: with the constant second,
   * `b < a ? b : a` keeps NaN, and ±0 meet no other zero. @returns Whether this was one.
   */
  #pushBounded({ operation, operands }: Extract<IrNode, { kind: "operation" }>): boolean {
    if (operation !== "minimum" && operation !== "maximum") return false;
    const bound = operands.findIndex((id) => {
      const n = this.#nodes[id];
      return n.kind === "constant" && n.value !== 0 && !Number.isNaN(n.value);
    });
    if (bound < 0) return false;
    this.#compute(operands[1 - bound]);
    this.#compute(operands[bound]);
    const { prefix } = LANES[this.#context.precision];
    this.#context.code.op(`${prefix}.${operation === "minimum" ? "pmin" : "pmax"}` as Opcode);
    return true;
  }

  /** The nodes behind `wanted`, every one after its operands. */
  #reachable(wanted: readonly number[]): number[] {
    const seen = new Set<number>();
    const visit = (id: number) => {
      if (seen.has(id)) return;
      const n = this.#nodes[id];
      if (n.kind === "operation") for (const o of n.operands) visit(o);
      seen.add(id);
    };
    for (const id of wanted) visit(id);
    return [...seen];
  }
}

/**
 * Push a state value with tiny ones flushed to 0, and note in `flag` whether it is finite.
 *
 * @param push - Pushes a number in every lane; default: as an immediate.
 */
export function pushState(
  context: VectorContext,
  value: Local,
  flag: Local,
  push: (x: number) => void = (x) => pushConstant(context, x),
): void {
  const { code, precision } = context;
  const { prefix } = LANES[precision];
  // 0 · x is 0 for every finite x and NaN otherwise; NaN stays once it is in the sum.
  code.get(flag).get(value);
  push(0);
  code
    .op(`${prefix}.mul` as Opcode)
    .op(`${prefix}.add` as Opcode)
    .set(flag);
  code
    .get(value)
    .get(value)
    .op(`${prefix}.abs` as Opcode);
  push(FLUSH_BELOW[precision]);
  code.op(`${prefix}.lt` as Opcode).op("v128.andnot");
}
