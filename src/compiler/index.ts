export { checkNeuron, checkSynapse } from "./check/check.ts";
export { METHOD_NAMES, methodOf } from "./check/flags.ts";
export type {
  CheckedModel,
  CheckedStatement,
  CheckedSynapse,
  Locality,
  Method,
  RandomSite,
  Reduction,
  ReductionKind,
  Section,
  Variable,
} from "./check/model.ts";
export { compileNeuron, compileSynapse } from "./compile.ts";
export {
  type AdjointModel,
  type AdjointOptions,
  adjointModel,
} from "./differentiate/adjoint-model.ts";
export { INITIAL_ADJOINT, type InitialAdjoint, initialAdjoint } from "./differentiate/initial.ts";
export {
  adjointName,
  nextName,
  parameterAdjointName,
  reductionAdjointName,
  sharedParameterAdjointName,
  shareName,
  sumAdjointName,
  variableOfNext,
} from "./differentiate/names.ts";
export { SURROGATE_NAMES, type Surrogate } from "./differentiate/surrogate.ts";
export { CMathLibrary } from "./emit/c/math-library.ts";
export { type CPopulationTarget, printPopulation } from "./emit/c/population.ts";
export {
  cutRow,
  type Piece,
  printVectorTypes,
  type VectorBytes,
  type VectorType,
  vectorType,
} from "./emit/c/vector-types.ts";
export { evaluate, PORTABLE } from "./emit/interpret/evaluate.ts";
export {
  type InterpreterTarget,
  interpretPopulation,
  type SlotView,
} from "./emit/interpret/population.ts";
export { interpretSynapse, type ReadSynapse, type WriteSynapse } from "./emit/interpret/synapse.ts";
export { FLUSH_BELOW } from "./emit/wasm/body-printer.ts";
export {
  countLoop,
  type FunctionBuilder,
  type FunctionHandle,
  type Local,
  type ValueType,
} from "./emit/wasm/function-builder.ts";
export {
  CONSTANTS_BYTES,
  type MathFunction,
  MathLibrary,
  type Precision,
} from "./emit/wasm/math/math-library.ts";
export { ModuleBuilder } from "./emit/wasm/module-builder.ts";
export type { Opcode } from "./emit/wasm/opcodes.ts";
export { emitPopulation, type SlotUse } from "./emit/wasm/population.ts";
export { addRandomFill } from "./emit/wasm/random-fill.ts";
export {
  type PreparedSynapse,
  prepareSynapse,
  printSynapse,
  type SynapseAccess,
} from "./emit/wasm/synapse.ts";
export { emitOperation, LANES, pushConstant, type VectorContext } from "./emit/wasm/vector-operations.ts";
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
export type { SynapseValue } from "./ir/synapse.ts";
export { parseEquations } from "./parse/parser.ts";
export type { Source } from "./parse/source.ts";
export { activeParameter } from "./plan/active.ts";
export { gainParameter, withGain } from "./plan/gain.ts";
export { type Action, type PlannedModel, planModel } from "./plan/plan.ts";
export { readsParameter } from "./plan/reads-parameter.ts";
export {
  type PlannedSynapse,
  pruneThreshold,
  type Side,
  synapseError,
  type VisitOrder,
} from "./plan/synapse.ts";
export { type SymbolKind, symbolsOf, type Term } from "./term.ts";
