import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { sparseFromEntries } from "../../core/index.ts";
import { renderReport } from "./render-report.ts";
import { LEAK, RADIUS, type RunShape, reportInput } from "./report-input.fixture.ts";
import type { ReportInput } from "./report-input.ts";

/** The report as a document, after checking what every report must be. */
function parse(report: string) {
  expect(report).toMatch(/^<!doctype html>/);
  expect(report).not.toMatch(/\bundefined\b|\[object /);
  expect(report.replaceAll(/base64,[^"]*/g, "")).not.toContain("NaN");
  const { document } = parseHTML(report);
  for (const node of Array.from(document.querySelectorAll("[src], [href]"))) {
    expect(node.getAttribute("src") ?? node.getAttribute("href")).toMatch(/^data:image\/png/);
  }
  const texts = (selector: string) =>
    Array.from(document.querySelectorAll(selector)).map((n) => n.textContent ?? "");
  return {
    document,
    texts,
    headings: texts("h2"),
    captions: texts("figcaption"),
    answer: texts(".answer")[0],
  };
}

const report = async (shape: RunShape = {}, change: (input: ReportInput) => ReportInput = (i) => i) =>
  parse(await renderReport(change(reportInput(shape))));

describe("renderReport", () => {
  it("shows answer, four figures, results, every point, methods, provenance and the file", async () => {
    const page = await report();
    expect(page.texts("h1")).toEqual(["Memory of a worm"]);
    expect(page.texts("title")[0]).toBe("Memory of a worm");
    expect(page.answer).toContain("remembers 10.0 steps");
    expect(page.captions.map((c) => c.slice(0, 9))).toEqual([
      "Figure 1.",
      "Figure 2.",
      "Figure 3.",
      "Figure 4.",
    ]);
    expect(page.document.querySelectorAll("figure svg")).toHaveLength(4);
    expect(page.headings).toEqual([
      "Results",
      "Wiring",
      "Every point of the sweep",
      "Methods, ready to paste",
      "Provenance",
      "Experiment",
    ]);
    expect(page.texts("pre")).toEqual(["name: worm\nseed: 7\n"]);
    const facts = page.texts("table.facts").join(" ");
    for (const fact of [
      "cajal 0.1.0, node 20.20.2",
      "linux x64",
      "12.5 s",
      "21 done",
      "abc123",
      "cajal run worm.yaml",
    ]) {
      expect(facts).toContain(fact);
    }
  });

  it("gives the numbers of the comparison in the results table, the answer first and bold", async () => {
    const page = await report();
    const [first] = page.texts(".wide tbody tr");
    expect(first).toContain("Memory capacity Σr² (steps), best of the sweep");
    expect(first).toMatch(/10\.07\.05 ± 0\.59\+2\.9595 % CI .* to .*4\.991\.00\.048/);
    expect(page.texts("tbody strong")).toHaveLength(1);
    expect(page.texts(".wide tbody tr").filter((t) => /^(0\.5|0\.7|0\.9|1\.1)/.test(t))).toHaveLength(4);
  });

  it("gives the same bytes twice", async () => {
    const input = reportInput({ repeats: 2, leaks: [0.5, 1], nulls: { rewired: 5, random: 3 } });
    expect(await renderReport(input)).toBe(await renderReport(input));
  });

  it("needs no script and no network, and forbids both", async () => {
    const page = await report();
    expect(page.document.querySelectorAll("script, link, iframe, object, embed, form")).toHaveLength(0);
    const policy = page.document.querySelector('meta[http-equiv="Content-Security-Policy"]');
    expect(policy?.getAttribute("content")).toContain("default-src 'none'");
    expect(await renderReport(reportInput())).not.toMatch(/@import|url\(/);
  });
});

describe("renderReport, of unusual runs", () => {
  it("without nulls: curve, forgetting, wiring, and no statistics", async () => {
    const page = await report({ nulls: {} });
    expect(page.captions).toHaveLength(3);
    expect(page.headings).not.toContain("Results");
  });
  it("without a sweep: the nulls are the figure", async () => {
    const page = await report({ radii: [0.9] });
    expect(page.captions).toHaveLength(3);
    expect(page.captions[0]).toContain("Each dot is one null network");
    expect(page.captions[1]).toContain("r²(k), at spectral radius 0.9");
    const bare = await report({ radii: [0.9], nulls: {} }, (i) => ({ ...i, otherFactors: [] }));
    expect(bare.answer).toContain("at the one setting simulated.");
  });
  it("with several swept factors: says that the curve is the best over the others, and tabulates them", async () => {
    const page = await report({ leaks: [0.5, 0.8, 1] });
    expect(page.captions[0]).toContain(
      "At each point every network shows its best over 3 settings of leak rate.",
    );
    expect(page.headings).toContain("By setting");
    expect(page.texts(".methods")[0]).toContain("crossed with 3 settings of leak rate");
  });
  it("with a factor of names: bars", async () => {
    const page = await report({ leaks: [0.5, 1] }, (i) => ({
      ...i,
      sweptFactor: LEAK,
      rows: i.rows.map((r) => ({
        ...r,
        factors: { ...r.factors, [LEAK]: r.factors[LEAK] === 1 ? "tanh" : "relu" },
      })),
    }));
    expect(page.document.querySelector("figure")?.textContent).toContain("tanh");
  });
  it("with repeats and several null models", async () => {
    const page = await report({ repeats: 3, nulls: { rewired: 6, random: 6 } });
    expect(page.captions[0]).toContain("Mean of 3 repeats, shaded ± one standard deviation.");
    expect(page.texts("thead")[0]).toContain("Null model");
    expect(page.document.querySelectorAll("figure circle").length).toBeGreaterThan(24);
  });
  it("with cells that failed: says how many and which, and does not count them as 0", async () => {
    const page = await report({ diverged: (f) => f[RADIUS] === 1.1 });
    expect(page.headings).toContain("What failed");
    expect(page.texts(".failures")[0]).toContain(
      "21 cells gave no value. Missing values are left out, never counted as 0.",
    );
    expect(page.texts(".failures li")).toHaveLength(21);
    expect(page.texts(".failures li").at(-1)).toBe("… and 1 more, see run.json.");
    expect(page.answer).toContain("remembers 10.0 steps");
  });
  it("with nothing that finished: the failures first, then what was meant", async () => {
    const page = await report({ diverged: () => true }, (i) => ({
      ...i,
      run: { ...i.run, jobs: { done: 0, failed: 21 } },
    }));
    expect(page.headings[0]).toBe("What failed");
    expect(page.texts(".failures")[0]).toContain("21 of 21 jobs failed.");
    expect(page.captions).toHaveLength(1);
    expect(page.headings).toContain("Experiment");
  });
  it("with values that are all NaN, or a network that never finished", async () => {
    await report({}, (i) => ({ ...i, rows: i.rows.map((r) => ({ ...r, value: Number.NaN })) }));
    const lost = await report({ diverged: (f) => f.network === "empirical" });
    expect(lost.answer).toContain("nothing to");
  });
  it("without forgetting curves, types, labels, citation, date and command; with an empty connectome", async () => {
    const page = await report({ maxDelay: 0 }, (i) => {
      const { startedAt: _, command: __, ...run } = i.run;
      const weights = sparseFromEntries({ rows: 0, columns: 0 }, { post: [], pre: [], values: [] });
      return { ...i, run, connectome: { name: "empty", weights, summary: {} } };
    });
    expect(page.captions).toHaveLength(2);
  });
  it("with labels that do not fit the matrix", async () => {
    await report({}, (i) => ({ ...i, connectome: { ...i.connectome, labels: ["only one"], types: [] } }));
  });
});

describe("renderReport, of hostile text", () => {
  const hostile = `</pre></style></title>"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;<svg/onload=alert(1)>\u0000]]>`;
  const shown = hostile.replace("\u0000", "\ufffd");
  /** Every string of a value replaced by hostile text; keys that the report looks up stay. */
  const poison = (value: unknown): unknown => {
    if (typeof value === "string") return hostile;
    if (ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map(poison);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, poison(v)]));
  };

  it("shows it as text wherever it stands, and gains no element and no attribute by it", async () => {
    const clean = reportInput({ leaks: [0.5, 1], diverged: (f) => f.null === 1 });
    const rows = clean.rows.map((r) => ({
      ...r,
      job: hostile,
      factors: {
        network: r.factors.network === "empirical" ? "empirical" : hostile,
        null: r.factors.null,
        repeat: r.factors.repeat,
        [hostile]: r.factors[RADIUS],
        [`${hostile}2`]: `${hostile}${r.factors[LEAK]}`,
      },
    }));
    const poisoned = {
      ...(poison(clean) as ReportInput),
      rows,
      metric: "memoryCapacity",
      otherFactors: [hostile, `${hostile}2`],
    };
    poisoned.connectome = { ...poisoned.connectome, summary: { [hostile]: hostile } };
    poisoned.run = { ...poisoned.run, versions: { [hostile]: hostile } };
    const page = parse(await renderReport(poisoned));
    expect(page.texts("h1")[0]).toBe(shown);
    expect(page.texts("pre")[0]).toBe(shown);
    const names = (selector: string) =>
      new Set(Array.from(page.document.querySelectorAll(selector)).map((n) => n.localName));
    for (const tag of ["script", "img", "iframe"]) expect(names("*").has(tag)).toBe(false);
    for (const node of Array.from(page.document.querySelectorAll("*"))) {
      for (const { name } of Array.from(node.attributes))
        expect(name).not.toMatch(/^on|^src$|^formaction$|^xlink/);
    }
    const tags = names("body *");
    const usual = new Set(
      Array.from(parse(await renderReport(clean)).document.querySelectorAll("body *")).map(
        (n) => n.localName,
      ),
    );
    expect([...tags].filter((t) => !usual.has(t))).toEqual([]);
  });
});
