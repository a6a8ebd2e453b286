/**
 * @file A synapse's equations, run over all synapses of a plastic projection.
 *
 * Visited row by row of post units, several synapses at a time; or list by list of pre units, one at a time, when only
 * the presynaptic side tells whether anything changes. Units whose guard variables are all 0 are passed over: their
 * synapses are neither changed, clamped nor pruned in that step.
 */

import {
  type FunctionBuilder,
  type FunctionHandle,
  LANES,
  type Local,
  type MathLibrary,
  type ModuleBuilder,
  type Opcode,
  type PlannedSynapse,
  type PreparedSynapse,
  prepareSynapse,
  printSynapse,
  type SynapseValue,
  type VectorContext,
} from "../../../compiler/index.ts";
import { eachActive, eachUnit } from "../active-units.ts";
import { advance, arithmetic, locals, pointers, whileBelow } from "../loops.ts";
import { pushState, pushValue, pushWord, type StoreTarget } from "./addresses.ts";
import type { PruneFunctions } from "./prune.ts";

/** Where a synapse's values lie. */
export interface SynapticTarget extends StoreTarget {
  math: MathLibrary;
  dt: number;
  synapse: PlannedSynapse;
  /** Which array of the store holds a variable. */
  arrays: ReadonlyMap<string, number>;
  /** Addresses of single values, and of the state of both sides. */
  time: number;
  parameters: ReadonlyMap<string, number>;
  pre: ReadonlyMap<string, number>;
  post: ReadonlyMap<string, number>;
  prune?: PruneFunctions;
}

/**
 * Add the kernel `name (base, instance, threshold) → i32`: not 0 when a stored value is not finite. Synapses whose
 * weight ends at or below the threshold are removed, if there is a prune function.
 */
export function addSynapticUpdate(
  module: ModuleBuilder,
  name: string,
  target: SynapticTarget,
): FunctionHandle {
  return module.addFunction(
    name,
    { parameters: ["i32", "i32", target.precision], results: ["i32"] },
    (code) => {
      const printer = new SynapticPrinter(code, target);
      if (target.synapse.order === "post") printer.printRows();
      else printer.printLists();
    },
    { exported: true },
  );
}

// Implementation

/** Where one visit reads and writes. */
interface Visit {
  pre4?: Local;
  post4: Local;
  /** Address of the synapse's 32-bit words, and of its values, less the offset of the array. */
  words: Local;
  values: Local;
  /** Synapses at a time. */
  width: number;
}

class SynapticPrinter {
  readonly #code: FunctionBuilder;
  readonly #target: SynapticTarget;
  readonly #base: Local;
  readonly #instance: Local;
  readonly #threshold: Local;
  readonly #flag: Local;
  /** Lanes in which some weight was at or below the threshold. */
  readonly #low: Local;
  /** Values that hold for the whole kernel, or for the unit being visited. */
  readonly #fixed = new Map<string, Local>();
  /** What is computed of them ahead of the loops. */
  readonly #constant: PreparedSynapse;
  #prepared?: PreparedSynapse;

  constructor(code: FunctionBuilder, target: SynapticTarget) {
    this.#code = code;
    this.#target = target;
    [this.#base, this.#instance] = pointers(code, 2);
    this.#threshold = code.parameter(2);
    this.#flag = code.local("v128");
    this.#low = code.local("v128");
    for (const [key, address] of [
      ["time t", target.time],
      ...[...target.parameters].map(([p, a]) => [`parameter ${p}`, a] as const),
    ] as const) {
      const local = code.local("v128");
      code.i32Const(0).load("v128.load", address).set(local);
      this.#fixed.set(key, local);
    }
    this.#constant = this.#prepare(["parameter", "time"]);
  }

  printRows(): void {
    const { layout, precision } = this.#target;
    const code = this.#code;
    const { bytes } = arithmetic[precision];
    const lanes = LANES[precision].count;
    const [post4, words, values, end, wholeEnd, row4, count4] = locals(code, "i32", 7);
    this.#eachUnit("post", post4, () => {
      pushWord(code, this.#base, post4);
      code.load("i32.load", layout.inCount).i32Const(2).op("i32.shl").tee(count4);
      code.if(() => {
        this.#enterUnit("post", post4);
        this.#mark(post4);
        code.get(post4).i32Const(layout.inCapacity).op("i32.mul").set(row4);
        code.get(this.#base).get(row4).op("i32.add").tee(words).get(count4).op("i32.add").set(end);
        code
          .get(count4)
          .i32Const(-4 * lanes)
          .op("i32.and")
          .get(words)
          .op("i32.add")
          .set(wholeEnd);
        pushValue(code, this.#base, row4, precision);
        code.set(values);
        whileBelow(code, words, wholeEnd, () => {
          this.#body({ post4, words, values, width: lanes });
          advance(code, words, 4 * lanes);
          advance(code, values, bytes * lanes);
        });
        whileBelow(code, words, end, () => {
          this.#body({ post4, words, values, width: 1 });
          advance(code, words, 4);
          advance(code, values, bytes);
        });
        this.#pruneIf(post4);
      });
    });
    this.#result();
  }

  printLists(): void {
    const { layout, precision } = this.#target;
    const code = this.#code;
    const [pre4, place, values, end, post4, slot4, count4, words] = locals(code, "i32", 8);
    this.#eachUnit("pre", pre4, () => {
      pushWord(code, this.#base, pre4);
      code.load("i32.load", layout.outCount).i32Const(2).op("i32.shl").tee(count4);
      code.if(() => {
        this.#enterUnit("pre", pre4);
        code.get(pre4).i32Const(layout.outCapacity).op("i32.mul");
        code.get(this.#base).op("i32.add").tee(place).get(count4).op("i32.add").set(end);
        whileBelow(code, place, end, () => {
          code.get(place).load("i32.load", layout.outPost).set(post4);
          code.get(place).load("i32.load", layout.outSlot).set(slot4);
          this.#mark(post4);
          pushWord(code, this.#base, slot4);
          code.set(words);
          pushValue(code, this.#base, slot4, precision);
          code.set(values);
          this.#body({ pre4, post4, words, values, width: 1 });
          advance(code, place, 4);
        });
        this.#pruneIf(pre4);
      });
    });
    this.#result();
  }

  /** Run `body` for the units whose guard says that something may change. */
  #eachUnit(side: "pre" | "post", unit4: Local, body: () => void): void {
    const { synapse, precision, stride, layout } = this.#target;
    const count = side === "post" ? layout.rows : layout.columns;
    if (synapse.guard.length === 0) {
      eachUnit(this.#code, unit4, count, body);
      return;
    }
    const states = synapse.guard.map((name) => this.#target[side].get(name)!);
    eachActive(this.#code, { type: precision, stride, count, unit4, instance: this.#instance, states }, body);
  }

  /** Load what one side of the synapse shows once for the unit. */
  #enterUnit(side: "pre" | "post", unit4: Local): void {
    const code = this.#code;
    const { bytes } = LANES[this.#target.precision];
    for (const [name, address] of this.#target[side]) {
      const key = `${side} ${name}`;
      const local = this.#fixed.get(key) ?? code.local("v128");
      this.#fixed.set(key, local);
      pushState(code, unit4, this.#instance, this.#target);
      code.load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", address).set(local);
    }
    code.f64x2Const(0).set(this.#low);
    this.#prepared = this.#prepare(["parameter", "time", side], this.#constant);
  }

  #prepare(fixed: SynapseValue[], prepared?: PreparedSynapse): PreparedSynapse {
    const { synapse, dt } = this.#target;
    const load = (kind: string, name: string) => void this.#code.get(this.#fixed.get(`${kind} ${name}`)!);
    return prepareSynapse(
      synapse,
      this.#context(),
      { dt, fixed, ...(prepared ? { prepared } : {}) },
      { load },
    );
  }

  #context(): VectorContext {
    const { math, precision } = this.#target;
    const code = this.#code;
    return { code, math, precision, scratch: () => code.local("v128") };
  }

  /** Note that weights of a unit change. */
  #mark(post4: Local): void {
    pushWord(this.#code, this.#base, post4);
    this.#code.i32Const(1).store("i32.store", this.#target.layout.dirty);
  }

  #body(visit: Visit): void {
    const { synapse, dt } = this.#target;
    const options = { dt, flag: this.#flag, prepared: this.#prepared ?? this.#constant };
    printSynapse(synapse, this.#context(), options, {
      load: (kind, name) => this.#load(kind, name, visit),
      store: (name, value) => this.#store(name, value, visit),
    });
  }

  #load(kind: string, name: string, visit: Visit): void {
    const code = this.#code;
    const known = this.#fixed.get(`${kind} ${name}`);
    if (known) code.get(known);
    else if (kind === "variable") this.#loadVariable(name, visit);
    else if (kind === "post") this.#loadState(this.#target.post.get(name)!, () => code.get(visit.post4));
    else this.#gather(name, visit);
  }

  #loadVariable(name: string, { values, width }: Visit): void {
    const { bytes } = LANES[this.#target.precision];
    const splat = bytes === 8 ? "v128.load64_splat" : "v128.load32_splat";
    this.#code.get(values).load(width > 1 ? "v128.load" : splat, this.#array(name));
  }

  #array(name: string): number {
    const { layout, arrays } = this.#target;
    return layout.values + arrays.get(name)! * layout.valueBytes;
  }

  /** Push the state of one unit in every lane. */
  #loadState(address: number, pushUnit4: () => void): void {
    const code = this.#code;
    const { bytes } = LANES[this.#target.precision];
    const unit4 = code.local("i32");
    pushUnit4();
    code.set(unit4);
    pushState(code, unit4, this.#instance, this.#target);
    code.load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", address);
  }

  /** Push the presynaptic state of neighbouring slots, one in each lane. */
  #gather(name: string, { words, width }: Visit): void {
    const { layout, precision } = this.#target;
    const code = this.#code;
    const address = this.#target.pre.get(name)!;
    const { bytes } = LANES[precision];
    const unit4 = code.local("i32");
    for (let lane = 0; lane < width; lane++) {
      code
        .get(words)
        .load("i32.load", layout.inPre + 4 * lane)
        .set(unit4);
      if (lane === 0) {
        this.#loadState(address, () => code.get(unit4));
        continue;
      }
      const vector = code.local("v128");
      code.set(vector);
      pushState(code, unit4, this.#instance, this.#target);
      code.get(vector).loadLane(bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", lane, address);
    }
  }

  #store(name: string, value: Local, { values, width }: Visit): void {
    const { precision, prune } = this.#target;
    const code = this.#code;
    const { bytes, prefix } = LANES[precision];
    code.get(values).get(value);
    if (width > 1) code.store("v128.store", this.#array(name));
    else code.storeLane(bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", 0, this.#array(name));
    if (name !== "w" || prune === undefined) return;
    code.get(this.#low).get(value).get(this.#threshold);
    code
      .op(`${prefix}.splat` as Opcode)
      .op(`${prefix}.le` as Opcode)
      .op("v128.or")
      .set(this.#low);
  }

  #pruneIf(unit4: Local): void {
    const { prune, synapse } = this.#target;
    if (prune === undefined) return;
    const code = this.#code;
    code
      .get(this.#low)
      .op("v128.any_true")
      .if(() => {
        code.get(this.#base).get(unit4).get(this.#threshold);
        code.call(synapse.order === "post" ? prune.row : prune.list);
      });
  }

  #result(): void {
    const { prefix } = LANES[this.#target.precision];
    this.#code
      .get(this.#flag)
      .get(this.#flag)
      .op(`${prefix}.ne` as Opcode)
      .op("v128.any_true");
  }
}
