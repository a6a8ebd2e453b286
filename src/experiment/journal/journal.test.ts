import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { resolved } from "../fixtures/worm.ts";
import type { JobRecord, MetricRow } from "../jobs/job.ts";
import { planExperiment } from "../plan/plan-experiment.ts";
import { writeError } from "./durable-file.ts";
import { finishedCells, Journal } from "./journal.ts";
import { decodeEntry, encodeEntry } from "./record-file.ts";

const { jobs } = planExperiment(resolved());
const [job] = jobs;
const row = (value: number, delay: number | null = null): MetricRow => ({
  job: "",
  factors: job.cells[0].factors,
  metric: "r2",
  delay,
  value,
});
const recordOf = (rows: MetricRow[], id = job.id): JobRecord => ({
  id,
  status: "done",
  rows,
  failures: [],
  seconds: 1.5,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a record's file", () => {
  it("gives back every double to the last bit, NaN, infinities and -0 too", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.option(fc.nat(100)))), (values) => {
        const rows = values.map(([value, delay]) => row(value, delay));
        const back = decodeEntry(encodeEntry("run", job, recordOf(rows)))?.record.rows ?? [];
        expect(back.length).toBe(rows.length);
        back.forEach((r, i) => {
          expect(Object.is(r.value, rows[i].value)).toBe(true);
          expect(r.delay).toBe(rows[i].delay);
        });
      }),
      { seed: 1 },
    );
  });

  it("keeps cells, failures and warnings", () => {
    const record = { ...recordOf([row(1)]), failures: [{ cell: 2, message: "NaN" }], warnings: ["slow"] };
    expect(decodeEntry(encodeEntry("run", job, record))).toEqual({
      run: "run",
      group: job.group,
      cells: [0, 2, 4, 6, 8],
      record,
    });
  });

  it("is refused when it is cut anywhere or when any byte of it is changed", () => {
    const text = encodeEntry("run", job, recordOf([row(0.25, 1), row(0.5, 2)]));
    for (let length = 0; length < text.length; length++)
      expect(decodeEntry(text.slice(0, length))).toBeUndefined();
    for (let at = 0; at < text.length; at++) {
      const changed = text.slice(0, at) + (text[at] === "7" ? "8" : "7") + text.slice(at + 1);
      expect(decodeEntry(changed)).toBeUndefined();
    }
  });
});

describe("Journal", () => {
  it("reads what was added, and forgets failed jobs", async () => {
    const journal = new Journal(folder, "run");
    await journal.open();
    await journal.add(job, recordOf([row(1)]));
    await journal.add(jobs[1], {
      ...recordOf([], jobs[1].id),
      status: "failed",
      failures: [{ cell: 1, message: "x" }],
    });
    const { entries, damaged } = await journal.read();
    expect(entries.map(({ record }) => record.id)).toEqual([job.id]);
    expect(damaged).toEqual([]);
    expect(finishedCells(entries)).toEqual(new Map([[job.group, new Set([0, 2, 4, 6, 8])]]));
  });

  it("counts torn, corrupt and renamed records as not there, and clears temporary files", async () => {
    const journal = new Journal(folder, "run");
    await journal.open();
    await journal.add(job, recordOf([row(1)]));
    const good = readFileSync(join(folder, `${job.id}.json`), "utf8");
    writeFileSync(join(folder, "torn.json"), good.slice(0, 200));
    writeFileSync(join(folder, "empty.json"), "");
    writeFileSync(join(folder, "other-name.json"), good);
    const other = { ...job, id: "other-run" };
    await new Journal(folder, "another").add(other, recordOf([row(1)], other.id));
    writeFileSync(join(folder, "killed.json.123-4.tmp"), good);
    await journal.open();
    expect(readdirSync(folder)).not.toContain("killed.json.123-4.tmp");
    const { entries, damaged } = await journal.read();
    expect(entries.length).toBe(1);
    expect(damaged).toEqual(["empty.json", "other-name.json", "other-run.json", "torn.json"]);
  });

  it("counts no cell twice, even if two records hold it", async () => {
    const journal = new Journal(folder, "run");
    await journal.open();
    const part = { ...job, id: `${job.group}.c2`, cells: job.cells.slice(1, 3) };
    await journal.add(job, recordOf([row(1)]));
    await journal.add(part, recordOf([row(2)], part.id));
    const { entries } = await journal.read();
    expect(entries.map(({ record }) => record.id)).toEqual([`${job.group}.c2`]);
  });

  it("says when the disk is full", async () => {
    const full = async (path: string) => {
      throw writeError(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }), path);
    };
    const journal = new Journal(folder, "run", { write: full });
    const error = await journal.add(job, recordOf([])).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CajalError);
    expect((error as CajalError).code).toBe("disk-full");
    expect((error as CajalError).message).toBe(
      `no space left to write ${join(folder, `${job.id}.json`)}. Free some space, then continue with --resume: finished jobs are kept.`,
    );
  });

  it("says when the folder cannot be made", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(new Journal(join(folder, "file", "journal"), "run").open()).rejects.toThrow(
      /file is a file, not a directory/,
    );
    mkdirSync(join(folder, "ok"));
  });
});
