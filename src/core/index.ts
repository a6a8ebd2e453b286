export * from "./code-frame.ts";
export * from "./elementary.ts";
export * from "./errors.ts";
export * from "./matrix.ts";
export * from "./moments.ts";
export * from "./nearest.ts";
export * from "./random/philox.ts";
export * from "./random/rng.ts";
