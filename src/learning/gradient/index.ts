/**
 * @file Door of training by gradient: optimisers, losses, constraints and initial weights, on plain typed
 * arrays, and the loop that joins them to a network and a task.
 */

export * from "./constraints/area-layout.ts";
export * from "./constraints/area-mask.ts";
export * from "./constraints/check-population.ts";
export * from "./constraints/enforce.ts";
export * from "./constraints/weight-constraint.ts";
export * from "./initialise/balance.ts";
export * from "./initialise/distribution.ts";
export * from "./initialise/initial-weights.ts";
export { drawOrthogonal } from "./initialise/orthogonal.ts";
export * from "./inspect/index.ts";
export * from "./losses/classification.ts";
export * from "./losses/composite.ts";
export * from "./losses/error.ts";
export { type OmegaInput, omega } from "./losses/omega.ts";
export * from "./losses/population.ts";
export * from "./losses/rate.ts";
export {
  type AxisOrder,
  fromAxisOrder,
  type GradientSink,
  type Mask,
  type TermOptions,
  type TrajectoryShape,
} from "./losses/trajectory.ts";
export * from "./losses/weight.ts";
export type { AdamOptions } from "./optimisers/adam.ts";
export * from "./optimisers/clip.ts";
export * from "./optimisers/optimiser.ts";
export type { RmspropOptions } from "./optimisers/rmsprop.ts";
export * from "./optimisers/save-optimiser.ts";
export * from "./optimisers/schedule.ts";
export type { SgdOptions } from "./optimisers/sgd.ts";
export type { Slots } from "./optimisers/tensor.ts";
export { type ParameterSet, type Values, zeroGradients } from "./parameters.ts";
export type { TrialStates } from "./train/carried-states.ts";
export {
  type ConnectomeWiring,
  type ConnectomeWiringOptions,
  connectomeWiring,
} from "./train/connectome-wiring.ts";
export {
  CURRENT_PARTS,
  type CurrentNetworkOptions,
  type CurrentPart,
  currentNetwork,
} from "./train/current-network.ts";
export type { CurriculumStage, StageGoal } from "./train/curriculum.ts";
export {
  ELMAN_PARTS,
  type ElmanNetworkOptions,
  type ElmanPart,
  elmanNetwork,
} from "./train/elman-network.ts";
export { equationNetwork } from "./train/equation-network.ts";
export {
  EQUATION_PARTS,
  type EquationNetworkOptions,
  equationParts,
} from "./train/equation-network-options.ts";
export { ACTIVATION_SLOPES, type LeakyRate } from "./train/leaky-rate.ts";
export {
  type AreaUnits,
  type AreaWiring,
  type AreaWiringOptions,
  areaWiring,
  type MultiAreaNetwork,
  type MultiAreaOptions,
  multiAreaNetwork,
} from "./train/multi-area-network.ts";
export type { OmegaTerm } from "./train/omega-regulariser.ts";
export { type RateNetwork, rateNetwork } from "./train/rate-network.ts";
export {
  PART_NAMES,
  RATE_ACTIVATIONS,
  type RateActivation,
  type RateNetworkOptions,
  type RatePart,
} from "./train/rate-network-options.ts";
export { unitSigns } from "./train/rate-weights.ts";
export { workShare } from "./train/shared-work.ts";
export {
  SPIKING_PARTS,
  type SpikingNetworkOptions,
  type SpikingPart,
  spikingNetwork,
} from "./train/spiking-network.ts";
export { train } from "./train/train.ts";
export {
  type ClipOptions,
  type EarlyStopping,
  type Regulariser,
  resolveTraining,
  STOPPING_CRITERIA,
  type StoppingCriterion,
  type TrainOptions,
  type ValidationOptions,
} from "./train/train-options.ts";
export type { TrainableNetwork } from "./train/trainable-network.ts";
export { Trainer } from "./train/trainer.ts";
export type {
  ActingParameters,
  CarriedResult,
  StageScore,
  TrainingDivergence,
  TrainingHistory,
  TrainingResult,
  TrainingStatus,
  UpdateReport,
  Validation,
} from "./train/training-result.ts";
export type { PerProjection, WiringOptions } from "./train/wiring-options.ts";
export { withParameters } from "./train/with-parameters.ts";
export { parameterTensors } from "./weights-file/parameter-tensors.ts";
export { type PretrainedWeights, pretrainedWeights } from "./weights-file/pretrained-weights.ts";
export * from "./weights-file/safetensors.ts";
export { constraintTensors, type MaskArray, SYNAPSE, synapseMasks } from "./weights-file/synapse-masks.ts";
