export * from "./network.ts";
export * from "./neuron.ts";
export * from "./neurons/leaky-echo-state.ts";
export * from "./plasticity.ts";
export * from "./presets/index.ts";
export * from "./synapse.ts";
