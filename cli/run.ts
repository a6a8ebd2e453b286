/**
 * @file `cajal run`: check everything, run what is left, say what came out.
 */

import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import pc from "picocolors";
import { CajalError, onWarning } from "../src/core/index.ts";
import {
  type AnyExperiment,
  type ExperimentKind,
  type ExperimentPlan,
  type JobModule,
  lastRunFolder,
  NATIVE_SWITCH,
  newRunFolder,
  RUN_FILES,
  type RunResult,
  runExperiment,
} from "../src/experiment/index.ts";
import { dryRun } from "./dry-run.ts";
import { formatSeconds, plural } from "./format.ts";
import type { CommandIo, Output } from "./io.ts";
import { planWords, prepare } from "./prepare.ts";
import { openProgress } from "./progress.ts";
import { printFailures, printSummary, printWarnings } from "./run-output.ts";

/** Options of `cajal run`. */
export interface RunCommandOptions {
  set?: string[];
  out?: string;
  resume?: boolean;
  workers?: number;
  /** Threads of each job. */
  threads?: number;
  /** Longest time between two saved states of a long job [s]. */
  saveEvery?: number;
  instances?: number;
  /** Native code where this machine has a compiler and koffi; default: what `CAJAL_NATIVE` says. */
  native?: boolean;
  dryRun?: boolean;
  json?: boolean;
  /** Refuse files of another kind, as `cajal train` does. */
  only?: ExperimentKind;
  /** The command line, for `run.json`. */
  command?: string;
  /** Replaces the task's job, in tests. */
  jobModule?: JobModule;
}

/** Run an experiment file. @returns The exit code. */
export async function runCommand(file: string, options: RunCommandOptions, io: CommandIo): Promise<number> {
  const { set = [], instances, json = false, workers = availableParallelism() } = options;
  const text = json ? io.err : io.out;
  const restore = onWarning((_, message) => text.write(`${pc.yellow("warning")}  ${message}\n`));
  // Workers inherit the environment.
  if (options.native) process.env[NATIVE_SWITCH] = "1";
  try {
    const prepared = await prepare(file, { set, cwd: io.cwd, instances });
    if (options.only && prepared.kind !== options.only) throw otherKind(file, prepared.kind);
    if (options.dryRun) return await dryRun(file, prepared, { workers, threads: options.threads, json }, io);
    return await runPrepared(file, prepared, { ...options, workers }, io);
  } finally {
    restore();
  }
}

// Implementation

function otherKind(file: string, kind: ExperimentKind): CajalError {
  const has = kind === "memory" ? "is an experiment on the memory of a connectome" : `is of kind ${kind}`;
  return new CajalError(`${file} ${has}, nothing in it is trained by gradient`, {
    code: "other-kind",
    hint: `Run it with: cajal run ${file}. A file to train from: cajal new --template training`,
  });
}

async function runPrepared(
  file: string,
  { plan }: { plan: ExperimentPlan<AnyExperiment> },
  options: RunCommandOptions & { workers: number },
  io: CommandIo,
): Promise<number> {
  const { workers, threads, resume, json = false, command, jobModule, saveEvery } = options;
  const text = json ? io.err : io.out;
  const folder = await chooseFolder(plan, options, io.cwd);
  const shown = relative(io.cwd, folder) || ".";
  const progress = openProgress(plan, text);
  let begun = false;
  const stop = listenForStop({
    first: () => (begun ? progress.stopping() : text.write("stopping …\n")),
    // The screen must not be left without its cursor.
    second: () => begun && progress.end(),
  });
  let result: RunResult;
  try {
    result = await runExperiment(plan, {
      folder,
      workers,
      threads,
      resume,
      command,
      jobModule,
      saveEvery,
      signal: stop.signal,
      listener: {
        planned(jobs, kept, damaged) {
          text.write(`${headline(file, plan, shown, kept.length)}\n`);
          if (damaged.length > 0) text.write(`${damageWords(damaged)}\n`);
          const networks = new Map(plan.jobs.map(({ group, network }) => [group, network]));
          const before = new Map<string, number>();
          for (const { group } of kept) {
            const network = networks.get(group) ?? "";
            before.set(network, (before.get(network) ?? 0) + 1);
          }
          begun = true;
          progress.begin(jobs, before);
        },
        started: (job) => progress.started(job),
        progress: (job, steps, state) => progress.progressed(job, steps, state),
        ended: (job, record) => progress.ended(job, record),
      },
    });
  } finally {
    stop.close();
    if (begun) progress.end();
  }
  const stopped = result.status === "interrupted";
  const goOn = plan.jobs.some(({ steps }) => steps !== undefined);
  if (stopped) text.write(`\n${interruptedWords(file, result, { ...options, shown, goOn })}\n`);
  else printOutcome(result, { shown, text });
  if (json) io.out.write(`${JSON.stringify(jsonResult(result, shown))}\n`);
  if (stopped) return 130;
  // Without a summary the report could not be made, whatever the numbers are.
  return result.failures.length > 0 || result.summary === null ? 1 : 0;
}

async function chooseFolder(
  plan: ExperimentPlan<AnyExperiment>,
  { out, resume }: RunCommandOptions,
  cwd: string,
): Promise<string> {
  if (out !== undefined) return resolve(cwd, out);
  const runs = join(cwd, "runs");
  const { name } = plan.experiment;
  const last = resume ? await lastRunFolder(runs, name) : undefined;
  return last ?? newRunFolder(runs, name);
}

function headline(file: string, plan: ExperimentPlan<AnyExperiment>, shown: string, kept: number): string {
  const before = kept > 0 ? `, ${kept} of ${plan.jobs.length} jobs kept` : "";
  return `${pc.bold(file)} → ${planWords(plan)}${before} → ${shown}`;
}

/** One line, however many files there are. */
function damageWords(damaged: readonly string[]): string {
  const many = damaged.length > 1;
  const others = many ? ` and ${damaged.length - 1} more` : "";
  return `${plural(damaged.length, "file")} missing or damaged: ${damaged[0]}${others}; ${many ? "those jobs run" : "its job runs"} again.`;
}

/** The first Ctrl-C stops the run in good order, the second at once. */
function listenForStop(say: { first(): void; second(): void }): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const onStop = () => {
    if (controller.signal.aborted) {
      say.second();
      process.exit(130);
    }
    say.first();
    controller.abort();
  };
  process.on("SIGINT", onStop);
  process.on("SIGTERM", onStop);
  return {
    signal: controller.signal,
    close() {
      process.off("SIGINT", onStop);
      process.off("SIGTERM", onStop);
    },
  };
}

function interruptedWords(
  file: string,
  { jobs }: RunResult,
  { set = [], instances, native, only, shown, goOn }: RunCommandOptions & { shown: string; goOn: boolean },
): string {
  const again = [
    only === "training" ? "cajal train" : "cajal run",
    file,
    ...set.map((s) => `--set '${s}'`),
    "--out",
    shown,
    "--resume",
  ];
  if (instances !== undefined) again.push("--instances", String(instances));
  // Training by other kernels would differ in last bits.
  if (native) again.push("--native");
  return `Stopped; ${jobs.done} of ${jobs.total} jobs are kept in ${shown}${goOn ? ", begun ones go on from where they were" : ""}. Continue with\n  ${again.join(" ")}`;
}

function printOutcome(result: RunResult, { shown, text }: { shown: string; text: Output }): void {
  const { jobs, seconds, failures, warnings } = result;
  const mark = failures.length > 0 ? pc.yellow("!") : pc.green("✔");
  text.write(`\n${mark} ${plural(jobs.done, "job")} done in ${formatSeconds(seconds)}\n\n`);
  if (result.summary) printSummary(result.summary, text);
  printWarnings(warnings, text);
  printFailures(failures, jobs, text);
  const report = warnings.some((w) => w.startsWith("the report"))
    ? ""
    : `  ${pc.bold(join(shown, RUN_FILES.report))}\n`;
  text.write(
    `${report}  ${pc.dim(`${join(shown, RUN_FILES.metrics)} · hash ${(result.hash ?? "").slice(0, 16)}`)}\n`,
  );
}

function jsonResult(result: RunResult, dir: string) {
  const { jobs, cells, seconds, hash, failures, status, warnings } = result;
  return { dir, status, jobs, cells, seconds, hash, failures, warnings };
}
