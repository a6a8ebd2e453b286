export type { BackendPath } from "./backends/backend.ts";
export type { NativeFunction, NativeLoader } from "./backends/native-code.ts";
export type {
  BackwardOptions,
  BackwardResult,
  BatchGradient,
  ForwardOptions,
  ForwardResult,
} from "./gradient/batch-gradient.ts";
export { differentiate, Gradient } from "./gradient/gradient.ts";
export type { GradientOptions } from "./gradient/options.ts";
export type { Products, WeightProducts } from "./gradient/products.ts";
export { makeRooms, type Room } from "./gradient/rooms.ts";
export {
  type MakeTeam,
  makeShard,
  runTask,
  type Shard,
  type ShardAnswer,
  type ShardTask,
  type ShardTeam,
  type Share,
  teamInThread,
  type WorkShare,
} from "./gradient/shard-team.ts";
export { differentiateShards, ShardedGradient, type ShardOptions } from "./gradient/sharded-gradient.ts";
export type { InputSeries } from "./input-feed.ts";
export { BlockProduct } from "./kernels/block-product.ts";
export { gatherBlock } from "./kernels/gather-block.ts";
export { MomentsAccumulator } from "./kernels/moments.ts";
export { Monitor, type MonitorOptions, type Recording, takeInstance } from "./monitor.ts";
export type { SimulationOptions } from "./options.ts";
export { type SpikeRecord, SpikeRecorder, type SynapseRecord, SynapseRecorder } from "./recorders.ts";
export { Simulation, simulate } from "./simulation.ts";
export type { Divergence, RunStatus } from "./status.ts";
