/**
 * @file Door of `cajal/experiment`: from an experiment file to a directory of results. Node only: it opens files.
 */

export { buildReportInput } from "./build-report-input.ts";
export { type CompareOptions, compareRuns } from "./compare/compare-runs.ts";
export type { Comparison, CurveBand, GroupCurves, GroupSummary, PairTest } from "./compare/comparison.ts";
export { metricHead, metricMeaning } from "./compare/metric-words.ts";
export { renderComparison } from "./compare/render-comparison.ts";
export { ConnectomeStore, openConnectome } from "./connectome-source.ts";
export { type ConvertedExperiment, type ConvertOptions, convertBioRnnMem } from "./convert/bio-rnn-mem.ts";
export { type ChosenNodes, chooseNodes, repeatRng } from "./jobs/choose-nodes.ts";
export type {
  CellFailure,
  FileMark,
  JobContext,
  JobRecord,
  JobSpec,
  JobState,
  MetricRow,
  RunJob,
} from "./jobs/job.ts";
export { setUpTraining } from "./jobs/training/training-setup.ts";
export { type WriteDurably, writeDurably, writeError } from "./journal/durable-file.ts";
export { takeLock } from "./journal/lock.ts";
export type { JournalEntry } from "./journal/record-file.ts";
export { makeFolder } from "./make-folder.ts";
export { type MadeReport, makeReport } from "./make-report.ts";
export { NATIVE_SWITCH } from "./native/job-backend.ts";
export { type FoundNative, findNative, type NativeOptions } from "./native/native-loader.ts";
export { packageFile, packageVersion } from "./package-root.ts";
export { checkExperiment } from "./plan/check-experiment.ts";
export { checkSelfOrganisation } from "./plan/check-self-organisation.ts";
export { checkTraining } from "./plan/check-training.ts";
export {
  type Cost,
  jobCost,
  selfOrganisationCost,
  totalBytes,
  totalSeconds,
  trainingCost,
} from "./plan/cost-model.ts";
export {
  DEFAULT_INSTANCES,
  type ExperimentPlan,
  type PlannedNetwork,
  planExperiment,
} from "./plan/plan-experiment.ts";
export { planSelfOrganisation } from "./plan/plan-self-organisation.ts";
export { planTraining } from "./plan/plan-training.ts";
export type { PlannedFactor } from "./plan/planned-factors.ts";
export { type SeriesLengths, seriesLengths } from "./plan/series-lengths.ts";
export { renderReport } from "./report/index.ts";
export { type MetricKind, meanWords, type RepeatMean } from "./report/repeat-mean.ts";
export { type JobFailure, type RunManifest, thisMachine } from "./results/manifest.ts";
export { completeRows, type MetricsTable, metricsHash, metricsTable } from "./results/metrics-table.ts";
export { decodeParquet, encodeParquet } from "./results/parquet.ts";
export { lastRunFolder, newRunFolder, RUN_FILES, readManifest } from "./results/run-directory.ts";
export { writeReport } from "./results/write-results.ts";
export {
  type NetworkSummary,
  type RunSummary,
  type SettingsSummary,
  summarizeRun,
} from "./run-summary.ts";
export type { JobModule } from "./runners/job-module.ts";
export { jobThreads } from "./runners/job-threads.ts";
export {
  type RunListener,
  type RunOptions,
  type RunResult,
  runExperiment,
} from "./runners/run-experiment.ts";
export { shownPath } from "./shown-path.ts";
export {
  type AnyExperiment,
  type ExperimentKind,
  experimentKind,
  isSelfOrganisation,
  isTraining,
} from "./spec/experiment-kind.ts";
export type { ConnectomeSource as ConnectomeChoice, ResolvedExperiment } from "./spec/experiment-schema.ts";
export { type Factor, type FactorValue, sweepValues } from "./spec/factors.ts";
export { formatIssues, type Issue, issuesOf } from "./spec/issue.ts";
export { experimentJsonSchema, SCHEMA_FILES } from "./spec/json-schema.ts";
export { parseExperiment } from "./spec/parse-experiment.ts";
export {
  type Resolved,
  resolveExperiment,
  resolveSelfOrganisation,
  resolveTrainingExperiment,
} from "./spec/resolve-experiment.ts";
export type { SelfOrganisationExperiment } from "./spec/self-organisation-schema.ts";
export type { Source } from "./spec/source.ts";
export type { TrainingExperiment } from "./spec/training-schema.ts";
export { threadTeam } from "./threads/thread-team.ts";
