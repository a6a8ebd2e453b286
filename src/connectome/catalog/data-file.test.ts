import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { parseConnectomeData } from "./data-file.ts";

const small = () => ({
  format: "cajal-connectome",
  version: 1,
  name: "three",
  title: "Three neurons",
  citation: "Nobody (2020).",
  labels: ["a", "b", "c"],
  types: ["sensory", "motor", "motor"],
  attributes: { side: ["left", "left", "right"] },
  positions: { unit: "um", values: [0, 0, 0, 1000, 0, 0, 0, 500, 0] },
  layers: {
    chemical: { directed: true, unit: "synapses", edges: 3, total: 9, rows: [[1, 2, 2, 3], [0, 4], []] },
    gap: { directed: false, unit: "junctions", edges: 2, total: 6, rows: [[0, 1, 2, 5], [], []] },
  },
});

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The small file with one place changed. */
function changed(path: string, value: unknown): Uint8Array {
  const file = small();
  const keys = path.split(".");
  let at = file as unknown as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys[keys.length - 1]] = value;
  return bytes(file);
}

describe("parseConnectomeData", () => {
  it("reads edges from the row's node to the target", () => {
    const { layers, positions, attributes } = parseConnectomeData(bytes(small()), "small.json");
    expect(layers.chemical).toEqual({
      directed: true,
      unit: "synapses",
      pre: Int32Array.of(0, 0, 1),
      post: Int32Array.of(1, 2, 0),
      values: Float64Array.of(2, 3, 4),
    });
    expect(layers.gap.directed).toBe(false);
    expect([...positions]).toEqual([0, 0, 0, 1, 0, 0, 0, 0.5, 0]);
    expect(attributes).toEqual({ side: ["left", "left", "right"] });
  });

  it.each([
    ["format", "csv", 'small.json: format must be "cajal-connectome", got "csv"'],
    ["labels", 3, "small.json: labels must be a list, got 3"],
    ["labels", ["a", "b"], "small.json: types must hold 2 items, got a list of 3"],
    ["labels.1", "", 'small.json: labels[1] must be text, got ""'],
    ["title", null, "small.json: title must be text, got null"],
    ["attributes", [], "small.json: attributes must be an object, got a list of 0"],
    ["attributes.side.2", 7, "small.json: attributes.side[2] must be text, got 7"],
    ["positions.unit", "ft", 'small.json: positions.unit must be one of um, mm, got "ft"'],
    ["positions.values.4", "x", 'small.json: positions.values[4] must be a number, got "x"'],
    ["layers.gap", null, "small.json: layers.gap must be an object, got null"],
    ["layers.gap.directed", 0, "small.json: layers.gap.directed must be true or false, got 0"],
    ["layers.gap.rows", [[]], "small.json: layers.gap.rows must hold 3 items, got a list of 1"],
    [
      "layers.chemical.rows.1",
      [0, 4, 2],
      "small.json: layers.chemical.rows[1] must hold pairs of target and weight, got a list of 3",
    ],
    [
      "layers.chemical.rows.1",
      [3, 4],
      "small.json: layers.chemical.rows[1][0] must be a whole number from 0 to 2, got 3",
    ],
    [
      "layers.chemical.rows.0",
      [2, 2, 1, 3],
      "small.json: layers.chemical.rows[0][2] must be greater than 2, got 1",
    ],
    ["layers.gap.rows.1", [0, 4], "small.json: layers.gap.rows[1][0] must be greater than 0, got 0"],
    [
      "layers.gap.rows.1",
      [1.5, 4],
      "small.json: layers.gap.rows[1][0] must be a whole number from 0 to 2, got 1.5",
    ],
    ["layers.gap.rows.1", [1, -4], "small.json: layers.gap.rows[1][1] must be greater than 0, got -4"],
    ["layers.gap.edges", 3, "small.json: layers.gap.edges must be 2, the sum over the rows, got 3"],
    ["layers.gap.total", 7, "small.json: layers.gap.total must be 6, the sum over the rows, got 7"],
    ["version", 2, "small.json: version is 2, this Cajal reads version 1"],
  ])("complains about %s = %j", (path, value, message) => {
    expect(() => parseConnectomeData(changed(path, value), "small.json")).toThrow(message);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["a cut file", bytes(small()).slice(0, 200)],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["deep nesting", new TextEncoder().encode("[".repeat(200_000))],
    ["infinity", new TextEncoder().encode(JSON.stringify(small()).replace("[0,4]", "[0,1e999]"))],
    ["a number", bytes(3)],
    ["null", bytes(null)],
  ])("throws only CajalError for %s", (_, data) => {
    expect(() => parseConnectomeData(data, "bad.json")).toThrow(CajalError);
  });

  it("does not trip over names of Object.prototype", () => {
    const text = JSON.stringify(small()).replace('"side"', '"__proto__"');
    const { attributes } = parseConnectomeData(new TextEncoder().encode(text), "proto.json");
    expect(Object.keys(attributes)).toEqual(["__proto__"]);
    const bare = new TextEncoder().encode('{"format":"cajal-connectome","version":1,"labels":[]}');
    expect(() => parseConnectomeData(bare, "bare.json")).toThrow("bare.json: name must be text, got nothing");
  });

  it("throws only CajalError whatever one value becomes", () => {
    const paths: string[] = [];
    const walk = (value: unknown, path: string) => {
      if (path) paths.push(path);
      if (typeof value !== "object" || value === null) return;
      for (const [key, item] of Object.entries(value)) walk(item, path ? `${path}.${key}` : key);
    };
    walk(small(), "");
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        try {
          parseConnectomeData(changed(path, value), "fuzz.json");
        } catch (error) {
          expect(error).toBeInstanceOf(CajalError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
