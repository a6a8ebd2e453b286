/**
 * @file `cajal run --dry-run`: the jobs, and what they will cost.
 */

import pc from "picocolors";
import {
  type Cost,
  chooseNodes,
  jobCost,
  jobThreads,
  selfOrganisationCost,
  setUpTraining,
  totalBytes,
  totalSeconds,
  trainingCost,
} from "../src/experiment/index.ts";
import { formatBytes, formatCount, formatSeconds, plural } from "./format.ts";
import type { CommandIo } from "./io.ts";
import { type Prepared, planWords } from "./prepare.ts";
import { formatTable } from "./table.ts";

/** Print the jobs. @returns The exit code. */
export async function dryRun(
  file: string,
  prepared: Prepared,
  options: { workers: number; threads?: number; json: boolean },
  io: CommandIo,
): Promise<number> {
  const { workers, json } = options;
  const text = json ? io.err : io.out;
  const { plan } = prepared;
  const threads = jobThreads(plan, { workers, jobs: plan.jobs.length, threads: options.threads });
  const { costs, table } = await costsOf(prepared, threads);
  const total = totalSeconds(costs, workers);
  const bytes = totalBytes(costs, workers);
  text.write(`${pc.bold(file)} → ${planWords(plan)}\n${table}\n`);
  for (const factor of plan.factors)
    text.write(`  ${pc.dim(`${factor.name}: ${valueList(factor.values)}`)}\n`);
  const on = workers === 0 ? "in one thread" : `on ${plural(workers, "worker")}`;
  const each = threads > 1 ? `, ${threads} threads each` : "";
  text.write(
    `About ${formatSeconds(total)} ${on}${each}, ${formatBytes(bytes)} of memory. Nothing was run.\n`,
  );
  if (json) {
    const result = {
      dryRun: true,
      jobs: { total: plan.jobs.length },
      cells: plan.cells,
      seconds: total,
      bytes,
    };
    io.out.write(`${JSON.stringify(result)}\n`);
  }
  return 0;
}

// Implementation

function costsOf(prepared: Prepared, threads: number): Promise<{ costs: Cost[]; table: string }> {
  if (prepared.kind === "training") return trainingCosts(prepared, threads);
  return prepared.kind === "memory" ? memoryCosts(prepared) : selfOrganisationCosts(prepared);
}

async function memoryCosts({
  plan,
  store,
}: Extract<Prepared, { kind: "memory" }>): Promise<{ costs: Cost[]; table: string }> {
  const costs: Cost[] = [];
  const rows: string[][] = [];
  for (const { name } of plan.networks) {
    const jobs = plan.jobs.filter(({ network }) => network === name);
    const own: Cost[] = [];
    for (const job of jobs) {
      const connectome = await store.prepare(job.experiment);
      own.push(jobCost(job, connectome, chooseNodes(connectome, job.experiment, 0).output.length));
    }
    costs.push(...own);
    const connectome = await store.prepare(jobs[0].experiment);
    const seconds = own.reduce((sum, cost) => sum + cost.seconds, 0) / own.length;
    const bytes = Math.max(...own.map((cost) => cost.bytes));
    const { weights } = connectome;
    rows.push([
      name,
      ...[
        jobs.length,
        jobs[0].cells.length,
        weights.rows,
        weights.values.length,
        jobs[0].experiment.task.steps,
      ].map(formatCount),
      formatSeconds(seconds),
      formatBytes(bytes),
    ]);
  }
  const heads = ["network", "jobs", "cells each", "units", "edges", "steps", "time each", "memory"];
  return { costs, table: costTable(heads, rows) };
}

async function selfOrganisationCosts({
  plan,
  store,
}: Extract<Prepared, { kind: "self-organisation" }>): Promise<{ costs: Cost[]; table: string }> {
  const costs: Cost[] = [];
  for (const { experiment } of plan.jobs) {
    const { connectome, transforms, seed } = experiment;
    costs.push(
      selfOrganisationCost(
        experiment,
        connectome && (await store.prepare({ connectome, transforms, seed })).labels.length,
      ),
    );
  }
  const rows = plan.networks.map(({ name }) => {
    const own = costs.filter((_, k) => plan.jobs[k].network === name);
    const steps = plan.jobs.find(({ network }) => network === name)?.steps ?? 0;
    const seconds = own.reduce((sum, cost) => sum + cost.seconds, 0) / own.length;
    const bytes = Math.max(...own.map((cost) => cost.bytes));
    return [name, formatCount(own.length), formatCount(steps), formatSeconds(seconds), formatBytes(bytes)];
  });
  return { costs, table: costTable(["network", "jobs", "steps", "time each", "memory"], rows) };
}

/** Cells of the sweep that are built alike cost alike: a line for each size. */
async function trainingCosts(
  { plan, store }: Extract<Prepared, { kind: "training" }>,
  threads: number,
): Promise<{ costs: Cost[]; table: string }> {
  const sizes = new Map<string, Parameters<typeof trainingCost>[1]>();
  const lines = new Map<string, { cells: string[]; costs: Cost[] }>();
  const costs: Cost[] = [];
  for (const { experiment } of plan.jobs) {
    const { connectome, transforms, seed, task, network, wiring, updates } = experiment;
    const key = JSON.stringify([connectome, transforms, task, network, wiring]);
    const known = sizes.get(key);
    const wired = connectome && (await store.prepare({ connectome, transforms, seed }));
    const sketched = { connectome: wired, repeat: 0, sketch: true };
    const size = known ?? sizeOf(setUpTraining(experiment, sketched));
    sizes.set(key, size);
    const cost = trainingCost(experiment, size, threads);
    costs.push(cost);
    const numbers = [size.units, size.synapses, size.steps, updates];
    const cells = [network.model, ...numbers.map(formatCount)];
    const line = lines.get(cells.join()) ?? { cells, costs: [] };
    line.costs.push(cost);
    lines.set(cells.join(), line);
  }
  const rows = [...lines.values()].map(({ cells: [model, ...numbers], costs: own }) => {
    const seconds = own.reduce((sum, cost) => sum + cost.seconds, 0) / own.length;
    const bytes = Math.max(...own.map((cost) => cost.bytes));
    return [model, formatCount(own.length), ...numbers, formatSeconds(seconds), formatBytes(bytes)];
  });
  const heads = ["network", "jobs", "units", "synapses", "steps", "updates", "time each", "memory"];
  return { costs, table: costTable(heads, rows) };
}

function sizeOf({ task, built }: ReturnType<typeof setUpTraining>) {
  const rec = built.rate.network.projections.find(({ name }) => name === "rec");
  const { kind, values } = rec?.weights ?? { kind: "dense", values: new Float64Array() };
  return {
    steps: task.maxSteps,
    units: built.units,
    channels: task.inputs.length + task.outputs.length,
    // A dense matrix is multiplied whole, whatever its zeros.
    synapses: kind === "dense" ? built.units ** 2 : values.length,
  };
}

function costTable(heads: readonly string[], rows: readonly string[][]): string {
  const columns = heads.map((head, i) => ({ head, align: i === 0 ? ("left" as const) : ("right" as const) }));
  return formatTable(columns, rows);
}

function valueList(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const some = texts.length > 8 ? [...texts.slice(0, 4), "…", ...texts.slice(-2)] : texts;
  return `${some.join(", ")}${texts.length > 8 ? ` (${texts.length} values)` : ""}`;
}
