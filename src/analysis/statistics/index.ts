export * from "./bootstrap.ts";
export * from "./descriptive.ts";
export * from "./effect-size.ts";
export * from "./multiple-comparisons.ts";
export * from "./normal-distribution.ts";
export * from "./null-comparison.ts";
export * from "./permutation-test.ts";
