import { execFileSync, spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { MAIN, workplace, worm } from "./cajal-process.ts";

const place = workplace("disk");
const RUN = `'${process.execPath}' '${MAIN}' run worm.yaml --workers 2 --json`;

/** The hash of a run that had room enough. */
let hash: string;
beforeAll(async () => {
  place.write("worm.yaml", worm());
  const { code, out } = await place.cajal("run", "worm.yaml", "--json", "--out", "whole");
  expect(code).toBe(0);
  hash = JSON.parse(out).hash;
}, 60_000);

/** Whether a process may have a small disk of its own, which nobody else sees and which goes with it. */
const smallDisks =
  spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs -o size=4k tmpfs /mnt && umount /mnt"]).status ===
  0;
if (!smallDisks) console.log("Skipped: a full disk, because no file system can be mounted here.");

/** Run the lines of a shell script in the test's folder. */
function shell(command: string, args: readonly string[], lines: readonly string[]): void {
  execFileSync(command, [...args, lines.join("\n")], {
    cwd: place.path(),
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** What the interrupted run said; that it was resumed with room enough to the same hash, and left the same files. */
function expectResumed(name: string, file: RegExp, safe: string): void {
  expect(place.read(`${name}.code`).trim()).toBe("1");
  const out = place.read(`${name}.out`);
  const err = place.read(`${name}.err`);
  expect(err).toMatch(new RegExp(`^error {2}no space left to write \\S*${file.source}${safe}$`, "m"));
  expect(err).toContain("\n  Free some space, then continue with --resume: finished jobs are kept.\n");
  expect(err).not.toMatch(/^\s+at /m);
  expect(err).not.toContain("Nothing was run");
  expect(out).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(out).error.code).toBe("disk-full");
  expect(JSON.parse(place.read(`${name}.again`))).toMatchObject({
    hash,
    jobs: { total: 11, done: 11, failed: 0 },
  });
  expect(place.list(name)).toEqual(place.list("whole"));
  expect(place.list(`${name}/journal`)).toEqual(place.list("whole/journal"));
}

describe.runIf(smallDisks)("a disk that is full", () => {
  const cases: [when: string, size: string, file: RegExp, safe: string][] = [
    ["before the first job", "4k", /experiment\.yaml/, ""],
    ["between jobs", "40k", /journal\/.*\.json/, "; \\d of 11 jobs are safe in disk/run"],
    ["when the matrix is written", "200k", /weights\.npy/, "; 11 of 11 jobs are safe in disk/run"],
    [
      "when the last files are written",
      "860k",
      /(?:report\.html|connectome\.json)/,
      "; 11 of 11 jobs are safe in disk/run",
    ],
  ];
  it.each(cases)(
    "%s ends the run with words, and it goes on when there is room",
    { timeout: 60_000 },
    (...c) => {
      const [, size, file, safe] = c;
      const name = `full-${size}`;
      shell(
        "unshare",
        ["-rm", "sh", "-c"],
        [
          "mkdir -p disk",
          `mount -t tmpfs -o size=${size} tmpfs disk || exit 1`,
          `${RUN} --out disk/run >${name}.out 2>${name}.err; echo $? >${name}.code`,
          `find disk -name '*.tmp' -o -name lock >${name}.left`,
          "mount -o remount,size=8m disk || exit 1",
          `${RUN} --out disk/run --resume >${name}.again 2>>${name}.log || exit 1`,
          `cp -r disk/run ${name}`,
        ],
      );
      expectResumed(name, file, safe);
      expect(place.read(`${name}.left`)).toBe("");
    },
  );
});

describe.skipIf(process.platform === "win32")("a file that may not become so long", () => {
  it("ends the run like a full disk", { timeout: 60_000 }, () => {
    shell(
      "sh",
      ["-c"],
      [
        // Blocks of 512 bytes: less than the matrix has, more than anything else.
        `(ulimit -f 800; ${RUN} --out long >long.out 2>long.err; echo $? >long.code)`,
        `${RUN} --out long --resume >long.again 2>long.log`,
      ],
    );
    expectResumed("long", /weights\.npy/, "; 11 of 11 jobs are safe in long");
  });

  it("leaves a finished run as it was", { timeout: 60_000 }, async () => {
    cpSync(place.path("whole"), place.path("kept"), { recursive: true });
    const before = place.read("kept/report.html");
    shell(
      "sh",
      ["-c"],
      [
        // Not even the report fits.
        `(ulimit -f 40; '${process.execPath}' '${MAIN}' report kept >kept.out 2>kept.err; echo $? >kept.code)`,
      ],
    );
    expect(place.read("kept.code").trim()).toBe("1");
    expect(place.read("kept.err")).toMatch(/^error {2}no space left to write kept\/report\.html\n/);
    expect(place.read("kept/report.html")).toBe(before);
    expect(place.list("kept")).toEqual(place.list("whole"));
  });
});
