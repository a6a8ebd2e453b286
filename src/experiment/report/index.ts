export * from "./render-report.ts";
export * from "./report-input.ts";
