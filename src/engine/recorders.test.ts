import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { dense } from "../core/index.ts";
import {
  network,
  neuron,
  type PlasticityRule,
  population,
  projection,
  structuralPlasticity,
  synapse,
  synapticRule,
} from "../model/index.ts";
import { livelySorn } from "./plasticity/lively-sorn.fixture.ts";
import { simulate } from "./simulation.ts";

describe("SpikeRecorder", () => {
  it("packs one bit a unit and counts them, as the states were after each step", () => {
    const run = simulate(livelySorn(21), { instances: 2, seed: [3, 5] });
    const [first, second] = [0, 1].map((instance) => run.recordSpikes("E.x", { instance, raster: true }));
    const states: number[][] = [[], []];
    // More rows than a chunk holds.
    const steps = 4100;
    for (let k = 0; k < steps; k++) {
      run.step();
      run.get("E.x").forEach((x, at) => {
        states[at % 2].push(x);
      });
    }
    [first, second].forEach((record, b) => {
      const { units, steps: rows, bits } = record.raster();
      expect([units, rows, bits.length]).toEqual([21, steps, 3 * steps]);
      const unpacked = Array.from({ length: steps * 21 }, (_, k) => {
        const [row, u] = [Math.floor(k / 21), k % 21];
        return (bits[row * 3 + (u >> 3)] >> (u & 7)) & 1;
      });
      expect(Buffer.from(unpacked).equals(Buffer.from(states[b]))).toBe(true);
      const activity = Array.from({ length: steps }, (_, k) =>
        states[b].slice(21 * k, 21 * k + 21).reduce((a, x) => a + x, 0),
      );
      expect([...record.activity()]).toEqual(activity);
      const counts = new Array<number>(21).fill(0);
      states[b].forEach((x, k) => {
        counts[k % 21] += x;
      });
      expect([...record.unitCounts()]).toEqual(counts);
    });
    expect(first.raster().bits).not.toEqual(second.raster().bits);
  });

  it("counts whatever is not 0, and passes over steps while paused", () => {
    const net = network({
      populations: [population("p", { size: 2, neuron: neuron({ equations: "v = t - 1" }) })],
    });
    const run = simulate(net);
    const record = run.recordSpikes("p.v");
    run.run(3);
    record.paused = true;
    run.run(2);
    record.paused = false;
    run.run(1);
    expect([...record.activity()]).toEqual([2, 0, 2, 2]);
  });

  it("goes on from what another recorder has saved", () => {
    const run = (steps: number[]) => {
      const simulation = simulate(livelySorn(), { seed: 1 });
      let record = simulation.recordSpikes("E.x", { raster: true });
      for (const n of steps) {
        const saved = record.save();
        simulation.stopRecording();
        record = simulation.recordSpikes("E.x", { raster: true });
        record.load(saved);
        simulation.run(n);
      }
      return record.save();
    };
    expect(run([100, 4096, 50])).toEqual(run([4246]));
  });

  it("forgets on reset, and refuses what it has not kept", () => {
    const run = simulate(livelySorn());
    const record = run.recordSpikes("E.x");
    run.run(5);
    run.reset();
    expect(record.activity().length).toBe(0);
    expect(() => record.raster()).toThrow(
      expect.objectContaining({
        code: "no-raster",
        message:
          "spikes of E.x: this recorder keeps only the activity. Ask for it: recordSpikes(name, { raster: true }).",
      }),
    );
    for (const instance of [1, -1, 0.5, Number.NaN]) {
      expect(() => run.recordSpikes("E.x", { instance })).toThrow(
        expect.objectContaining({
          code: "bad-instance",
          message: `spikes of E.x: instance ${instance} is not one of 0 … 0`,
        }),
      );
    }
  });
});

describe("SynapseRecorder", () => {
  it("balances: what there was + births − deaths = what there is, event by event", () => {
    const run = simulate(livelySorn(), { seed: 3 });
    const before = new Set(pairs(run.weights("E->E")));
    const record = run.recordSynapses("E->E", { events: true });
    // More events than a chunk holds.
    run.run(9000);
    const counts = record.counts();
    const events = record.events();
    const { births, deaths } = record.turnover;
    expect(births).toBeGreaterThan(4000);
    expect(deaths).toBeGreaterThan(4000);
    expect(events.length).toBe(3 * (births + deaths));
    const there = new Set(before);
    let at = 0;
    for (let step = 0; step < 9000; step++) {
      for (; at < events.length && events[at] === step; at += 3) {
        const [, pair, birth] = events.subarray(at, at + 3);
        // In order: what dies is there, what is born is not.
        expect(there.has(pair), `pair ${pair}, step ${step}`).toBe(birth === 0);
        if (birth) there.add(pair);
        else there.delete(pair);
      }
      expect(there.size, `step ${step}`).toBe(counts[step]);
    }
    expect(at).toBe(events.length);
    expect(there).toEqual(new Set(pairs(run.weights("E->E"))));
  });

  it("tells death before birth from birth before death of one pair in one step", () => {
    // One pair, born with certainty: it dies by its first rule of the next step, or by the last of its own.
    const rule = (name: string) => synapticRule(name, synapse({ equations: "w = w : prune=0.5" }));
    const events = (plasticity: PlasticityRule[]) => {
      const net = network({
        populations: [population("p", { size: 1, neuron: neuron({ equations: "r = sum(exc)" }) })],
        projections: [projection("p", "p", { weights: dense(1, 1, [0.1]), plasticity })],
      });
      const run = simulate(net);
      const record = run.recordSynapses("p->p", { events: true });
      run.run(2);
      return [...record.events()].filter((_, k) => k % 3 !== 1).join(" ");
    };
    const birth = structuralPlasticity("sp", { births: 1, weight: 0.1, autapses: true });
    expect(events([rule("first"), birth])).toBe("0 0 0 1 1 0 1 1");
    expect(events([birth, rule("last")])).toBe("0 0 1 1 1 0");
    expect(events([rule("first"), birth, rule("last")])).toBe("0 0 0 1 0 0 1 1 1 0");
  });

  it("counts every n-th step, and takes snapshots that stay as they were", () => {
    const run = simulate(livelySorn(), { seed: 2, instances: 2 });
    const each = run.recordSynapses("I->E", { instance: 1 });
    const some = run.recordSynapses("I->E", { instance: 1, every: 7, snapshots: 20 });
    const seen: unknown[] = [];
    for (let k = 0; k < 60; k++) {
      run.step();
      if (k % 20 === 19) seen.push({ step: k, weights: run.weights("I->E", 1) });
    }
    const counts = [...each.counts()];
    expect(counts.length).toBe(60);
    expect([...some.counts()]).toEqual(counts.filter((_, k) => k % 7 === 6));
    expect(some.snapshots()).toEqual(seen);
    expect(some.events()).toEqual(new Uint32Array(0));
    expect(each.snapshots()).toEqual([]);
  });

  it("goes on from what another recorder has saved", () => {
    const options = { events: true, every: 3, snapshots: 40 };
    const run = (steps: number[]) => {
      const simulation = simulate(livelySorn(), { seed: 1 });
      let record = simulation.recordSynapses("E->E", options);
      for (const n of steps) {
        const saved = record.save();
        simulation.stopRecording();
        record = simulation.recordSynapses("E->E", options);
        record.load(saved);
        simulation.run(n);
      }
      return { ...record.save(), turnover: record.turnover };
    };
    expect(run([50, 7, 43])).toEqual(run([100]));
  });

  it.each([
    [{ every: 0 }, "every must be a whole number of steps ≥ 1, got 0"],
    [{ every: 1.5 }, "every must be a whole number of steps ≥ 1, got 1.5"],
    [{ snapshots: -1 }, "snapshots must be a whole number of steps ≥ 0, got -1"],
  ])("refuses %o", (options, message) => {
    expect(() => simulate(livelySorn()).recordSynapses("E->E", options)).toThrow(
      expect.objectContaining({ code: "bad-option", message: `recordSynapses: ${message}` }),
    );
  });
});

describe("memory of a long run", () => {
  it("grows by the bits of the raster and one word a step, and by nothing else", () => {
    const run = simulate(livelySorn(200, { births: 0.1, rates: { stdp: 0.004, ip: 0.01, istdp: 0.001 } }));
    const spikes = run.recordSpikes("E.x", { raster: true });
    run.run(2000);
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const used = () => {
      collect();
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      return arrayBuffers + heapUsed;
    };
    const before = used();
    const steps = 200_000;
    run.run(steps);
    // Chunks are taken whole.
    expect(used() - before).toBeLessThan(1.2 * steps * (25 + 4) + 2 ** 20);
    expect(spikes.raster().bits.length).toBe(25 * (steps + 2000));
    const synapses = run.weights("E->E").values.length;
    expect(synapses).toBeGreaterThan(100);
  });
});

function pairs({ rowStart, column, columns }: { rowStart: Int32Array; column: Int32Array; columns: number }) {
  const found: number[] = [];
  for (let post = 0; post + 1 < rowStart.length; post++) {
    for (let k = rowStart[post]; k < rowStart[post + 1]; k++) found.push(post * columns + column[k]);
  }
  return found;
}
