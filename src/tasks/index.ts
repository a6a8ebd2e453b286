export * from "./cognitive/batch-trials.ts";
export { conditionGrid } from "./cognitive/conditions.ts";
export { type ContextIntegrationOptions, contextIntegration } from "./cognitive/context-integration.ts";
export { type Answer, defineTask, type TaskDefinition } from "./cognitive/define-task.ts";
export { delayComparison } from "./cognitive/delay-comparison.ts";
export { delayedDiscrimination } from "./cognitive/delayed-discrimination.ts";
export { delayedMatchToSample } from "./cognitive/delayed-match-to-sample.ts";
export type { Duration } from "./cognitive/duration.ts";
export { eyeMovementSequence } from "./cognitive/eye-movement-sequence.ts";
export type { FixationTaskOptions } from "./cognitive/fixation-task.ts";
export { addInputNoise, type InputNoise, SONG_NOISE, stepDeviation } from "./cognitive/input-noise.ts";
export { type MultisensoryOptions, multisensoryIntegration } from "./cognitive/multisensory-integration.ts";
export { nBack } from "./cognitive/n-back.ts";
export { parametricWorkingMemory } from "./cognitive/parametric-working-memory.ts";
export { type PerceptualDecisionOptions, perceptualDecision } from "./cognitive/perceptual-decision.ts";
export { findPeriod, type PlannedPeriod, type Timing } from "./cognitive/periods.ts";
export { type Pictures, pictureMemory, syntheticPictures } from "./cognitive/picture-memory.ts";
export { type PsychRnnOptions, randomDotMotion } from "./cognitive/random-dot-motion.ts";
export * from "./cognitive/read-choices.ts";
export { ringContextDecision } from "./cognitive/ring-context-decision.ts";
export { type RingOptions, ringDecision, ringMultisensory } from "./cognitive/ring-decision.ts";
export * from "./cognitive/score-choices.ts";
export { sequenceMemory } from "./cognitive/sequence-memory.ts";
export { type SineWaveOptions, sineWave } from "./cognitive/sine-wave.ts";
export type * from "./cognitive/trial.ts";
export { type Channel, TrialDraft } from "./cognitive/trial-draft.ts";
export type { DecisionOptions } from "./cognitive/two-choice.ts";
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
