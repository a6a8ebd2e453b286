import { describe, expect, it } from "vitest";
import { createConnectome } from "../../../connectome/index.ts";
import { createRng, dense, toDense } from "../../../core/index.ts";
import { train } from "../../../learning/index.ts";
import { trainedNetworkSchema } from "../../spec/trained-network-schema.ts";
import { trainedTaskSchema } from "../../spec/trained-task-schema.ts";
import { wiringSchema } from "../../spec/wiring-schema.ts";
import { buildTrainedNetwork, recurrent } from "./build-network.ts";
import { buildTask } from "./build-task.ts";

const rng = createRng(5);
const random = rng.stream("test");
const NODES = 12;
/** Twelve nodes of two types, about half of all connections. */
const connectome = createConnectome({
  name: "nodes",
  weights: dense(
    NODES,
    NODES,
    Array.from({ length: NODES * NODES }, (_, k) =>
      k % (NODES + 1) !== 0 && random.uniform() < 0.5 ? 0.1 + random.uniform() : 0,
    ),
  ),
  types: Array.from({ length: NODES }, (_, i) => (i < 4 ? "sensory" : "motor")),
});
const choice = trainedTaskSchema.parse({ name: "n-back" });
const task = buildTask(choice, rng);
/** No unit is silent with softplus, so every weight that is trained moves. */
function build(given: object, wiring?: object) {
  const network = { activation: "softplus", ...given };
  return buildTrainedNetwork(
    { network: trainedNetworkSchema.parse(network), wiring: wiringSchema.parse(wiring ?? {}), task: choice },
    { task, connectome: wiring && connectome, rng },
  );
}
type Built = ReturnType<typeof build>;
const weightsOf = (built: Built, name = "rec") =>
  toDense(built.rate.network.projections.find((p) => p.name === name)!.weights).values;

/** Recurrent synapses that change in a few updates, by place, and those that exist and stay. */
function movedAndKept(built: Built) {
  const before = weightsOf(built);
  const { last } = train({
    network: built.rate,
    task,
    updates: 4,
    batchSize: 4,
    validation: false,
    optimiser: { kind: "adam", learningRate: 0.01 },
    run: { precision: "f64" },
  });
  const stored = recurrent(built.rate);
  const after = toDense({ ...stored, values: last["weights:rec"] }).values;
  const places = [...before.keys()].filter((k) => before[k] !== 0);
  return {
    moved: places.filter((k) => after[k] !== before[k]),
    kept: places.filter((k) => after[k] === before[k]),
  };
}
const ends = (k: number, units: number) => ({ post: Math.floor(k / units), pre: k % units });

const AREAS = {
  list: [
    { name: "V1", units: 6, excitatory: 0.5 },
    { name: "V2", units: 4, excitatory: 0.5 },
  ],
  between: 0.9,
};

describe("fixed weights", () => {
  it("hold whole projections, which are then no longer among what is trained", () => {
    const [free, held] = [build({ units: 8 }), build({ units: 8, fixed: ["in", "out"] })];
    expect(held.rate.trainable).toEqual(free.rate.trainable.filter((name) => !/:(in|out)$/.test(name)));
    expect(Object.keys(held.rate.constraints!)).toEqual(["weights:rec"]);
    expect(weightsOf(held, "in")).toEqual(weightsOf(free, "in"));
    expect(movedAndKept(held).kept).toEqual([]);
    const listed = build({ units: 8, train: ["rec", "bias", "outputBias", "start"] });
    expect([...listed.rate.trainable].sort()).toEqual([...held.rate.trainable].sort());
  });

  it("hold synapses by kinds of cells, through training, and no others", () => {
    const built = build({ units: 10, dale: 0.5, enforce: "absolute", fixed: { pairs: ["E->I", "I->I"] } });
    expect(weightsOf(built)).toEqual(weightsOf(build({ units: 10, dale: 0.5, enforce: "absolute" })));
    const { moved, kept } = movedAndKept(built);
    expect(kept.length).toBe(25 + 20);
    for (const k of kept) expect(ends(k, 10).post).toBeGreaterThanOrEqual(5);
    for (const k of moved) expect(ends(k, 10).post).toBeLessThan(5);
  });

  it("hold synapses by areas, and by an area and a kind of cells", () => {
    const fixed = { pairs: ["V1->V2", "V2->E"] };
    const { moved, kept } = movedAndKept(build({ areas: AREAS, enforce: "absolute", fixed }));
    const isHeld = (k: number) => {
      const { post, pre } = ends(k, 10);
      const excites = post < 3 || post === 6 || post === 7;
      return (pre < 6 && post >= 6) || (pre >= 6 && excites);
    };
    expect(kept.every(isHeld)).toBe(true);
    expect(moved.some(isHeld)).toBe(false);
    expect(kept.length).toBeGreaterThan(30);
  });

  it("hold a share of the other synapses beside those by name", () => {
    const built = build({ units: 10, fixed: { share: 0.25, pairs: ["E->I"] }, dale: 0.6 });
    const { plastic, fixed } = built.rate.constraints!["weights:rec"];
    const count = (values: ArrayLike<number>) => Array.from(values).filter((v) => v !== 0).length;
    expect(count(fixed!)).toBe(24 + Math.round(0.25 * (90 - 24)));
    expect(count(plastic)).toBe(90 - count(fixed!));
    // A share alone draws what it drew when it was the only way.
    const [plain, written] = [
      { units: 10, fixed: 0.3 },
      { units: 10, fixed: { share: 0.3 } },
    ].map((network) => build(network));
    expect(written.rate.constraints).toEqual(plain.rate.constraints);
  });

  it("hold synapses of nodes of a connectome by type, label and number", () => {
    const { labels } = connectome;
    const fixed = {
      pairs: ["sensory->motor"],
      synapses: [{ from: { labels: labels[7] } }, { to: { indices: [2] }, from: { types: "motor" } }],
    };
    const { moved, kept } = movedAndKept(build({ fixed }, {}));
    const isHeld = (k: number) => {
      const { post, pre } = ends(k, NODES);
      return (pre < 4 && post >= 4) || pre === 7 || (post === 2 && pre >= 4);
    };
    expect(kept.every(isHeld)).toBe(true);
    expect(moved.some(isHeld)).toBe(false);
    expect(kept.length).toBeGreaterThan(15);
  });

  it("leave no synapse where a named weight is 0", () => {
    const initial = { rec: { distribution: { kind: "normal", sd: 1 }, signs: "clamp" } };
    const built = build({ units: 12, dale: 0.5, initial, fixed: { pairs: ["E->E"] } });
    const { plastic, fixed } = built.rate.constraints!["weights:rec"];
    const weights = weightsOf(built);
    const silent = [...weights.keys()].filter((k) => {
      const { post, pre } = ends(k, 12);
      return post < 6 && pre < 6 && post !== pre && weights[k] === 0;
    });
    expect(silent.length).toBeGreaterThan(3);
    const { length } = weights;
    const at = (values: ArrayLike<number>, k: number) => (values.length === length ? values[k] : Number.NaN);
    for (const k of silent) expect([at(plastic, k), at(fixed!, k)]).toEqual([0, 0]);
  });

  it.each<[string, object, object?]>([
    ["in is both trained and fixed", { fixed: ["in"], train: ["in", "rec"] }],
    ["the recurrent weights are not trained", { fixed: 0.5, train: ["in"] }],
    ["the recurrent weights are not trained", { fixed: { parts: ["rec"], pairs: ["E->E"] }, dale: 0.8 }],
    ["network.fixed.pairs: no unit is known to be E. Dale's law says which", { fixed: { pairs: ["E->E"] } }],
    [
      'there is no area "V3". Did you mean "V1"? Known here: V1, V2, E, I',
      { areas: AREAS, fixed: { pairs: ["V3->V1"] } },
    ],
    [
      'there is no synapse for "V1->V2"',
      { areas: { ...AREAS, between: { forward: 0, backward: 1 } }, fixed: { pairs: ["V1->V2"] } },
    ],
    [
      "every recurrent synapse is fixed. Say fixed: [rec]",
      { dale: 0.5, fixed: { pairs: ["E->E", "E->I", "I->E", "I->I"] } },
    ],
    [
      "there is no connectome whose nodes could be named",
      { fixed: { synapses: [{ from: { indices: [0] } }] } },
    ],
    ["network.fixed.synapses", { fixed: { synapses: [{ from: { labels: ["nobody"] } }] } }, {}],
    [
      "no synapse between the nodes of entry 0",
      { fixed: { synapses: [{ from: { indices: [0] }, to: { indices: [0] } }] } },
      {},
    ],
  ])("refuse what cannot be: %s", (message, network, wiring) => {
    expect(() =>
      build(
        wiring ? network : { units: (network as { areas?: object }).areas ? undefined : 10, ...network },
        wiring,
      ),
    ).toThrow(message);
  });
});
