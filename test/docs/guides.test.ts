/**
 * @file The guides are true: every block of code in them is run, in order, as a reader would.
 *
 * Blocks of TypeScript in one guide are one program; YAML with a file name behind `yaml` is written to that file; lines
 * of `sh` are commands of Cajal; Python runs where its modules are. Trainings are cut to a few updates.
 */

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runProgram } from "../../cli/program.ts";
import { isRequired, pythonWith } from "../experiment/python.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const GUIDES = ["training-with-dales-law.md", "coming-from.md", "looking-inside.md"];
/** Trainings and tests are cut to this; the numbers that the guides quote come from whole ones. */
const SHORT = [
  [/updates: \d+,/g, "updates: 4,"],
  [/trials: \d+,/g, "trials: 20,"],
  [/, \d{3,}, createRng/g, ", 100, createRng"],
] as const;
const SHORT_SETTINGS = ["updates=4", "repeat=2", "validation.trials=20", "test.trials=20"];

interface Block {
  language: string;
  /** Behind the language: the file that the block is. */
  file: string;
  code: string;
  line: number;
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)(?: +(\S+))?\n([\s\S]*?)^```$/gm)].map((found) => ({
    language: found[1],
    file: found[2] ?? "",
    code: found[3],
    line: text.slice(0, found.index).split("\n").length,
  }));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-guides-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(GUIDES)("docs/%s", (name) => {
  const text = readFileSync(join(ROOT, "docs", name), "utf8");
  const blocks = blocksOf(text);
  const place = () => join(folder, name.replace(".md", ""));

  it("has only blocks that are run", () => {
    const known = ["ts", "yaml", "ini", "sh", "python"];
    expect(blocks.map(({ language }) => language).filter((language) => !known.includes(language))).toEqual(
      [],
    );
    expect(blocks.filter(({ language, file }) => ["yaml", "ini"].includes(language) && !file)).toEqual([]);
    // A fence that the pattern does not understand would be passed over.
    expect(text.match(/^```/gm)).toHaveLength(2 * blocks.length);
  });

  it("points at files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((found) => found[1]);
    expect(links.filter((link) => !existsSync(join(ROOT, "docs", link)))).toEqual([]);
  });

  it("runs its program", async () => {
    const programs = blocks.filter(({ language }) => language === "ts");
    const code = programs.map((block) => block.code).join("\n");
    mkdirSync(place(), { recursive: true });
    const file = join(place(), "guide.ts");
    const doors = code
      .replaceAll('from "cajal"', `from ${JSON.stringify(join(ROOT, "src/index.ts"))}`)
      .replaceAll(
        /from "cajal\/(\w+)"/g,
        (_, part) => `from ${JSON.stringify(join(ROOT, "src", part, "index.ts"))}`,
      );
    writeFileSync(
      file,
      SHORT.reduce((program, [long, short]) => program.replaceAll(long, short), doors),
    );
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const cwd = process.cwd();
    process.chdir(place());
    try {
      await import(/* @vite-ignore */ pathToFileURL(file).href);
    } finally {
      log.mockRestore();
      process.chdir(cwd);
    }
  }, 60_000);

  it("runs its commands on its files", async () => {
    mkdirSync(place(), { recursive: true });
    for (const { language, file, code } of blocks) {
      if (["yaml", "ini"].includes(language)) writeFileSync(join(place(), file), code);
      if (language !== "sh") continue;
      for (const line of code.split("\n")) {
        const [program, command, ...args] = line.replace(/\s+#.*$/, "").split(" ");
        if (program !== "cajal") continue;
        const short = ["run", "train"].includes(command)
          ? ["--workers", "0", ...SHORT_SETTINGS.flatMap((setting) => ["--set", setting])]
          : [];
        let said = "";
        const output = { write: (words: string) => (said += words) };
        const code = await runProgram([command, ...args, ...short], {
          out: output,
          err: output,
          cwd: place(),
        });
        expect(code, `${line}\n${said}`).toBe(0);
      }
    }
  }, 60_000);

  const python = blocks.filter(({ language }) => language === "python");
  it.each(python)(
    "runs its Python of line $line",
    ({ code }) => {
      const modules = [...code.matchAll(/^(?:import|from) ([\w.]+)/gm)].map((found) => found[1]);
      const interpreter = pythonWith(modules.join(", "));
      if (interpreter === undefined) {
        const missing = `no Python with ${modules.join(", ")}`;
        if (isRequired(modules.includes("torch") ? "torch" : "python")) expect.fail(missing);
        console.log(`Skipped: ${missing}.`);
        return;
      }
      const { status, stderr } = spawnSync(interpreter, ["-c", code], { cwd: place(), encoding: "utf8" });
      expect(status, stderr).toBe(0);
    },
    60_000,
  );
});

describe("docs", () => {
  it("has guides that are all tested or known", () => {
    const known = ["acceptance.md", "benchmarks.md", "equations.md", "self-organising-networks.md"];
    const all = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
    expect(GUIDES.filter((name) => !all.includes(name))).toEqual([]);
    expect(known.every((name) => all.includes(name))).toBe(true);
  });
});
