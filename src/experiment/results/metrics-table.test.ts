import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolved } from "../fixtures/worm.ts";
import type { MetricRow } from "../jobs/job.ts";
import { planExperiment } from "../plan/plan-experiment.ts";
import { completeRows, metricsHash, metricsTable } from "./metrics-table.ts";
import { decodeParquet, encodeParquet } from "./parquet.ts";

const plan = planExperiment(resolved());
const rowsOf = (job: (typeof plan.jobs)[number]): MetricRow[] =>
  completeRows(job, {
    id: job.id,
    status: "done",
    failures: [],
    seconds: 1,
    rows: job.cells.flatMap(({ index, factors }) => [
      { job: "", factors, metric: "memoryCapacity", delay: null, value: index / 3 + job.repeat },
      ...[1, 2].map((delay) => ({ job: "", factors, metric: "r2", delay, value: 1 / (index + delay) })),
    ]),
  });
const ROWS = plan.jobs.flatMap(rowsOf);

describe("metricsTable", () => {
  it("has one column for each factor and rows in one order", () => {
    const { columns, rows } = metricsTable(plan, ROWS);
    expect(columns.map(({ name }) => name)).toEqual([
      "job",
      "network",
      "null",
      "repeat",
      "spectralRadius",
      "activation",
      "metric",
      "delay",
      "value",
    ]);
    expect(rows).toBe(16 * 5 * 3);
    expect(columns.map(({ values }) => values[0])).toEqual([
      "empirical.r0.activation=relu",
      "empirical",
      null,
      0,
      0.1,
      "relu",
      "memoryCapacity",
      null,
      1 / 3,
    ]);
  });

  it("is the same for rows in any order", () => {
    const hash = metricsHash(metricsTable(plan, ROWS));
    fc.assert(
      fc.property(fc.shuffledSubarray(ROWS, { minLength: ROWS.length }), (shuffled) => {
        expect(metricsHash(metricsTable(plan, shuffled))).toBe(hash);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it("has another hash when one bit of one value changes, or a row is lost", () => {
    const hash = metricsHash(metricsTable(plan, ROWS));
    const changed = ROWS.map((row, i) => (i === 77 ? { ...row, value: row.value * (1 + 2 ** -52) } : row));
    expect(metricsHash(metricsTable(plan, changed))).not.toBe(hash);
    expect(metricsHash(metricsTable(plan, ROWS.slice(1)))).not.toBe(hash);
    const zero = (value: number) => metricsHash(metricsTable(plan, [{ ...ROWS[0], value }]));
    expect(zero(0)).not.toBe(zero(-0));
  });

  it("does not tell kinds of NaN apart, which differ between machines", () => {
    const odd = new Float64Array(new BigUint64Array([0xfff8000000000001n]).buffer)[0];
    const hash = (value: number) => metricsHash(metricsTable(plan, [{ ...ROWS[0], value }]));
    expect(hash(odd)).toBe(hash(Number.NaN));
  });
});

describe("encodeParquet", () => {
  it("gives back the table to the last bit, and its metadata", async () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324, 0.1 + 0.2];
    const rows = ROWS.map((row, i) => (i < odd.length ? { ...row, value: odd[i] } : row));
    const table = metricsTable(plan, rows);
    const { table: back, metadata } = await decodeParquet(encodeParquet(table, { seed: "1", hash: "abc" }));
    expect(metadata).toMatchObject({ seed: "1", hash: "abc" });
    expect(metricsHash(back)).toBe(metricsHash(table));
  });

  it("writes a factor of numbers and texts as texts, without changing the hash", async () => {
    const mixed = planExperiment(resolved(undefined, ["sweep.readout.lambda=[gcv, 1]"]));
    const rows = mixed.jobs.flatMap(rowsOf);
    const table = metricsTable(mixed, rows);
    expect(new Set(table.columns[6].values)).toEqual(new Set(["gcv", "1"]));
    const { table: back } = await decodeParquet(encodeParquet(table, {}));
    expect(metricsHash(back)).toBe(metricsHash(table));
  });

  it("is the same bytes for the same table, and takes an empty one", async () => {
    const table = metricsTable(plan, ROWS);
    expect(encodeParquet(table, { a: "b" })).toEqual(encodeParquet(table, { a: "b" }));
    const { table: back } = await decodeParquet(encodeParquet(metricsTable(plan, []), {}));
    expect(back.rows).toBe(0);
    expect(back.columns.length).toBe(9);
  });
});
