export * from "./memory/memory-capacity.ts";
export * from "./series/horizon.ts";
export * from "./series/series-task.ts";
