export { type Activity, projectActivity } from "./activity.ts";
export * from "./chronometric.ts";
export * from "./group-connectivity.ts";
export * from "./principal-components.ts";
export * from "./psychometric.ts";
export * from "./regression.ts";
export * from "./selectivity.ts";
export * from "./task-variance.ts";
export * from "./weight-learning.ts";
