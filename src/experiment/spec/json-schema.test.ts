import { describe, expect, it } from "vitest";
import { experimentJsonSchema, keysAt, SCHEMA_FILES, sweepPaths } from "./json-schema.ts";

describe.each(["memory", "self-organisation", "training"] as const)(
  "experimentJsonSchema of kind %s",
  (kind) => {
    // A changed schema is written with `npx vitest run src/experiment/spec -u`.
    it("is what its file in schema/ holds", async () => {
      await expect(`${JSON.stringify(experimentJsonSchema(kind), null, 2)}\n`).toMatchFileSnapshot(
        `../../../schema/${SCHEMA_FILES[kind]}`,
      );
    });

    it("describes every key", () => {
      const bare: string[] = [];
      const visit = (node: unknown, path: string) => {
        if (typeof node !== "object" || node === null) return;
        const { properties } = node as { properties?: Record<string, Record<string, unknown>> };
        for (const [key, value] of Object.entries(properties ?? {})) {
          const described = value.description ?? value.const ?? value.$ref;
          if (described === undefined) bare.push(`${path}.${key}`);
        }
        for (const [key, value] of Object.entries(node)) visit(value, `${path}.${key}`);
      };
      visit(experimentJsonSchema(kind).properties, "");
      expect(bare).toEqual([]);
    });
  },
);

describe("keysAt", () => {
  it("lists the keys of the form that the data has", () => {
    expect(keysAt(["network", "neuron"], { network: { neuron: { equations: "r = 1" } } })).toEqual([
      "kind",
      "equations",
      "parameters",
      "record",
    ]);
    expect(keysAt(["transforms", 0], { transforms: [{ kind: "binarize" }] })).toEqual(["kind"]);
  });
});

describe("sweepPaths", () => {
  it("names what a sweep can reach, and nothing else", () => {
    const paths = sweepPaths().map(({ path }) => path);
    expect(paths).toContain("network.spectralRadius");
    expect(paths).toContain("network.input.nodes");
    expect(paths).toContain("readout.lambda");
    expect(paths.filter((path) => /^(seed|repeat|name|nullModels)/.test(path))).toEqual([]);
  });
});
