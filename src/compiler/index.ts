export { checkNeuron } from "./check/check.ts";
export { METHOD_NAMES, methodOf } from "./check/flags.ts";
export type {
  CheckedModel,
  Locality,
  Method,
  RandomSite,
  Reduction,
  ReductionKind,
  Variable,
} from "./check/model.ts";
export { compileNeuron } from "./compile.ts";
export { evaluate, PORTABLE } from "./emit/interpret/evaluate.ts";
export {
  type InterpreterTarget,
  interpretPopulation,
  type SlotView,
} from "./emit/interpret/population.ts";
export type { FunctionBuilder, FunctionHandle, Local, ValueType } from "./emit/wasm/function-builder.ts";
export {
  CONSTANTS_BYTES,
  type MathFunction,
  MathLibrary,
  type Precision,
} from "./emit/wasm/math/math-library.ts";
export { ModuleBuilder } from "./emit/wasm/module-builder.ts";
export type { Opcode } from "./emit/wasm/opcodes.ts";
export { emitPopulation, FLUSH_BELOW } from "./emit/wasm/population.ts";
export { addRandomFill } from "./emit/wasm/random-fill.ts";
export { type BuildOptions, buildKernel } from "./ir/build.ts";
export {
  BOTH,
  INSTANCE,
  type PopulationKernel,
  SCALAR,
  type Shape,
  type SlotName,
  slotIndex,
  UNIT,
} from "./ir/kernel.ts";
export { parseEquations } from "./parse/parser.ts";
export { gainParameter, withGain } from "./plan/gain.ts";
export { type Action, type PlannedModel, planModel } from "./plan/plan.ts";
export { symbolsOf, type Term } from "./term.ts";
