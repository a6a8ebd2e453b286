import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { catalogEntry, connectomeCatalog } from "./catalog.ts";

const dataFolder = new URL("../../../data/", import.meta.url);

describe("connectomeCatalog", () => {
  it("has unique names", () => {
    expect(new Set(connectomeCatalog.map((entry) => entry.name)).size).toBe(connectomeCatalog.length);
  });

  it.each(connectomeCatalog)("$name says what its file says", (entry) => {
    const file = JSON.parse(readFileSync(new URL(entry.path, dataFolder), "utf8"));
    expect(file.name).toBe(entry.name);
    expect(file.title).toBe(entry.title);
    expect(file.labels.length).toBe(entry.nodes);
    expect(file.citation).toContain(entry.citation.slice(entry.citation.indexOf("(20")));
    expect(file.layers.chemical.edges).toBe(entry.edges.chemical);
    expect(file.layers.chemical.unit).toBe(`${entry.unit}s`);
  });

  it("is small enough to ship", () => {
    let bytes = 0;
    for (const entry of connectomeCatalog) bytes += readFileSync(new URL(entry.path, dataFolder)).length;
    expect(bytes).toBeLessThan(150_000);
  });
});

describe("catalogEntry", () => {
  it("finds by name", () => {
    expect(catalogEntry("celegans").nodes).toBe(302);
  });

  it("names the nearest and lists all for a name it does not know", () => {
    expect(() => catalogEntry("c-elegans")).toThrow(
      new CajalError('no connectome named "c-elegans" ships with Cajal', {
        code: "unknown-connectome",
        where: "connectome",
        hint: 'Did you mean "celegans"? Known here: celegans, celegans-varshney.',
      }),
    );
  });
});
