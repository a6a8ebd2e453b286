import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { toDense } from "../../core/index.ts";
import type { Connectome } from "../connectome.ts";
import { connectomeCatalog, type Synapses } from "./catalog.ts";
import { loadConnectome } from "./load-connectome.ts";

const dataFolder = new URL("../../../data/", import.meta.url);
const read = (path: string): Promise<Uint8Array> => readFile(new URL(path, dataFolder));
const load = (name: string, synapses?: Synapses): Promise<Connectome> =>
  loadConnectome(name, synapses === undefined ? { read } : { read, synapses });

const cook = {
  chemical: await load("celegans", "chemical"),
  gap: await load("celegans", "gap"),
  both: await load("celegans"),
};
const varshney = {
  chemical: await load("celegans-varshney", "chemical"),
  gap: await load("celegans-varshney", "gap"),
  both: await load("celegans-varshney"),
};

/** Weight from `pre` to `post`. */
function weight(c: Connectome, pre: string, post: string): number {
  const i = c.labels.indexOf(post);
  const j = c.labels.indexOf(pre);
  expect(i).toBeGreaterThanOrEqual(0);
  expect(j).toBeGreaterThanOrEqual(0);
  return toDense(c.weights).values[i * c.labels.length + j];
}

/** Slow, from the dense matrix: edges, self-loops, sum, sum of the diagonal, and in- and out-degrees. */
function counts(c: Connectome) {
  const n = c.labels.length;
  const w = toDense(c.weights).values;
  const inDegree = new Array<number>(n).fill(0);
  const outDegree = new Array<number>(n).fill(0);
  let edges = 0;
  let loops = 0;
  let total = 0;
  let diagonal = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const v = w[i * n + j];
      if (v === 0) continue;
      edges++;
      total += v;
      inDegree[i]++;
      outDegree[j]++;
      if (i !== j) continue;
      loops++;
      diagonal += v;
    }
  }
  return { edges, loops, total, diagonal, inDegree, outDegree };
}

/** Label of the largest entries, in falling order. */
function hubs(c: Connectome, degree: readonly number[], count: number): string[] {
  const order = c.labels.map((_, i) => i).sort((a, b) => degree[b] - degree[a] || a - b);
  return order.slice(0, count).map((i) => c.labels[i]);
}

/** How many nodes can be reached from `start` along edges, or against them. */
function reach(c: Connectome, start: number, forward: boolean): Set<number> {
  const n = c.labels.length;
  const w = toDense(c.weights).values;
  const seen = new Set([start]);
  const stack = [start];
  for (let u = stack.pop(); u !== undefined; u = stack.pop()) {
    for (let v = 0; v < n; v++) {
      if (seen.has(v) || (forward ? w[v * n + u] : w[u * n + v]) === 0) continue;
      seen.add(v);
      stack.push(v);
    }
  }
  return seen;
}

describe("celegans (Cook et al. 2019)", () => {
  it("has 302 neurons in the classes of the table", () => {
    expect(cook.both.labels.length).toBe(302);
    const classes: Record<string, number> = {};
    for (const type of cook.both.types ?? []) classes[type] = (classes[type] ?? 0) + 1;
    expect(classes).toEqual({ pharyngeal: 20, sensory: 83, interneuron: 81, motor: 116, other: 2 });
    const typeOf = (label: string) => cook.both.types?.[cook.both.labels.indexOf(label)];
    expect(["ASHL", "AVAL", "VB1", "HSNL", "M3L", "CANR"].map(typeOf)).toEqual([
      "sensory",
      "interneuron",
      "motor",
      "motor",
      "pharyngeal",
      "other",
    ]);
  });

  it("has the counts of the table", () => {
    const chemical = counts(cook.chemical);
    expect([chemical.edges, chemical.loops, chemical.total]).toEqual([3709, 38, 20965]);
    // Counted by others from the same table without self-connections: 3671 edges, 20848 sections.
    expect([chemical.edges - chemical.loops, chemical.total - chemical.diagonal]).toEqual([3671, 20848]);
    const gap = counts(cook.gap);
    expect([(gap.edges - gap.loops) / 2, gap.loops]).toEqual([1091, 14]);
    expect((gap.total + gap.diagonal) / 2).toBe(5779);
    expect(counts(cook.both).edges).toBe(5146);
  });

  it("points from the presynaptic to the postsynaptic neuron", () => {
    // The touch neuron ASH drives the backward command neuron AVA; AVA drives motor neurons, never ASH.
    expect(weight(cook.chemical, "ASHL", "AVAL")).toBe(15);
    expect(weight(cook.chemical, "AVAL", "ASHL")).toBe(0);
    expect(weight(cook.chemical, "AVAL", "VA8")).toBe(7);
    expect(weight(cook.chemical, "AWCL", "AIYL")).toBe(22);
    expect(weight(cook.chemical, "AIYL", "RIAL")).toBe(51);
    expect(weight(varshney.chemical, "ASHL", "AVAL")).toBe(2);
    expect(weight(varshney.chemical, "AVAL", "ASHL")).toBe(0);
  });

  it("has AVA as its hub", () => {
    const { inDegree, outDegree } = counts(cook.chemical);
    expect(hubs(cook.chemical, inDegree, 2)).toEqual(["AVAL", "AVAR"]);
    expect(hubs(cook.chemical, outDegree, 1)).toEqual(["AVAR"]);
    expect(hubs(cook.gap, counts(cook.gap).inDegree, 2)).toEqual(["AVAR", "AVAL"]);
    const aval = cook.chemical.labels.indexOf("AVAL");
    expect([inDegree[aval], outDegree[aval]]).toEqual([65, 43]);
  });

  it("joins the pharynx to the rest through RIP and I1, and to M1", () => {
    const pharynx = (i: number) => cook.both.types?.[i] === "pharyngeal";
    const w = toDense(cook.both.weights).values;
    const links: string[] = [];
    for (let i = 0; i < 302; i++) {
      for (let j = 0; j < 302; j++) {
        if (pharynx(i) !== pharynx(j) && w[i * 302 + j] !== 0) {
          links.push(`${cook.both.labels[j]} -> ${cook.both.labels[i]}`);
        }
      }
    }
    expect(links.sort()).toEqual(["I1L -> RIPL", "I1R -> RIPR", "M1 -> RIPL", "RIPL -> I1L", "RIPR -> I1R"]);
    expect(reach(cook.both, 0, true).size).toBe(302);
  });

  it("knows transmitters", () => {
    const { transmitter, transmitters } = cook.both.attributes ?? {};
    const of = (label: string) => transmitter[cook.both.labels.indexOf(label)];
    const known = {
      DD1: "GABA",
      VA1: "acetylcholine",
      ASHL: "glutamate",
      CEPDL: "dopamine",
      NSML: "serotonin",
    };
    for (const [label, name] of Object.entries(known)) expect(of(label)).toBe(name);
    expect(of("RICL")).toBe("octopamine");
    // Only taken up: not an identity.
    expect(of("CANL")).toBe("unknown");
    expect(transmitters[cook.both.labels.indexOf("CANL")]).toBe("betaine (uptake)");
    expect(transmitter.filter((name) => name === "dopamine").length).toBe(8);
  });

  it("has cell bodies in millimetres, head before tail, left and right apart", () => {
    const p = cook.both.positions as Float64Array;
    const at = (label: string) => p.subarray(3 * cook.both.labels.indexOf(label)).slice(0, 3);
    const length = at("PLML")[1] - at("ASHL")[1];
    expect(length).toBeGreaterThan(0.5);
    expect(length).toBeLessThan(1);
    expect(at("ASHL")[0]).toBeGreaterThan(at("ASHR")[0]);
    expect(at("RID")[2]).toBeGreaterThan(at("AVAL")[2]);
  });
});

describe("celegans-varshney (Varshney et al. 2011)", () => {
  it("has the counts of the paper", () => {
    expect(varshney.both.labels.length).toBe(279);
    const chemical = counts(varshney.chemical);
    // The paper says 6393 synapses, its table 6394.
    expect([chemical.edges, chemical.loops, chemical.total]).toEqual([2194, 0, 6394]);
    const gap = counts(varshney.gap);
    expect((gap.edges - gap.loops) / 2).toBe(514);
    expect((gap.total + gap.diagonal) / 2).toBe(890);
  });

  it("has a strongly connected chemical component of 237 neurons", () => {
    const hub = varshney.chemical.labels.indexOf("AVAL");
    const back = reach(varshney.chemical, hub, false);
    const both = [...reach(varshney.chemical, hub, true)].filter((i) => back.has(i));
    expect(both.length).toBe(237);
  });

  it("keeps the rows in small letters", () => {
    expect(weight(varshney.chemical, "AVFR", "AVFL")).toBe(1);
    expect(varshney.both.labels).not.toContain("avfr");
  });

  it("holds the neurons of celegans but the pharynx, CAN and VC6", () => {
    const missing = cook.both.labels.filter((label) => !varshney.both.labels.includes(label));
    const expected = cook.both.labels.filter(
      (label, i) => cook.both.types?.[i] === "pharyngeal" || ["CANL", "CANR", "VC6"].includes(label),
    );
    expect(missing).toEqual(expected);
    expect(missing.length).toBe(23);
  });
});

describe.each(connectomeCatalog)("$name", (entry) => {
  const { chemical, gap, both } = entry.name === "celegans" ? cook : varshney;

  it("has the edges the catalogue says", () => {
    expect(chemical.weights.values.length).toBe(entry.edges.chemical);
    expect(gap.weights.values.length).toBe(entry.edges.gap);
    expect(both.weights.values.length).toBe(entry.edges.both);
  });

  it("is symmetric in gap junctions alone", () => {
    expect([chemical.directed, gap.directed, both.directed]).toEqual([true, false, true]);
    const n = entry.nodes;
    const w = toDense(gap.weights).values;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(w[i * n + j]).toBe(w[j * n + i]);
  });

  it("adds the two kinds", () => {
    const a = toDense(chemical.weights).values;
    const b = toDense(gap.weights).values;
    expect(toDense(both.weights).values).toEqual(a.map((v, k) => v + b[k]));
  });

  it("says which synapses it counts", () => {
    expect([chemical.name, gap.name, both.name]).toEqual([
      `${entry.name} (chemical)`,
      `${entry.name} (gap)`,
      entry.name,
    ]);
    expect(both.source?.citation).toContain("doi:");
    expect(gap.source?.note).toMatch(/^Gap junctions only\. /);
  });
});

describe("loadConnectome, given nonsense", () => {
  it("suggests a name", async () => {
    await expect(load("celegan")).rejects.toThrow(
      'connectome: no connectome named "celegan" ships with Cajal. Did you mean "celegans"?',
    );
  });

  it("suggests synapses", async () => {
    await expect(load("celegans", "chemcal" as Synapses)).rejects.toThrow(
      'connectome "celegans": no synapses called "chemcal". Did you mean "chemical"? Known here: chemical, gap, both.',
    );
    await expect(load("celegans", "toString" as Synapses)).rejects.toThrow("no synapses called");
  });

  it("says which file it missed", async () => {
    const none = () => Promise.reject(new Error("ENOENT: no such file"));
    await expect(loadConnectome("celegans", { read: none })).rejects.toThrow(
      'connectome "celegans": data file celegans/cook-2019.json cannot be read: ENOENT: no such file. The file ships',
    );
  });

  it("misses a layer", async () => {
    const text = new TextDecoder()
      .decode(await read("celegans/cook-2019.json"))
      .replace('"gap":', '"electrical":');
    const changed = () => Promise.resolve(new TextEncoder().encode(text));
    await expect(loadConnectome("celegans", { read: changed })).rejects.toThrow(
      "celegans/cook-2019.json: layers.gap is missing",
    );
    expect((await loadConnectome("celegans", { read: changed, synapses: "chemical" })).labels.length).toBe(
      302,
    );
  });
});
