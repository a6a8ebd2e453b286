export * from "./counting-experiment.ts";
export { type Drive, seriesDrive, symbolDrive } from "./drive.ts";
export { type PerturbationGrowthOptions, perturbationGrowth } from "./perturbation-growth.ts";
export type { PhaseResult, SynapseSeries } from "./phase-result.ts";
export type { PhaseWarning } from "./phase-warnings.ts";
export { freezeAllBut, type Phase, ruleNames } from "./phases.ts";
export * from "./readout-task.ts";
export * from "./self-organisation.ts";
export * from "./self-organisation-options.ts";
