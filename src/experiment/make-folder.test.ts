import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("makeFolder", () => {
  it("makes parents, and accepts a folder that is there", async () => {
    const deep = join(folder, "a", "b c", "ü");
    await makeFolder(deep);
    await makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  it("gives the system's error for a file in the way", async () => {
    writeFileSync(join(folder, "a"), "");
    await expect(makeFolder(join(folder, "a", "b"))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  it.skipIf(!existsSync("/proc/self"))("comes back from a file system that takes no folders", async () => {
    await expect(makeFolder("/proc/cajal-test/deeper")).rejects.toThrow("/proc/cajal-test");
  });
});
