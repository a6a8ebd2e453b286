export * from "./class-scores.ts";
export * from "./criticality/index.ts";
export * from "./memory-capacity.ts";
export * from "./score-accumulator.ts";
export * from "./scores.ts";
export * from "./spikes/index.ts";
export * from "./statistics/index.ts";
export * from "./structure/index.ts";
