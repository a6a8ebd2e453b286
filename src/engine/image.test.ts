import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError, dense } from "../core/index.ts";
import { type Network, network, neuron, population, projection } from "../model/index.ts";
import { digest } from "./digest.ts";
import type { SimulationOptions } from "./options.ts";
import { livelySorn } from "./plasticity/lively-sorn.fixture.ts";
import { type Simulation, simulate } from "./simulation.ts";

/** Digest of the raster and of all weights after so many more steps. */
function goOn(run: Simulation, steps: number): string[] {
  run.stopRecording();
  const record = run.recordSpikes("E.x", { raster: true });
  run.run(steps);
  const { values, column, rowStart } = run.weights("E->E");
  return [
    digest(record.raster().bits),
    ...[values, column, rowStart, run.get("E.T"), run.weights("I->E").values].map((array) =>
      digest(new Uint8Array(array.buffer)),
    ),
  ];
}

const variants: SimulationOptions[] = [
  { seed: 1 },
  { seed: 1, events: false },
  { seed: 2, instances: 3 },
  { seed: 3, precision: "f32" },
  { seed: 4, backend: "interpret" },
];

describe("save and restore", () => {
  it.each(variants)("go on bit for bit in a fresh simulation: %o", (options) => {
    const net = livelySorn();
    const undisturbed = simulate(net, options);
    undisturbed.run(70);
    const image = undisturbed.save();
    const rest = goOn(undisturbed, 70);
    const resumed = simulate(net, options);
    resumed.restore(image);
    expect(resumed.t).toBe(70);
    expect(goOn(resumed, 70)).toEqual(rest);
    expect(resumed.t).toBe(140);
  });

  it("go on in the other backend", () => {
    const net = livelySorn();
    const compiled = simulate(net, { seed: 5 });
    compiled.run(40);
    const interpreted = simulate(net, { seed: 5, backend: "interpret" });
    interpreted.restore(compiled.save());
    expect(goOn(interpreted, 30)).toEqual(goOn(compiled, 30));
  });

  it("branch: one image, with and without plasticity, again and again", () => {
    const net = livelySorn();
    const run = simulate(net, { seed: 6 });
    run.run(100);
    const image = run.save();
    const plastic = goOn(run, 50);
    run.restore(image);
    run.freeze(...run.rules);
    const weights = run.weights("E->E");
    const frozen = goOn(run, 50);
    expect(frozen).not.toEqual(plastic);
    expect(run.weights("E->E")).toEqual(weights);
    run.restore(image);
    expect(run.frozen).toEqual([]);
    expect(goOn(run, 50)).toEqual(plastic);
  });

  it("keep frozen rules, changed parameters, delays and inputs", () => {
    const chain = neuron({ parameters: { g: 1 }, equations: "r = g * sum(exc) + 1 / (1 + t)" });
    const net = network({
      populations: [population("p", { size: 3, neuron: chain })],
      projections: [
        projection("p", "p", { weights: dense(3, 3, [0, 0.5, 0, 0, 0, 0.4, 0.3, 0, 0]), delay: 4 }),
      ],
    });
    const run = simulate(net);
    run.set("p.g", 0.7);
    run.run(11);
    const image = run.save();
    run.run(9);
    const resumed = simulate(net);
    resumed.restore(image);
    resumed.run(9);
    expect(resumed.get("p.r")).toEqual(run.get("p.r"));
    const plastic = simulate(livelySorn());
    plastic.freeze("sp", "E.ip");
    const other = simulate(livelySorn());
    other.freeze("stdp");
    other.restore(plastic.save());
    expect(other.frozen).toEqual(["E->E.sp", "E.ip"]);
  });

  it("clear what was recorded and what had diverged", () => {
    const net = network({
      populations: [population("p", { size: 1, neuron: neuron({ equations: "r = 1e300 * (r + 1)" }) })],
    });
    const run = simulate(net);
    const image = run.save();
    const record = run.monitor("p.r");
    expect(run.run(5).status).toBe("diverged");
    run.restore(image);
    expect([run.diverged.length, record.data().times.length, run.run(1).status]).toEqual([0, 0, "done"]);
  });
});

describe("an image that does not fit", () => {
  const net = livelySorn(12);
  const source = simulate(net, { seed: 1 });
  source.run(30);
  const image = source.save();
  const target = simulate(net, { seed: 1 });
  target.run(10);
  target.freeze("stdp");
  const before = target.save();

  const refused = (bytes: Uint8Array, run = target) => {
    try {
      run.restore(bytes);
    } catch (error) {
      if (error instanceof CajalError && error.code === "bad-image") return error.message;
      throw error;
    }
    return undefined;
  };

  it("is refused when bytes are missing, changed or added, and nothing changes then", () => {
    fc.assert(
      fc.property(fc.nat(image.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = image.slice();
        damaged[at] ^= flip;
        expect(refused(damaged), `byte ${at}`).toBeDefined();
        expect(refused(image.subarray(0, at)), `cut at ${at}`).toBeDefined();
      }),
      { seed: 9, numRuns: 150 },
    );
    expect(refused(Uint8Array.of(...image, 0))).toBeDefined();
    expect(target.save()).toEqual(before);
    expect([target.t, target.frozen]).toEqual([10, ["E->E.stdp"]]);
  });

  it("is refused when every byte is random, in front too", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(40), (noise, kept) => {
        const bytes = Uint8Array.of(...image.subarray(0, kept), ...noise);
        expect(refused(bytes)).toBeDefined();
      }),
      { seed: 10, numRuns: 150 },
    );
    expect(target.save()).toEqual(before);
  });

  it("says what is wrong", () => {
    expect(refused(new Uint8Array(0))).toBe(
      "restore: these bytes are no image of a run. Give the bytes that save() returned, whole.",
    );
    expect(refused(image.subarray(0, 1000))).toBe(
      "restore: the image is damaged or cut short. Give the bytes that save() returned, whole.",
    );
    expect(refused(simulate(livelySorn(13)).save())).toBe(
      "restore: the image is of another network, or of other options. Make the simulation with the same network, dt, precision, instances and seed.",
    );
  });

  it.each<[string, Network, SimulationOptions]>([
    ["weights", livelySorn(12, {}, 2), { seed: 1 }],
    ["seed", net, { seed: 2 }],
    ["precision", net, { seed: 1, precision: "f32" }],
    ["instances", net, { seed: 1, instances: 2 }],
    ["events", net, { seed: 1, events: false }],
    ["dt", net, { seed: 1, dt: 0.5 }],
    ["method", net, { seed: 1, method: "rk4" }],
    ["equations", livelySorn(12, { comparison: ">" }), { seed: 1 }],
    ["learning rate", livelySorn(12, { births: 0.5 }), { seed: 1 }],
  ])("is refused for other %s", (_what, other, options) => {
    expect(refused(image, simulate(other, options))).toContain("of another network, or of other options");
  });

  it("can be a view into larger bytes", () => {
    const larger = new Uint8Array(image.length + 13);
    larger.set(image, 5);
    const run = simulate(livelySorn(12), { seed: 1 });
    run.restore(larger.subarray(5, 5 + image.length));
    expect(run.save()).toEqual(image);
  });
});

describe("digest", () => {
  it("differs for every changed bit, every length and every order of bytes", () => {
    const bytes = Uint8Array.from({ length: 67 }, (_, k) => k * 37);
    const seen = new Set([digest(bytes)]);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] ^= 1 << (bit & 7);
      seen.add(digest(changed));
    }
    for (let length = 0; length < bytes.length; length++) seen.add(digest(bytes.subarray(0, length)));
    for (let length = 2; length < 40; length++) seen.add(digest(new Uint8Array(length)));
    for (let k = 1; k < bytes.length; k++) {
      seen.add(digest(Uint8Array.of(...bytes.subarray(k), ...bytes.subarray(0, k))));
    }
    expect(seen.size).toBe(1 + 536 + 67 + 38 + 66);
  });

  it("stays what it is, on every machine", () => {
    expect(digest(Uint8Array.of(1, 2, 3, 4, 5))).toMatchInlineSnapshot(`"f5283528e2799196"`);
  });
});
