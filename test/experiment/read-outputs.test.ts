import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import { ringCsv, workplace } from "./cajal-process.ts";
import { isRequired, pythonWith } from "./python.ts";

const place = workplace("outputs");

/** Factors of every kind: numbers, texts, numbers beside texts, a node count, and two nulls and repeats. */
const EXPERIMENT = `name: ring
seed: 7
repeat: 2
connectome: { path: ring.csv, labels: names.txt }
transforms: [{ kind: scale, max: 2 }]
nullModels: [{ kind: rewired, name: shuffled, count: 2 }]
network:
  input: { nodes: { random: 4 } }
task: { kind: memory-capacity, steps: 300, maxDelay: 4, washout: 50 }
sweep:
  network.spectralRadius: [0.5, 0.9]
  network.neuron.activation: [tanh, linear]
  readout.lambda: [gcv, 0.1]
  network.input.nodes.random: [3, 5]
`;
const N = 20;

let stdout: Record<string, unknown>;
beforeAll(async () => {
  place.write("ring.csv", ringCsv(N));
  place.write("names.txt", Array.from({ length: N }, (_, i) => `node-${i}\n`).join(""));
  place.write("ring.yaml", EXPERIMENT);
  const { code, out } = await place.cajal("run", "ring.yaml", "--workers", "2", "--json", "--out", "r");
  expect(code).toBe(0);
  stdout = JSON.parse(out);
}, 60_000);

const bytesOf = (name: string): ArrayBuffer => new Uint8Array(readFileSync(place.path("r", name))).buffer;
const jsonOf = (name: string) => JSON.parse(place.read(`r/${name}`));

describe("metrics.parquet", () => {
  it("has a column for the job, for each factor, for metric, delay and value", () => {
    const { schema } = parquetMetadata(bytesOf("metrics.parquet"));
    const columns = schema.slice(1).map(({ name, type, converted_type: as }) => `${name} ${as ?? type}`);
    expect(columns).toEqual([
      "job UTF8",
      "network UTF8",
      "null INT32",
      "repeat INT32",
      "spectralRadius DOUBLE",
      "activation UTF8",
      "lambda UTF8",
      "random DOUBLE",
      "metric UTF8",
      "delay INT32",
      "value DOUBLE",
    ]);
  });

  it("has a row for each number, each once", async () => {
    const rows = (await parquetReadObjects({ file: bytesOf("metrics.parquet") })) as Record<
      string,
      string | number | null
    >[];
    // Three networks, two repeats, 2 × 2 × 2 × 2 cells; two capacities and three curves of four delays.
    expect(rows.length).toBe(3 * 2 * 16 * (2 + 3 * 4));
    const keys = rows.map(({ value, ...key }) => JSON.stringify(key));
    expect(new Set(keys).size).toBe(rows.length);
    const values = (name: string) => [...new Set(rows.map((row) => row[name]))];
    expect(values("network")).toEqual(["empirical", "shuffled"]);
    expect(values("null")).toEqual([null, 0, 1]);
    expect(values("repeat")).toEqual([0, 1]);
    expect(values("spectralRadius")).toEqual([0.5, 0.9]);
    expect(values("activation").toSorted()).toEqual(["linear", "tanh"]);
    expect(values("lambda").toSorted()).toEqual(["0.1", "gcv"]);
    expect(values("random")).toEqual([3, 5]);
    expect(values("delay")).toEqual([1, 2, 3, 4, null]);
    expect(values("metric")).toEqual(["lambda", "memoryCapacity", "memoryCapacityAbs", "nrmse", "r2"]);
    for (const { network, null: copy } of rows) expect(copy === null).toBe(network === "empirical");
    for (const { metric, delay } of rows)
      expect(delay === null).toBe(String(metric).startsWith("memoryCapacity"));
  });

  it("adds up: the capacity of a cell is the sum of its forgetting curve", async () => {
    const rows = (await parquetReadObjects({ file: bytesOf("metrics.parquet") })) as {
      job: string;
      metric: string;
      spectralRadius: number;
      value: number;
    }[];
    const cells = new Map<string, { capacity: number; curve: number }>();
    for (const { job, spectralRadius, metric, value } of rows) {
      const cell = cells.get(`${job} ${spectralRadius}`) ?? { capacity: 0, curve: 0 };
      cells.set(`${job} ${spectralRadius}`, cell);
      if (metric === "memoryCapacity") cell.capacity += value;
      if (metric === "r2") {
        cell.curve += value;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
    expect(cells.size).toBe(3 * 2 * 16);
    for (const { capacity, curve } of cells.values()) expect(Math.abs(capacity - curve)).toBeLessThan(1e-12);
  });

  it("says which experiment it is of", () => {
    const { key_value_metadata: metadata = [] } = parquetMetadata(bytesOf("metrics.parquet"));
    const { hash, cajal } = jsonOf("run.json");
    expect(Object.fromEntries(metadata.map(({ key, value }) => [key, value]))).toEqual({
      experiment: "ring",
      seed: "7",
      version: cajal,
      hash,
    });
  });
});

/** The numbers of a `.npy` of f8 in C order, without the library. */
function npyOf(name: string): { shape: number[]; values: Float64Array } {
  const bytes = readFileSync(place.path("r", name));
  expect(bytes.subarray(0, 8).toString("latin1")).toBe("\x93NUMPY\x01\x00");
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(10, start).toString("latin1");
  expect(header).toContain("'descr': '<f8'");
  expect(header).toContain("'fortran_order': False");
  const shape = /'shape': \((.*?),?\)/.exec(header)?.[1].split(",").map(Number) ?? [];
  return { shape, values: new Float64Array(new Uint8Array(bytes.subarray(start)).buffer) };
}

/** What is simulated: the weights of the file, scaled so that the strongest is 2, turned to `(post, pre)`. */
function expectedWeights(): number[] {
  const rows = ringCsv(N).trim().split("\n");
  const w = rows.map((line) => line.split(",").map(Number));
  const strongest = Math.max(...w.flat());
  return Array.from({ length: N * N }, (_, k) => (2 * w[k % N][Math.floor(k / N)]) / strongest);
}

describe("weights.npy and connectome.json", () => {
  it("are the connectome after its transforms, shape (post, pre)", () => {
    const { shape, values } = npyOf("weights.npy");
    expect(shape).toEqual([N, N]);
    const expected = expectedWeights();
    expect(Math.max(...values.map((value, k) => Math.abs(value - expected[k])))).toBeLessThan(1e-15);
    const connectome = jsonOf("connectome.json");
    expect(connectome).toMatchObject({ name: "ring", orientation: "post-pre", directed: true });
    expect(connectome.labels).toEqual(Array.from({ length: N }, (_, i) => `node-${i}`));
    expect(connectome.summary).toMatchObject({ nodes: N });
  });
});

describe("run.json", () => {
  it("holds versions, seed, machine, times, and how it ended", () => {
    const run = jsonOf("run.json");
    expect(run).toMatchObject({
      format: "cajal-run",
      formatVersion: 1,
      status: "finished",
      name: "ring",
      seed: 7,
      repeat: 2,
      jobs: { done: 48, total: 48, failed: 0 },
      failures: [],
      machine: { node: process.versions.node, v8: process.versions.v8, platform: process.platform },
    });
    expect(run.cajal).toMatch(/^\d+\.\d+\.\d+/);
    expect(run.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(run.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(run.files).sort()).toEqual(["names.txt", "ring.csv"]);
    expect(run.machine.cores).toBeGreaterThan(0);
    expect(run.sessions.length).toBe(1);
    expect(run.sessions[0]).toMatchObject({
      workers: 2,
      jobs: 48,
      command: "cajal run ring.yaml --workers 2 --json --out r",
    });
    expect(Date.parse(run.sessions[0].ended)).toBeGreaterThan(Date.parse(run.sessions[0].started));
    expect(Object.keys(run.jobSeconds).length).toBe(48);
    for (const seconds of Object.values(run.jobSeconds)) expect(seconds).toBeGreaterThan(0);
  });

  it("agrees with the object on stdout", () => {
    const { hash, jobs } = jsonOf("run.json");
    expect(stdout).toMatchObject({ dir: "r", hash, jobs, failures: [] });
    expect(stdout.seconds).toBeGreaterThan(0);
  });
});

describe("experiment.yaml", () => {
  it("runs again from where it lies, to the same hash", { timeout: 60_000 }, async () => {
    const { code, out } = await place.cajal("run", "r/experiment.yaml", "--json", "--out", "again");
    expect(code).toBe(0);
    expect(JSON.parse(out).hash).toBe(stdout.hash);
  });
});

describe("report.html", () => {
  it("can be written again, alike", { timeout: 60_000 }, async () => {
    const before = place.read("r/report.html");
    place.write("r/report.html", "");
    const { code, out } = await place.cajal("report", "r");
    expect(code).toBe(0);
    expect(out).toBe("r/report.html\n");
    expect(place.read("r/report.html")).toBe(before);
  });
});

const required = isRequired("python");

const READ_PARQUET = {
  pyarrow: `
import pyarrow.parquet
table = pyarrow.parquet.read_table(folder + "/metrics.parquet").to_pydict()`,
  duckdb: `
import duckdb
cursor = duckdb.sql("select * from '" + folder + "/metrics.parquet'")
rows = cursor.fetchall()
table = {name: [row[k] for row in rows] for k, name in enumerate(cursor.columns)}`,
};

describe.each(["pyarrow", "duckdb"] as const)("Python with NumPy and %s", (reader) => {
  const python = pythonWith(`numpy, ${reader}`);
  const missing = `no Python with NumPy and ${reader} was found (test/experiment/requirements.txt)`;
  if (python === undefined && !required) console.log(`Skipped: ${missing}.`);

  it.runIf(python !== undefined || required)("reads the same numbers", { timeout: 60_000 }, async () => {
    if (python === undefined) expect.fail(missing);
    place.write(
      "read.py",
      `import json, sys, numpy
folder = sys.argv[1]
${READ_PARQUET[reader]}
w = numpy.load(folder + "/weights.npy")
capacity = [v.hex() for v, m in zip(table["value"], table["metric"]) if m == "memoryCapacity"]
print(json.dumps({"columns": list(table), "null": table["null"], "capacity": capacity,
                  "shape": w.shape, "dtype": str(w.dtype), "sum": float(w.sum()), "corner": w[1, 0]}))
`,
    );
    const { stdout: text, stderr } = spawnSync(python, [place.path("read.py"), place.path("r")], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const python3 = JSON.parse(text);
    const rows = (await parquetReadObjects({ file: bytesOf("metrics.parquet") })) as Record<
      string,
      string | number | null
    >[];
    expect(python3.columns).toEqual(Object.keys(rows[0]));
    expect(python3.null).toEqual(rows.map((row) => row.null));
    const capacity = rows.filter((row) => row.metric === "memoryCapacity").map((row) => Number(row.value));
    expect(python3.capacity.map(fromHex)).toEqual(capacity);
    const { values } = npyOf("weights.npy");
    expect(python3).toMatchObject({ shape: [N, N], dtype: "float64", corner: values[N] });
    expect(python3.sum).toBeCloseTo(
      values.reduce((a, b) => a + b, 0),
      12,
    );
  });
});

/** A small network that organises itself, with every kind of record. */
const SORN = `kind: self-organisation
name: sorn
network: { preset: delpapa2017, units: 50 }
phases:
  - { name: organise, steps: 3000 }
  - { name: frozen, steps: 500, freeze: all }
record: { connections: 100, weights: 1500 }
analyses: [rates]
`;

const READ_RECORDS = `import hashlib, json, sys, numpy
with numpy.load(sys.argv[1]) as archive:
    arrays = {name: archive[name] for name in archive.files}
raster = numpy.unpackbits(arrays["raster"], axis=1, bitorder="little")[:, :50]
rates = [raster[first:first + steps].mean(axis=0) for first, steps in arrays["phases"]]
incoming = numpy.bincount(arrays["weight_post"], arrays["weights"], 50)
step, pair, birth = arrays["events"].T
print(json.dumps({
    "arrays": {name: [str(a.dtype), list(a.shape), hashlib.sha256(a.tobytes()).hexdigest()] for name, a in arrays.items()},
    "activity": bool((raster.sum(axis=1) == arrays["activity"]).all()),
    "rates": float(abs(numpy.array(rates) - arrays["rates"]).max()),
    "incoming": float(abs(incoming[incoming > 0] - 1).max()),
    "synapses": [int(arrays["connections"][-1]), arrays["weights"].size],
    "turnover": int((birth == 1).sum()) - int((birth == 0).sum()) - int(arrays["connections"][-1]) + int(arrays["connections"][0]),
    "early": int((birth[step < 100] == 1).sum()) - int((birth[step < 100] == 0).sum()),
    "last": int(step.max()),
}))
`;

/** Type, shape and hash of the bytes of each array in a `.npz`, without the library. */
function npzOf(name: string): Record<string, [type: string, shape: number[], hash: string]> {
  const types: Record<string, string> = { "|u1": "uint8", "<u4": "uint32", "<f8": "float64" };
  const files = Object.entries(unzipSync(readFileSync(place.path(name))));
  return Object.fromEntries(
    files.map(([file, bytes]) => {
      const start = 10 + new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
      const header = new TextDecoder("latin1").decode(bytes.subarray(10, start));
      const type = /'descr': '(.*?)'/.exec(header)?.[1] ?? "";
      const shape = /'shape': \((.*?),?\)/.exec(header)?.[1].split(",").map(Number) ?? [];
      const hash = createHash("sha256").update(bytes.subarray(start)).digest("hex");
      return [file.replace(/\.npy$/, ""), [types[type], shape, hash]];
    }),
  );
}

describe("Python with NumPy", () => {
  const python = pythonWith("numpy");
  const missing = "no Python with NumPy was found (test/experiment/requirements.txt)";
  if (python === undefined && !required) console.log(`Skipped: ${missing}.`);

  it.runIf(python !== undefined || required)(
    "opens the records of a network that organises itself, and they agree among themselves",
    { timeout: 60_000 },
    async () => {
      if (python === undefined) expect.fail(missing);
      place.write("sorn.yaml", SORN);
      place.write("read-records.py", READ_RECORDS);
      const { code, err } = await place.cajal("run", "sorn.yaml", "--json", "--out", "sorn");
      expect([code, err]).toEqual([0, err]);
      const records = "sorn/records/full.r0.npz";
      const read = spawnSync(python, [place.path("read-records.py"), place.path(records)], {
        encoding: "utf8",
      });
      expect(read.stderr).toBe("");
      const { arrays, rates, incoming, synapses, turnover, early, last, activity } = JSON.parse(read.stdout);
      expect(arrays).toEqual(npzOf(records));
      expect(arrays).toMatchObject({
        raster: ["uint8", [3500, 7], expect.any(String)],
        activity: ["uint32", [3500], expect.any(String)],
        events: ["uint32", [expect.any(Number), 3], expect.any(String)],
        weights: ["float64", [synapses[1]], expect.any(String)],
        weights_1500: ["float64", [expect.any(Number)], expect.any(String)],
        weights_3000: arrays.weights,
      });
      expect(activity).toBe(true);
      expect(rates).toBeLessThan(1e-12);
      expect(incoming).toBeLessThan(1e-9);
      expect(synapses[0]).toBe(synapses[1]);
      // The first count is of step 100: what happened before is no part of the difference.
      expect(turnover).toBe(early);
      expect(last).toBeLessThan(3000);
    },
  );
});

/** A number as Python's `float.hex` writes it, e.g. `0x1.8p+1`. */
function fromHex(text: string): number {
  const [, sign, whole, part, exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text) ?? [];
  const mantissa = Number.parseInt(whole + part.padEnd(13, "0"), 16) / 2 ** 52;
  return (sign ? -1 : 1) * mantissa * 2 ** Number(exponent);
}
