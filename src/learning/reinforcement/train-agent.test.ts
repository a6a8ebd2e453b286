import { describe, expect, it } from "vitest";
import { createRng, createStream, type Rng } from "../../core/index.ts";
import { cartPole } from "../../tasks/index.ts";
import { actorCritic } from "./actor-critic.ts";
import { evaluateAgent } from "./evaluate-agent.ts";
import { encodedFeatures, type Features, rawFeatures, withBias } from "./features.ts";
import { reinforce } from "./reinforce.ts";
import { uniformPolicy } from "./softmax-policy.ts";
import { bandit, endless } from "./testing/environments.ts";
import { type AgentCheckpoint, type AgentPhase, trainAgent } from "./train-agent.ts";

const pole = (options: { hideVelocities?: boolean } = {}) => {
  const environment = cartPole({ version: 0, ...options });
  const raw = rawFeatures(environment.observationSize, { ranges: environment.observationRanges });
  return { environment, features: withBias(raw) };
};

/** Features with a memory and random numbers of their own that outlast an episode. */
function drifting(inner: Features): Features {
  let rng: Rng = createStream("drift/0");
  let drift = new Float64Array(inner.size);
  let episodes = 0;
  return {
    size: inner.size,
    reset() {
      rng = createStream(`drift/${++episodes}`);
      drift = drift.map((d) => d + 0.01 * rng.normal());
    },
    observe: (observation) => inner.observe(observation).map((x, i) => x + drift[i]),
    save: () => ({ drift: drift.slice(), episodes }),
    restore(saved) {
      const state = saved as { drift: Float64Array; episodes: number };
      drift = Float64Array.from(state.drift);
      episodes = state.episodes;
    },
  };
}

const makers = [
  ["reinforce", (features: number) => reinforce({ features, actions: 2 })],
  ["actorCritic", (features: number) => actorCritic({ features, actions: 2, lambda: 0.9 })],
] as const;

describe("trainAgent", () => {
  it.each([1, 2, 3])("solves CartPole-v0 with REINFORCE on what is observed, seed %d", (seed) => {
    const { environment, features } = pole();
    const learner = reinforce({ features: features.size, actions: 2 });
    const rng = createRng(seed);
    const run = trainAgent({ environment, features, learner, episodes: 700, rng, solvedAt: 195 });
    expect(run.status).toBe("solved");
    expect(run.solvedAt).toBe(run.rewards.length);
    expect(run.best).toBeGreaterThanOrEqual(195);
    const test = { environment, features, policy: learner.policy(), episodes: 20, rng: rng.stream("test") };
    expect(Math.min(...evaluateAgent(test))).toBeGreaterThan(180);
    expect(evaluateAgent(test)).toEqual(evaluateAgent(test));
  });

  it.each([1, 2, 3])("stays below 100 where velocities are hidden and nothing remembers, seed %d", (seed) => {
    const { environment, features } = pole({ hideVelocities: true });
    const learner = reinforce({ features: features.size, actions: 2 });
    const run = trainAgent({
      environment,
      features,
      learner,
      episodes: 700,
      rng: createRng(seed),
      solvedAt: 195,
    });
    expect(run.status).toBe("done");
    expect(run.best).toBeLessThan(100);
    expect(run.best).toBeGreaterThan(30);
    expect(run.solvedAt).toBeUndefined();
  });

  describe.each(makers)("%s", (_, make) => {
    const start = (seed = 7) => {
      const { environment, features } = pole();
      const learner = make(features.size);
      return { environment, features: drifting(features), learner, episodes: 60, rng: createRng(seed) };
    };

    it("gives the same bits for the same stream, whatever was drawn from it before", () => {
      const first = trainAgent(start());
      const again = start();
      again.rng.uniform();
      expect(trainAgent(again)).toEqual(first);
      expect(trainAgent(start(8)).rewards).not.toEqual(first.rewards);
    });

    it("goes on from a checkpoint bit for bit", () => {
      const whole = trainAgent(start());
      let kept: AgentCheckpoint | undefined;
      const stopped = trainAgent({
        ...start(),
        onEpisode: ({ episode, checkpoint }) => {
          if (episode === 24) kept = structuredClone(checkpoint());
          return episode < 30;
        },
      });
      expect(stopped.status).toBe("stopped");
      expect(stopped.rewards.length).toBe(31);
      for (const resume of [kept, stopped.checkpoint])
        expect(trainAgent({ ...start(), resume })).toEqual(whole);
    });
  });

  it("reports the mean of the last episodes and when it first reached the threshold", () => {
    // Rewards 0, 1, 2, …: the mean of the last 4 reaches 10 with episode 12, the thirteenth.
    let episode = -1;
    const environment = {
      ...bandit([1, 1]),
      reset: () => {
        episode++;
        return Float64Array.of(1);
      },
      step: () => ({
        observation: Float64Array.of(1),
        reward: episode,
        terminated: true,
        truncated: false,
      }),
    };
    const options = { environment, features: rawFeatures(1), episodes: 20, rng: createRng(1), window: 4 };
    const learner = () => reinforce({ features: 1, actions: 2 });
    const seen: number[] = [];
    const run = trainAgent({
      ...options,
      learner: learner(),
      solvedAt: 10,
      onEpisode: ({ runningMean }) => seen.push(runningMean),
    });
    expect([...run.runningMean.subarray(0, 6)]).toEqual([0, 0.5, 1, 1.5, 2.5, 3.5]);
    expect(seen).toEqual([...run.runningMean]);
    expect([run.status, run.solvedAt, run.rewards.length, run.best]).toEqual(["solved", 13, 13, 10.5]);
    episode = -1;
    const on = trainAgent({ ...options, learner: learner(), solvedAt: 10, stopWhenSolved: false });
    expect([on.status, on.solvedAt, on.rewards.length, on.best]).toEqual(["done", 13, 20, 17.5]);
    episode = -1;
    // Reached by the first episode, but a mean over one is none over four.
    expect(trainAgent({ ...options, learner: learner(), solvedAt: 0 }).solvedAt).toBe(4);
    episode = -1;
    const few = trainAgent({ ...options, learner: learner(), episodes: 2 });
    expect([few.best, few.solvedAt]).toEqual([0.5, undefined]);
    expect(trainAgent({ ...options, learner: learner(), episodes: 0 }).rewards.length).toBe(0);
  });

  it("switches from plastic to frozen, learning from the start or only then", () => {
    const phases: [AgentPhase, number][] = [];
    const options = () => ({
      environment: bandit([0, 1]),
      features: rawFeatures(1),
      learner: reinforce({ features: 1, actions: 2 }),
      rng: createRng(1),
    });
    const schedule = {
      plasticEpisodes: 3,
      onPhase: (phase: AgentPhase, episode: number) => void phases.push([phase, episode]),
    };
    const run = trainAgent({ ...options(), episodes: 6, schedule });
    expect(phases).toEqual([
      ["plastic", 0],
      ["frozen", 3],
    ]);
    trainAgent({ ...options(), episodes: 7, schedule, resume: run.checkpoint });
    expect(phases.at(-1)).toEqual(["frozen", 6]);
    const changed = (learnWhilePlastic: boolean) => {
      const o = options();
      trainAgent({ ...o, episodes: 3, schedule: { ...schedule, learnWhilePlastic } });
      return o.learner.policy().weights.some((w) => w !== 0);
    };
    expect([changed(true), changed(false)]).toEqual([true, false]);
  });

  it("returns a status when weights stop being finite", () => {
    const run = trainAgent({
      environment: endless(1e3),
      features: rawFeatures(1),
      learner: actorCritic({ features: 1, actions: 2, criticRate: 1 }),
      episodes: 5,
      rng: createRng(1),
      maxSteps: 500,
    });
    expect(run.status).toBe("diverged");
    expect(run.message).toBe(
      "trainAgent: a weight of the policy is not finite after episode 0 of actorCritic; lower its rates or the size of the features.",
    );
    expect(run.rewards.length).toBe(1);
    expect([...run.steps]).toEqual([500]);
  });

  it("says what does not fit", () => {
    const options = {
      environment: bandit([0, 1]),
      features: rawFeatures(1),
      learner: reinforce({ features: 1, actions: 2 }),
      episodes: 1,
      rng: createRng(1),
    };
    const attempt = (change: Partial<Parameters<typeof trainAgent>[0]>) => () =>
      trainAgent({ ...options, ...change });
    expect(attempt({ features: withBias(rawFeatures(1)) })).toThrow(
      "trainAgent: 2 features, but the learner takes 1. Make the learner with features: features.size.",
    );
    expect(attempt({ environment: bandit([0, 0, 1]) })).toThrow(
      "bandit has 3 actions, the learner 2. Make the learner with actions: environment.actions.",
    );
    expect(attempt({ window: 0 })).toThrow("window must be a whole number ≥ 1, got 0");
    expect(attempt({ episodes: 1.5 })).toThrow("episodes must be a whole number ≥ 0, got 1.5");
    const resume = trainAgent(options).checkpoint;
    expect(attempt({ resume, rng: createRng(2) })).toThrow(
      'the checkpoint draws from stream "1", not "2". Resume with the stream the training began with.',
    );
    const bad = { observation: Float64Array.of(1), reward: Number.NaN, terminated: true, truncated: false };
    expect(attempt({ environment: { ...bandit([0, 1]), step: () => bad } })).toThrow(
      "bandit: reward is NaN at step 1. A reward is a finite number.",
    );
  });
});

describe("evaluateAgent", () => {
  const { environment, features } = pole();
  const test = {
    environment,
    features,
    policy: uniformPolicy({ features: 5, actions: 2 }),
    episodes: 30,
    rng: createRng(1),
  };
  const mean = (rewards: Float64Array) => rewards.reduce((a, b) => a + b, 0) / rewards.length;

  it("takes the likeliest action, or draws one", () => {
    // Pushed to one side only the pole falls within 8 … 11 steps; by chance it stands 22 on average.
    expect(mean(evaluateAgent(test))).toBeLessThan(11);
    expect(mean(evaluateAgent({ ...test, greedy: false }))).toBeGreaterThan(17);
  });
});

describe("features", () => {
  it("move and scale observations to −1 … 1 and append a 1", () => {
    const ranges = [
      [-2, 2],
      [0, 10],
    ] as const;
    expect([...withBias(rawFeatures(2, { ranges })).observe(Float64Array.of(1, 10))]).toEqual([0.5, 1, 1]);
    const doubled = encodedFeatures(2, (o) => o.map((x) => 2 * x));
    expect([...doubled.observe(Float64Array.of(1, 3))]).toEqual([2, 6]);
    expect(withBias(doubled).save).toBeUndefined();
    expect(withBias(drifting(doubled)).save?.()).toEqual({ drift: new Float64Array(2), episodes: 0 });
  });

  it("say what does not fit", () => {
    expect(() => rawFeatures(2).observe(Float64Array.of(1))).toThrow(
      "rawFeatures: 1 values, 2 were announced. Give the length of what the function returns as size.",
    );
    expect(() => rawFeatures(2, { ranges: [[0, 1]] })).toThrow("1 ranges for 2 entries. Give one for each.");
    expect(() => rawFeatures(1, { ranges: [[1, 1]] })).toThrow(
      "range 0 is [1, 1]. A range is two finite numbers, the lower first.",
    );
  });
});
