import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { lazar2009 } from "../../model/index.ts";
import { binnedEncoder, cartPole } from "../../tasks/index.ts";
import { reinforce } from "../reinforcement/reinforce.ts";
import { trainAgent } from "../reinforcement/train-agent.ts";
import { type ReservoirFeaturesOptions, reservoirFeatures } from "./reservoir-features.ts";

const environment = cartPole({ version: 0, hideVelocities: true });
const rng = createRng(1);
const encoder = binnedEncoder({
  ranges: environment.observationRanges,
  bins: [12, 8],
  units: 80,
  poolSize: 6,
  rng: rng.stream("pools"),
});
const net = lazar2009({ units: 80, inputWeights: encoder.pools }, rng.stream("network"));
const make = (change: Partial<ReservoirFeaturesOptions> = {}) =>
  reservoirFeatures({ network: net, encoder, seed: 1, ...change });
const still = Float64Array.of(0.01, -0.02);
const moved = Float64Array.of(0.5, 0.1);

describe("reservoirFeatures", () => {
  it("drives the pools of the bins and shows the activity with a bias", () => {
    const features = make({ recurrence: false });
    features.onPhase("frozen");
    expect(features.size).toBe(81);
    // Without recurrence a unit is active where its drive is above its threshold, which is below the gain of one bin.
    features.observe(moved);
    const seen = Array.from(features.observe(still));
    expect(seen[80]).toBe(1);
    expect(seen.slice(0, 80)).toEqual(Array.from(encoder.encode(still), (v) => (v > 0 ? 1 : 0)));
    expect(make({ bias: false }).size).toBe(80);
  });

  it("remembers within an episode, and not beyond; without recurrence it remembers nothing", () => {
    for (const recurrence of [true, false]) {
      const features = make({ recurrence });
      const draw = createRng(2);
      // Before it has organised itself, inhibition of this network quells what a dozen driven units can do.
      for (let k = 0; k < 2000; k++) features.observe(Float64Array.of(draw.normal(), draw.normal() / 10));
      features.onPhase("frozen");
      const lastOf = (...observations: Float64Array[]) => {
        features.reset();
        return Array.from(observations.map((o) => features.observe(o).slice()).at(-1)!);
      };
      const fresh = lastOf(still);
      expect(JSON.stringify(lastOf(moved, still)) === JSON.stringify(fresh)).toBe(!recurrence);
      expect(lastOf(still)).toEqual(fresh);
    }
    const inhibited = make({ recurrence: ["I->E", "E->I"] });
    expect(inhibited.simulation.rules).toEqual(["I->E.sn", "E.ip"]);
  });

  it("runs several steps for each observation", () => {
    const one = make();
    const two = make({ stepsPerObservation: 2 });
    for (const f of [one, two]) f.reset();
    one.observe(moved);
    expect(two.observe(moved)).toEqual(one.observe(moved));
  });

  it("is plastic at first, then frozen, and a training goes on from its checkpoint bit for bit", () => {
    const train = (episodes: number, resume?: ReturnType<typeof trainAgent>["checkpoint"]) => {
      const features = make();
      const result = trainAgent({
        environment,
        features,
        learner: reinforce({ features: features.size, actions: 2 }),
        episodes,
        rng: createRng(3),
        schedule: { plasticEpisodes: 6, onPhase: features.onPhase },
        ...(resume && { resume }),
      });
      return { result, weights: features.simulation.weights("E->E"), frozen: features.simulation.frozen };
    };
    const whole = train(12);
    expect(whole.frozen).toHaveLength(4);
    const plastic = train(6);
    const after = train(12, train(4).result.checkpoint);
    expect(after.result.rewards).toEqual(whole.result.rewards);
    expect(after.weights).toEqual(whole.weights);
    expect(plastic.weights).toEqual(whole.weights);
    expect(train(5).weights).not.toEqual(whole.weights);
  });

  it("refuses an input of another width, and projections it does not know", () => {
    const other = binnedEncoder({ ranges: environment.observationRanges, units: 80, bins: 9, rng });
    expect(() => make({ encoder: other })).toThrow(
      'reservoirFeatures: input "input" has 20 entries, the coding 18 bins.',
    );
    expect(() => make({ recurrence: ["E->F"] })).toThrow(
      'reservoirFeatures: there is no projection "E->F" between populations. Did you mean "E->E"?',
    );
    expect(() => make({ stepsPerObservation: 0 })).toThrow(
      "stepsPerObservation must be a whole number ≥ 1, got 0",
    );
  });
});
