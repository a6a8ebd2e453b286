/**
 * @file Adam's step over many numbers in WebAssembly, two at a time: its quotients and roots take most of the time of
 * the loop in JavaScript. Operation for operation the same, so with the same bits.
 */

import { countLoop, type FunctionBuilder, type Local, ModuleBuilder } from "../../../compiler/index.ts";

/** Numbers in a block: its four arrays stay in the cache. */
const BLOCK = 4096;
const PAGE = 65536;

/** What does not differ from number to number, in the order of the kernel's parameters. */
export interface AdamFactors {
  beta1: number;
  /** 1 − β₁. */
  rest1: number;
  beta2: number;
  rest2: number;
  penalty: number;
  keep: number;
  stepSize: number;
  root: number;
  epsilon: number;
}

/** Arrays of one length in double precision. */
export interface AdamArrays {
  values: Float64Array;
  gradient: Float64Array;
  mean: Float64Array;
  square: Float64Array;
}

/** θ, m and v of one step, in place. */
export function adamBlocks({ values, gradient, mean, square }: AdamArrays, factors: AdamFactors): void {
  kernel ??= createKernel();
  const { blocks, step } = kernel;
  const { beta1, rest1, beta2, rest2, penalty, keep, stepSize, root, epsilon } = factors;
  const arrays = [values, mean, square, gradient];
  for (let from = 0; from < values.length; from += BLOCK) {
    const count = Math.min(BLOCK, values.length - from);
    const whole = arrays.map((array) => array.subarray(from, from + count));
    for (let k = 0; k < 4; k++) blocks[k].set(whole[k]);
    step(count, beta1, rest1, beta2, rest2, penalty, keep, stepSize, root, epsilon);
    for (let k = 0; k < 3; k++) whole[k].set(count === BLOCK ? blocks[k] : blocks[k].subarray(0, count));
  }
}

// Implementation

interface Kernel {
  /** θ, m, v, g. */
  blocks: Float64Array[];
  step: (count: number, ...factors: number[]) => void;
}

let kernel: Kernel | undefined;

function createKernel(): Kernel {
  const module = new ModuleBuilder();
  module.importMemory("cajal", "memory");
  const parameters = ["i32", ...new Array<"f64">(9).fill("f64")] as ("i32" | "f64")[];
  module.addFunction("step", { parameters, results: [] }, emitStep, { exported: true });
  const bytes = 4 * 8 * BLOCK;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes() as BufferSource), {
    cajal: { memory },
  });
  const blocks = [0, 1, 2, 3].map((k) => new Float64Array(memory.buffer, 8 * k * BLOCK, BLOCK));
  return { blocks, step: exports.step as Kernel["step"] };
}

function emitStep(code: FunctionBuilder): void {
  const spread = Array.from({ length: 9 }, (_, k) => {
    const local = code.local("v128");
    code
      .get(code.parameter(k + 1))
      .op("f64x2.splat")
      .set(local);
    return local;
  });
  const [beta1, rest1, beta2, rest2, penalty, keep, stepSize, root, epsilon] = spread;
  const [at, counter] = [code.local("i32"), code.local("i32")];
  const [x, g, m, v] = [0, 1, 2, 3].map(() => code.local("v128"));
  const load = (k: number) => code.get(at).load("v128.load", 8 * k * BLOCK);
  const store = (k: number, value: Local) =>
    code
      .get(at)
      .get(value)
      .store("v128.store", 8 * k * BLOCK);
  // An odd count takes a number more than there is, which nobody reads.
  countLoop(code, counter, code.parameter(0), 2, () => {
    code.get(counter).i32Const(3).op("i32.shl").set(at);
    load(0).set(x);
    load(3).get(penalty).get(x).op("f64x2.mul").op("f64x2.add").set(g);
    code.get(beta1);
    load(1).op("f64x2.mul").get(rest1).get(g).op("f64x2.mul").op("f64x2.add").set(m);
    store(1, m);
    code.get(beta2);
    load(2).op("f64x2.mul").get(rest2).get(g).op("f64x2.mul").get(g).op("f64x2.mul").op("f64x2.add").set(v);
    store(2, v);
    code.get(x).get(keep).op("f64x2.mul").get(stepSize).get(m);
    code.get(v).op("f64x2.sqrt").get(root).op("f64x2.div").get(epsilon).op("f64x2.add");
    code.op("f64x2.div").op("f64x2.mul").op("f64x2.sub").set(x);
    store(0, x);
  });
}
