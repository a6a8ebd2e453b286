export type { BackendPath } from "./backends/backend.ts";
export type { NativeFunction, NativeLoader } from "./backends/native.ts";
export {
  type BackwardOptions,
  type BackwardResult,
  differentiate,
  type ForwardOptions,
  type ForwardResult,
  Gradient,
} from "./gradient/gradient.ts";
export type { GradientOptions } from "./gradient/options.ts";
export type { WeightProducts } from "./gradient/products.ts";
export type { InputSeries } from "./input-feed.ts";
export { BlockProduct } from "./kernels/block-product.ts";
export { gatherBlock } from "./kernels/gather-block.ts";
export { MomentsAccumulator } from "./kernels/moments.ts";
export { Monitor, type MonitorOptions, type Recording, takeInstance } from "./monitor.ts";
export type { SimulationOptions } from "./options.ts";
export { type SpikeRecord, SpikeRecorder, type SynapseRecord, SynapseRecorder } from "./recorders.ts";
export { Simulation, simulate } from "./simulation.ts";
export type { Divergence, RunStatus } from "./status.ts";
