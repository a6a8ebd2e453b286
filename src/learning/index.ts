export * from "./gradient/index.ts";
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
export { type ActorCriticOptions, actorCritic } from "./reinforcement/actor-critic.ts";
export type { AgentEnvironment } from "./reinforcement/episode.ts";
export { evaluateAgent } from "./reinforcement/evaluate-agent.ts";
export * from "./reinforcement/features.ts";
export type { Learner, LearnerState, Outcome } from "./reinforcement/learner.ts";
export { type ReinforceOptions, reinforce } from "./reinforcement/reinforce.ts";
export { actionProbabilities, type SoftmaxPolicy, uniformPolicy } from "./reinforcement/softmax-policy.ts";
export * from "./reinforcement/train-agent.ts";
export * from "./reservoir/evaluate-reservoir.ts";
export * from "./reservoir/reservoir-network.ts";
export * from "./self-organisation/index.ts";
