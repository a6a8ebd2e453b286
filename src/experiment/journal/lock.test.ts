import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeLock } from "./lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const holder = (parts: object) =>
  writeFileSync(
    join(folder, "lock"),
    `${JSON.stringify({ pid: 1, host: hostname(), born: null, ...parts })}\n`,
  );

describe("takeLock", () => {
  it("keeps a second run out until the first lets go", async () => {
    const lock = await takeLock(folder);
    await expect(takeLock(folder)).rejects.toThrow(
      `another run is writing to ${folder} (process ${process.pid}). Wait for it, stop it, or choose another --out.`,
    );
    await lock.release();
    expect(existsSync(join(folder, "lock"))).toBe(false);
    await (await takeLock(folder)).release();
  });

  it("takes over from a process that is gone", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => child.on("exit", resolve));
    holder({ pid: child.pid });
    const lock = await takeLock(folder);
    expect(JSON.parse(readFileSync(join(folder, "lock"), "utf8")).pid).toBe(process.pid);
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(existsSync("/proc/self/stat"))(
    "takes over when the pid now belongs to a later process",
    async () => {
      holder({ pid: process.pid, born: "another-boot/1" });
      await (await takeLock(folder)).release();
    },
  );

  it("takes over an unreadable lock, which no run of ours leaves", async () => {
    writeFileSync(join(folder, "lock"), "{");
    await (await takeLock(folder)).release();
  });

  it("does not judge a process on another machine", async () => {
    holder({ host: "elsewhere", pid: 7 });
    await expect(takeLock(folder)).rejects.toThrow("(process 7 on elsewhere)");
  });

  it("is given to one of many that ask at once", async () => {
    holder({ pid: 2 ** 30 });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder)));
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBe(1);
  });
});
