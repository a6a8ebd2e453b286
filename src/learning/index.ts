export { ClassMoments, classMomentsOf } from "./readouts/class-moments.ts";
export {
  type ClassifierOptions,
  classifier,
  classScores,
  fitClassifier,
  predictClasses,
} from "./readouts/classifier.ts";
export type { GcvPath } from "./readouts/gcv.ts";
export type { LabelledStates, PackedStates, States } from "./readouts/labelled-states.ts";
export * from "./readouts/lasso.ts";
export * from "./readouts/least-squares.ts";
export { type LinearFitOptions, type LinearReadout, predict } from "./readouts/linear-readout.ts";
export {
  classProbabilities,
  type LogisticOptions,
  type LogisticReadout,
  logistic,
} from "./readouts/logistic.ts";
export * from "./readouts/ridge.ts";
export * from "./readouts/split.ts";
export * from "./readouts/training-moments.ts";
export * from "./reservoir/evaluate-reservoir.ts";
export * from "./reservoir/reservoir-network.ts";
