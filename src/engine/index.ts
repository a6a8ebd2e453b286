export { BlockProduct } from "./kernels/block-product.ts";
export { gatherBlock } from "./kernels/gather-block.ts";
export { MomentsAccumulator } from "./kernels/moments.ts";
export { Monitor, type MonitorOptions, type Recording, takeInstance } from "./monitor.ts";
export type { SimulationOptions } from "./options.ts";
export { SpikeRecorder, SynapseRecorder } from "./recorders.ts";
export { type InputSeries, Simulation, simulate } from "./simulation.ts";
export type { Divergence, RunStatus } from "./status.ts";
