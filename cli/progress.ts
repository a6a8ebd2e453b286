/**
 * @file Progress of a run: on a terminal one line for each network, redrawn in place; elsewhere one plain line for each
 * finished job.
 */

import pc from "picocolors";
import type { AnyExperiment, ExperimentPlan, JobRecord, JobSpec, JobState } from "../src/experiment/index.ts";
import { formatSeconds, formatValue, plural } from "./format.ts";
import type { Output } from "./io.ts";
import { stepWord } from "./prepare.ts";
import { StepMeter } from "./step-meter.ts";

/** Shows how far a run is. */
export interface Progress {
  /** @param kept - Jobs of each network that were done before. */
  begin(jobs: readonly JobSpec[], kept: ReadonlyMap<string, number>): void;
  started(job: JobSpec): void;
  /** @param steps - Steps the job has done, those of an earlier session included. @param state - How it stands. */
  progressed(job: JobSpec, steps: number, state?: JobState): void;
  ended(job: JobSpec, record: JobRecord): void;
  /** The user has asked to stop. */
  stopping(): void;
  /** Leave the screen as a plain text would have. */
  end(): void;
}

/** The display that fits the output. */
export function openProgress(plan: ExperimentPlan<AnyExperiment>, out: Output): Progress {
  return out.isTTY ? new LiveProgress(plan, out) : new PlainProgress(plan, out);
}

// Implementation

const now = (): number => performance.now() / 1000;

/** What is known of one network's jobs. */
interface Group {
  name: string;
  total: number;
  done: number;
  failed: number;
  running: number;
  /** Best memory capacity of each finished copy and repeat. */
  best: number[];
}

const BAR = 20;
/** Time between two redraws [ms]. */
const REDRAW = 100;

class LiveProgress implements Progress {
  readonly #out: Output;
  readonly #groups: Group[];
  readonly #steps: StepMeter;
  #start = now();
  #ended = 0;
  #lines = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #over = false;

  constructor(plan: ExperimentPlan<AnyExperiment>, out: Output) {
    this.#out = out;
    this.#steps = new StepMeter(stepWord(plan.experiment));
    this.#groups = plan.networks.map(({ name }) => ({
      name,
      total: 0,
      done: 0,
      failed: 0,
      running: 0,
      best: [],
    }));
  }

  begin(jobs: readonly JobSpec[], kept: ReadonlyMap<string, number>): void {
    for (const group of this.#groups) {
      group.done = kept.get(group.name) ?? 0;
      group.total = group.done + jobs.filter(({ network }) => network === group.name).length;
    }
    this.#steps.begin(jobs);
    this.#start = now();
    this.#out.write(HIDE_CURSOR);
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), REDRAW);
    this.#timer.unref();
  }

  started(job: JobSpec): void {
    this.#group(job).running++;
  }

  progressed(job: JobSpec, steps: number, state?: JobState): void {
    this.#steps.progressed(job, steps, state);
  }

  ended(job: JobSpec, record: JobRecord): void {
    const group = this.#group(job);
    this.#steps.ended(job);
    group.running--;
    this.#ended++;
    if (record.status === "failed") group.failed++;
    else group.done++;
    const best = bestCapacity(record);
    if (best !== undefined) group.best.push(best);
  }

  stopping(): void {
    this.#stopping = true;
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#over = true;
    for (const group of this.#groups) group.running = 0;
    this.#draw();
    this.#out.write(SHOW_CURSOR);
  }

  #group(job: JobSpec): Group {
    return this.#groups.find(({ name }) => name === job.network) as Group;
  }

  #draw(): void {
    // A terminal that does not know its size says 0.
    const width = this.#out.columns || 80;
    const name = Math.max(...this.#groups.map((group) => group.name.length));
    const digits = Math.max(...this.#groups.map(({ total }) => String(total).length));
    const bars = this.#groups.map((group) =>
      groupLine(group, {
        ...{ name, digits },
        part: this.#steps.running(group.name),
        states: this.#steps.states(group.name),
      }),
    );
    const lines = [...bars, this.#totalLine()];
    const up = this.#lines > 0 ? `\x1b[${this.#lines}A` : "";
    this.#out.write(up + lines.map((line) => `\r${CLEAR_LINE}${cut(line, width)}\n`).join(""));
    this.#lines = lines.length;
  }

  #totalLine(): string {
    const left = this.#groups.reduce((sum, { total, done, failed }) => sum + total - done - failed, 0);
    const seconds = now() - this.#start;
    if (left === 0 || this.#over) return pc.dim(`  ${formatSeconds(seconds)}`);
    if (this.#stopping) return "  stopping …";
    const steps = this.#steps.words(seconds);
    if (steps) return pc.dim(`  ${steps}`);
    if (this.#ended === 0) return pc.dim(`  ${formatSeconds(seconds)} so far`);
    const rate = this.#ended / seconds;
    return pc.dim(
      `  ${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)} jobs/s · ${formatSeconds(left / rate)} left`,
    );
  }
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_LINE = "\x1b[2K";

function groupLine(
  { name, total, done, failed, running, best }: Group,
  width: { name: number; digits: number; part: number; states: JobState[] },
): string {
  const filled = total > 0 ? Math.floor((BAR * (done + failed + width.part)) / total) : 0;
  const bar = pc.cyan("█".repeat(filled)) + pc.dim("░".repeat(BAR - filled));
  const count = `${String(done + failed).padStart(width.digits)}/${String(total).padEnd(width.digits)}`;
  const parts = [
    `${name.padEnd(width.name)}  ${bar}  ${count}`,
    statesWords(width.states),
    best.length > 0 ? `best MC ${formatMean(best)}` : done + failed + running === 0 ? pc.dim("waiting") : "",
    running > 0 ? pc.dim(`${running} running`) : "",
    failed > 0 ? pc.red(`${failed} failed`) : "",
  ];
  return parts.filter(Boolean).join("   ");
}

/** Losses of several jobs, or how the first of them stands. */
function statesWords(states: readonly JobState[]): string {
  const [first] = states;
  if (typeof first === "string") return first;
  const losses = states.filter((state) => typeof state === "number");
  return losses.length > 0 ? `loss ${losses.slice(0, 4).map(formatValue).join(", ")}` : "";
}

function formatMean(values: readonly number[]): string {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length < 2) return formatValue(mean);
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return `${formatValue(mean)} ± ${formatValue(Math.sqrt(variance))}`;
}

function bestCapacity({ rows }: JobRecord): number | undefined {
  let best: number | undefined;
  for (const { metric, value } of rows)
    if (metric === "memoryCapacity" && (best === undefined || value > best)) best = value;
  return best;
}

/** What a trained network reached; `done` of other jobs. */
function trainedWords({ rows }: JobRecord): string {
  const value = (name: string) => rows.find(({ metric }) => metric === name)?.value;
  const [loss, correct] = [value("minimumLoss"), value("testFractionCorrect")];
  if (loss === undefined) return "done";
  return `loss ${formatValue(loss)}${correct === undefined ? "" : `, ${(100 * correct).toFixed(1)} % correct`}`;
}

/** A colour code; the pattern in brackets, so that a split keeps it. */
const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;]*m)`);

/** Cut a line with colours to `width` visible letters: a line that wraps would break the redrawing. */
function cut(line: string, width: number): string {
  let visible = 0;
  let out = "";
  for (const part of line.split(COLOUR)) {
    if (part.startsWith("\x1b[")) {
      out += part;
      continue;
    }
    out += part.slice(0, Math.max(0, width - 1 - visible));
    visible += part.length;
  }
  return out;
}

/** Time between two lines on how far long jobs are, where lines stay [s]. */
const SAY_EVERY = 30;

class PlainProgress implements Progress {
  readonly #out: Output;
  readonly #steps: StepMeter;
  #total = 0;
  #ended = 0;
  #start = now();
  #said = now();

  constructor(plan: ExperimentPlan<AnyExperiment>, out: Output) {
    this.#out = out;
    this.#steps = new StepMeter(stepWord(plan.experiment));
  }

  begin(jobs: readonly JobSpec[]): void {
    this.#total = jobs.length;
    this.#steps.begin(jobs);
    this.#start = now();
    this.#said = this.#start;
  }

  started(): void {}

  progressed(job: JobSpec, steps: number, state?: JobState): void {
    this.#steps.progressed(job, steps, state);
    if (now() - this.#said < SAY_EVERY) return;
    this.#said = now();
    this.#out.write(
      `${" ".repeat(2 * String(this.#total).length + 3)}${this.#steps.words(now() - this.#start)}${state === undefined ? "" : ` · ${job.id} ${statesWords([state])}`}\n`,
    );
  }

  ended(job: JobSpec, record: JobRecord): void {
    const { id } = job;
    this.#steps.ended(job);
    this.#ended++;
    const digits = String(this.#total).length;
    const best = bestCapacity(record);
    const result =
      record.status === "failed"
        ? `failed: ${record.failures[0]?.message ?? ""}`
        : best === undefined
          ? trainedWords(record)
          : `best MC ${formatValue(best)}`;
    const lost =
      record.status === "done" && record.failures.length > 0
        ? `, ${plural(record.failures.length, "cell")} failed`
        : "";
    const line = `${String(this.#ended).padStart(digits)}/${this.#total}  ${id}  ${formatSeconds(record.seconds)}  ${result}${lost}`;
    this.#out.write(`${line.split("\n")[0]}\n`);
  }

  stopping(): void {
    this.#out.write("stopping …\n");
  }

  end(): void {}
}
