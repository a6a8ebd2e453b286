/**
 * @file Training of an agent over many episodes: rewards, their running mean, when the task counts as solved, a network
 * that is plastic at first and then frozen, and checkpoints to go on from bit for bit.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { type AgentEnvironment, playEpisode } from "./episode.ts";
import type { Features } from "./features.ts";
import type { Learner, LearnerState } from "./learner.ts";

/** Whether the network behind the features changes by itself. */
export type AgentPhase = "plastic" | "frozen";

/** Everything a training goes on from, plain data. Random numbers are named by episode, so a name is their state. */
export interface AgentCheckpoint {
  /** Name of the random stream. */
  rng: string;
  /** Shape `(episode)`. */
  rewards: Float64Array;
  /** Shape `(episode)`. */
  steps: Int32Array;
  learner: LearnerState;
  /** What `features.save` gave. */
  features?: unknown;
}

/** What is known after an episode. */
export interface EpisodeReport {
  /** 0, 1, … */
  episode: number;
  phase: AgentPhase;
  reward: number;
  steps: number;
  /** Mean reward of the last `window` episodes, or of all if fewer. */
  runningMean: number;
  /** Everything to go on from after this episode. */
  checkpoint(): AgentCheckpoint;
}

/** Options of {@link trainAgent}. */
export interface TrainAgentOptions {
  environment: AgentEnvironment;
  features: Features;
  learner: Learner;
  /** Episodes in all, those before `resume` included. */
  episodes: number;
  rng: Rng;
  /** The network behind the features is plastic for the first episodes, then frozen. */
  schedule?: {
    plasticEpisodes: number;
    /** Switch the network's plasticity; also called where a training begins or goes on. */
    onPhase(phase: AgentPhase, episode: number): void;
    /** Whether the agent learns while its network is plastic, default true. */
    learnWhilePlastic?: boolean;
  };
  /** Running mean at which the task is solved, over a full window. */
  solvedAt?: number;
  /** Default true. */
  stopWhenSolved?: boolean;
  /** Episodes of the running mean, default 100. */
  window?: number;
  /** Cut every episode off after so many steps. */
  maxSteps?: number;
  /** Called after each episode; stops where it returns false. */
  onEpisode?(report: EpisodeReport): unknown;
  /** Go on from here: with the same options and stream the result is that of a training never stopped. */
  resume?: AgentCheckpoint;
}

/** How a training went. */
export interface AgentTraining {
  /** `diverged`: weights stopped being finite, see `message`. */
  status: "done" | "solved" | "stopped" | "diverged";
  message?: string;
  /** Sum of the rewards of each episode, shape `(episode)`. */
  rewards: Float64Array;
  /** Shape `(episode)`. */
  steps: Int32Array;
  /** Mean reward of the last `window` episodes, or of all if fewer, shape `(episode)`. */
  runningMean: Float64Array;
  /** Episodes played when the running mean first reached `solvedAt`. */
  solvedAt?: number;
  /** Highest running mean over a full window; over all episodes if there are fewer. */
  best: number;
  checkpoint: AgentCheckpoint;
}

/**
 * Train an agent. Episode k draws from `rng.stream(k)`, so the same stream gives the same bits.
 *
 * @throws CajalError `shape`, `bad-option`, `wrong-stream`, `wrong-state` or `bad-reward`.
 * @example
 * const features = withBias(rawFeatures(4));
 * const learner = reinforce({ features: features.size, actions: 2 });
 * const { solvedAt } = trainAgent({ environment, features, learner, episodes: 1000, rng, solvedAt: 195 });
 */
export function trainAgent(options: TrainAgentOptions): AgentTraining {
  const { learner, features, rng, schedule, window = 100, stopWhenSolved = true } = options;
  checkOptions(options, window);
  const log = beginLog(options, window);
  let phase = phaseAt(schedule, log.rewards.length);
  schedule?.onPhase(phase, log.rewards.length);
  const isOver = () =>
    log.rewards.length >= options.episodes || (stopWhenSolved && log.solvedAt !== undefined);
  while (!isOver()) {
    const episode = log.rewards.length;
    if (phaseAt(schedule, episode) !== phase) {
      phase = phaseAt(schedule, episode);
      schedule?.onPhase(phase, episode);
    }
    const learns = phase === "frozen" || (schedule?.learnWhilePlastic ?? true);
    learner.begin();
    const actor = learns ? learner : { act: learner.act.bind(learner) };
    const { reward, steps } = playEpisode({ ...options, actor, rng: rng.stream(episode) });
    learner.begin();
    record(log, reward, steps);
    const checkpoint = () => checkpointOf(log, options);
    const goOn = options.onEpisode?.({
      episode,
      phase,
      reward,
      steps,
      runningMean: log.means[episode],
      checkpoint,
    });
    const bad = notFinite(learner);
    if (bad) return training(log, options, { status: "diverged", message: describe(bad, episode, learner) });
    if (goOn === false) return training(log, options, { status: "stopped" });
  }
  const status = log.solvedAt !== undefined && stopWhenSolved ? "solved" : "done";
  return training(log, { learner, features, rng }, { status });
}

// Implementation

interface Log {
  window: number;
  threshold: number;
  rewards: number[];
  steps: number[];
  means: number[];
  solvedAt?: number;
}

function beginLog({ resume, rng, learner, features, solvedAt }: TrainAgentOptions, window: number): Log {
  const log: Log = { window, threshold: solvedAt ?? Infinity, rewards: [], steps: [], means: [] };
  if (!resume) return log;
  if (resume.rng !== rng.name) {
    throw new CajalError(`the checkpoint draws from stream "${resume.rng}", not "${rng.name}"`, {
      code: "wrong-stream",
      where: "trainAgent",
      hint: "Resume with the stream the training began with.",
    });
  }
  learner.restore(resume.learner);
  if (resume.features !== undefined) features.restore?.(resume.features);
  resume.rewards.forEach((reward, k) => {
    record(log, reward, resume.steps[k]);
  });
  return log;
}

function record(log: Log, reward: number, steps: number): void {
  log.rewards.push(reward);
  log.steps.push(steps);
  const played = log.rewards.length;
  // Summed anew, so that a training that was resumed has the same bits.
  let sum = 0;
  const first = Math.max(0, played - log.window);
  for (let k = first; k < played; k++) sum += log.rewards[k];
  log.means.push(sum / (played - first));
  if (played >= log.window && log.means[played - 1] >= log.threshold) log.solvedAt ??= played;
}

function phaseAt(schedule: TrainAgentOptions["schedule"], episode: number): AgentPhase {
  return schedule && episode < schedule.plasticEpisodes ? "plastic" : "frozen";
}

function checkpointOf(
  log: Log,
  { learner, features, rng }: Pick<TrainAgentOptions, "learner" | "features" | "rng">,
): AgentCheckpoint {
  const saved = features.save?.();
  return {
    rng: rng.name,
    rewards: Float64Array.from(log.rewards),
    steps: Int32Array.from(log.steps),
    learner: learner.save(),
    ...(saved !== undefined && { features: saved }),
  };
}

function training(
  log: Log,
  options: Pick<TrainAgentOptions, "learner" | "features" | "rng">,
  how: Pick<AgentTraining, "status" | "message">,
): AgentTraining {
  const full = log.means.slice(Math.min(log.window, log.means.length) - 1);
  return {
    ...how,
    rewards: Float64Array.from(log.rewards),
    steps: Int32Array.from(log.steps),
    runningMean: Float64Array.from(log.means),
    ...(log.solvedAt !== undefined && { solvedAt: log.solvedAt }),
    best: full.reduce((most, mean) => Math.max(most, mean), -Infinity),
    checkpoint: checkpointOf(log, options),
  };
}

function notFinite(learner: Learner): string | undefined {
  if (!learner.policy().weights.every(Number.isFinite)) return "the policy";
  return learner.valueWeights().every(Number.isFinite) ? undefined : "the value estimate";
}

function describe(what: string, episode: number, learner: Learner): string {
  return `trainAgent: a weight of ${what} is not finite after episode ${episode} of ${learner.kind}; lower its rates or the size of the features.`;
}

function checkOptions(options: TrainAgentOptions, window: number): void {
  const { environment, features, learner, episodes, schedule } = options;
  const fail = (what: string, code: string, hint?: string): never => {
    throw new CajalError(what, { code, where: "trainAgent", hint });
  };
  if (features.size !== learner.features) {
    const hint = "Make the learner with features: features.size.";
    fail(`${features.size} features, but the learner takes ${learner.features}`, "shape", hint);
  }
  if (environment.actions !== learner.actions) {
    const hint = "Make the learner with actions: environment.actions.";
    fail(
      `${environment.name} has ${environment.actions} actions, the learner ${learner.actions}`,
      "shape",
      hint,
    );
  }
  for (const [name, value, least] of [
    ["episodes", episodes, 0],
    ["window", window, 1],
    ["plasticEpisodes", schedule?.plasticEpisodes ?? 0, 0],
    ["maxSteps", options.maxSteps ?? 1, 1],
  ] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    fail(`${name} must be a whole number ≥ ${least}, got ${value}`, "bad-option");
  }
}
