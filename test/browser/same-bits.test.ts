import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageServer, servePages } from "./page-server.ts";
import { allBits, type Bits } from "./same-bits-cases.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CHROMIUM = "/usr/bin/chromium";
/** CI sets CAJAL_REQUIRE=chromium, so that a missing browser is a failure there and not a silent gap. */
const isRequired = (process.env.CAJAL_REQUIRE ?? "").split(",").includes("chromium");
const isThere = existsSync(CHROMIUM);

/** No sandbox: it needs kernel features that containers lack. The rest keeps the browser from calling home. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

if (!isThere && !isRequired) {
  console.warn(`same bits in Node and in Chromium: not tested, there is no ${CHROMIUM}`);
  describe("the same bits in Node and in Chromium", () => {
    it.skip(`not tested: there is no ${CHROMIUM} (Debian: apt-get install chromium)`, () => {});
  });
}

describe.runIf(isThere || isRequired)("the same bits in Node and in Chromium", () => {
  let server: PageServer;
  let browser: Browser;
  let inNode: Record<string, Bits>;
  let inChromium: Record<string, Bits>;

  beforeAll(async () => {
    server = await servePages(ROOT);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("requestfailed", (failed) => problems.push(`${failed.url()}: ${failed.failure()?.errorText}`));
    page.on("response", (response) => {
      if (!response.ok()) problems.push(`${response.url()}: ${response.status()}`);
    });
    await page.goto(server.origin);
    const read = "async (path) => new Uint8Array(await (await fetch('/data/' + path)).arrayBuffer())";
    const script = `import("/test/browser/same-bits-cases.ts").then((m) => m.allBits(${read}))`;
    inChromium = await page.evaluate<Record<string, Bits>>(script).catch((error: Error) => {
      throw new Error([error.message, ...problems].join("\n"));
    });
    inNode = await allBits((path) => readFile(resolve(ROOT, "data", path)));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("runs the whole library in the browser, with no module of Node", () => {
    expect(Object.keys(inChromium).length).toBeGreaterThan(80);
  });

  it("finds every state, weight and score equal to the last bit", () => {
    expect(inChromium).toEqual(inNode);
  });

  it("compares numbers that are finite and differ from case to case, but not from dense to sparse", () => {
    for (const [name, { hash, last }] of Object.entries(inNode)) {
      expect(last.every(Number.isFinite), name).toBe(true);
      if (name.endsWith(", sparse")) expect(hash, name).toBe(inNode[name.replace("sparse", "dense")].hash);
    }
    const dense = Object.entries(inNode).filter(([name]) => !name.endsWith(", sparse"));
    expect(new Set(dense.map(([, { hash }]) => hash)).size).toBe(dense.length);
  });

  it("serves the repository to nobody who asks under another name, and nothing else", async () => {
    const status = (path: string, host: string) =>
      new Promise<number>((done, fail) => {
        const { port } = new URL(server.origin);
        request({ host: "127.0.0.1", port, path, headers: { host } }, (r) => done(r.resume().statusCode ?? 0))
          .on("error", fail)
          .end();
      });
    const { host } = new URL(server.origin);
    expect(await status("/src/index.ts", host)).toBe(200);
    expect(await status("/src/index.ts", "example.org")).toBe(403);
    expect(await status("/package.json", host)).toBe(403);
    expect(await status("/src/../package.json", host)).toBe(403);
    expect(await status("/src/%2e%2e%2fpackage.json", host)).toBe(403);
    expect(await status("/src/none.ts", host)).toBe(404);
  });
});
