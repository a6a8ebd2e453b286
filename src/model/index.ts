export * from "./network.ts";
export * from "./neuron.ts";
export * from "./neurons/leaky-echo-state.ts";
