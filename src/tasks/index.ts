export * from "./control/binned-encoder.ts";
export * from "./control/cart-pole.ts";
export * from "./control/environment.ts";
export * from "./memory/memory-capacity.ts";
export * from "./series/horizon.ts";
export * from "./series/series-task.ts";
export * from "./symbolic/ambiguous-cue.ts";
export * from "./symbolic/bounds.ts";
export * from "./symbolic/counting-task.ts";
export * from "./symbolic/grammar.ts";
export * from "./symbolic/grammars.ts";
export * from "./symbolic/occluder-task.ts";
export * from "./symbolic/poisson-symbols.ts";
export * from "./symbolic/random-sequence.ts";
export * from "./symbolic/scores.ts";
export * from "./symbolic/symbol-pools.ts";
export {
  type SequenceEnd,
  type SourceOptions,
  type SymbolSequence,
  toDrive,
} from "./symbolic/symbol-sequence.ts";
export { type Blanks, wordSequence } from "./symbolic/word-sequence.ts";
export { BLANK, type Word } from "./symbolic/words.ts";
