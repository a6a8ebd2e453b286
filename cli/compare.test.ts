import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FixtureJob, writeRun } from "../src/experiment/compare/run-directory.fixture.ts";
import { runProgram } from "./program.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-compare-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function cajal(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const io = {
    out: { write: (text: string) => (out += text), columns: 110 },
    err: { write: (text: string) => (err += text), columns: 110 },
    cwd: folder,
  };
  return { code: await runProgram(args, io), out, err };
}

const jobs = (lowest: number): FixtureJob[] =>
  ["bio", "random"].flatMap((topology, k) =>
    [0, 1, 2, 3].map((repeat) => ({
      repeat,
      factors: { topology },
      loss: [1, 0.5, lowest * (1 + k) + repeat / 128, lowest * (2 + k)],
      correct: [0.5, 0.75, 0.875, 0.875 + repeat / 64],
      metrics: { testFractionCorrect: 0.75 + repeat / 64 },
    })),
  );

describe("cajal compare", () => {
  it("prints groups, tests and what to beware of", async () => {
    writeRun(join(folder, "small"), { jobs: jobs(0.125) });
    const { code, out, err } = await cajal("compare", "small:topology");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "  group             repeats          minimum loss    at update    near from          test correct
        topology bio            4   0.137 (0.131–0.143)   30 (30–30)   30 (30–30)   0.773 (0.762–0.785)
        topology random         4   0.262 (0.256–0.268)   30 (30–30)   30 (30–30)   0.773 (0.762–0.785)
        median (quartiles) over repeats; minimum loss: smallest loss of a training; at update: update of the
        minimum; near from: first update with a loss within 1 % of the curve's range above its minimum; test
        correct: fraction correct of the best network on fresh trials

        metric         groups                           difference                        g       δ       p    Holm
        minimum loss   topology bio – topology random       −0.125   −10.77 [−19.35, −5.46]   −1.00   0.029   0.029
        at update      topology bio – topology random            0                        –    0.00    1.00    1.00
        near from      topology bio – topology random            0                        –    0.00    1.00    1.00
        test correct   topology bio – topology random            0       0.00 [−1.39, 1.39]    0.00    1.00    1.00
        difference of means; g: Hedges' g [95 %]; δ: Cliff's delta; p: Mann–Whitney, two-sided; Holm: corrected for
        all pairs of a metric

      "
    `);
  });

  it("writes a page with a figure, and JSON on standard output", async () => {
    writeRun(join(folder, "small"), { jobs: jobs(0.125) });
    writeRun(join(folder, "large"), { jobs: jobs(0.0625) });
    const args = ["--metric", "minimumLoss", "--out", "page.html", "--json"];
    const { code, out, err } = await cajal("compare", "small", "large", ...args);
    expect(code).toBe(0);
    expect(err).toContain("page.html");
    const { groups, tests, metrics } = JSON.parse(out);
    expect(metrics).toEqual(["minimumLoss"]);
    expect(groups.map(({ label }: { label: string }) => label)).toEqual(["small", "large"]);
    expect(groups[0].loss.updates).toEqual([10, 20, 30, 40]);
    expect(tests).toHaveLength(1);
    const html = readFileSync(join(folder, "page.html"), "utf8");
    // Loss, fraction correct, minima, and the loss of both settings.
    expect(html.match(/<figure>/g)).toHaveLength(5);
    expect(html).toContain("topology random");
    expect(html).not.toMatch(/NaN|undefined|<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it("says what cannot be compared, with exit code 2", async () => {
    writeRun(join(folder, "half"), { jobs: jobs(0.1), finished: false });
    const { code, err } = await cajal("compare", "half", "half");
    expect(code).toBe(2);
    expect(err).toContain("is not finished");
  });

  it("says which file of a run is gone, and how to get it back", async () => {
    writeRun(join(folder, "small"), { jobs: jobs(0.125) });
    rmSync(join(folder, "small", "experiment.yaml"));
    const { code, out, err } = await cajal("compare", "small", "small");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("small/experiment.yaml is missing");
    expect(err).toContain("Run the experiment again with --resume");
  });
});

describe("cajal convert", () => {
  const INI = `[paths]
path_to_network = nets
[net]
net_name = Fly
rnn_size = 49
nr_neurons = 4
[trialparams]
trial_params = {'task_name': 'seq_mem', 'nr_of_trials': 500, 'train_size': 0.8}
[combosparams]
combos_params = {'lr': [1e-3], 'nonlinearity': ['tanh'], 'optimizer': ['Adam'], 'pattern_length': [3]}
`;

  it("writes an experiment file with its paths from where it lies, and overwrites nothing", async () => {
    writeFileSync(join(folder, "config.ini"), INI);
    const { code, out, err } = await cajal("convert", "config.ini", "--out", "out.yaml");
    expect({ code, out }).toEqual({ code: 0, out: "Wrote out.yaml. Next: cajal check out.yaml\n" });
    expect(err).toContain("there is no file nets/C_Fly.npy: set connectome.path");
    expect(err).toContain(`"epochs" is not given, the template's 500 is taken`);
    expect(readFileSync(join(folder, "out.yaml"), "utf8")).toContain('path: "nets/C_Fly.npy"');
    const again = await cajal("convert", "config.ini", "--out", "out.yaml");
    expect(again.code).toBe(2);
    expect(again.err).toContain("out.yaml exists already");
  });

  it("prints it without --out, and shows a mistake with its place", async () => {
    writeFileSync(join(folder, "config.ini"), INI);
    expect((await cajal("convert", "config.ini")).out).toMatch(/^# Converted from config\.ini/);
    writeFileSync(join(folder, "config.ini"), INI.replace("'tanh'", "'tahn'"));
    const { code, err } = await cajal("convert", "config.ini");
    expect(code).toBe(2);
    expect(err).toMatch(/config\.ini:10:49: "nonlinearity" must be one of relu, tanh/);
    expect(err).toContain('Did you mean "tanh"?');
    expect((await cajal("convert", "nothing.ini")).err).toContain("there is no file nothing.ini");
    expect(existsSync(join(folder, "out.yaml"))).toBe(false);
  });

  it("refuses what is not text, control characters among it, which a terminal would obey", async () => {
    for (const content of [INI.replace("Fly", "\u001b[31mFly"), Uint8Array.of(0x5b, 0xff, 0xfe)]) {
      writeFileSync(join(folder, "config.ini"), content);
      const { code, out, err } = await cajal("convert", "config.ini");
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain("config.ini is not text");
      expect(err).toContain("saved as UTF-8");
      expect(err).not.toContain("[31mFly");
    }
  });
});
