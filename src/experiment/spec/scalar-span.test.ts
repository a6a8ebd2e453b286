import { describe, expect, it } from "vitest";
import { lineColumn } from "../../core/index.ts";
import { parseExperiment } from "./parse-experiment.ts";

/** Where `word` of the text at `a.b` stands: line, column, and what stands there. */
function placeOf(yaml: string, word: string) {
  const source = parseExperiment(yaml, { file: "e.yaml" });
  const value = (source.data as { a: { b: string } }).a.b;
  const start = value.indexOf(word);
  const place = source.locateWithin(["a", "b"], { start, end: start + word.length });
  if (!place) return undefined;
  const { line, column } = lineColumn(place.text, place.span.start);
  return `${place.name}:${line}:${column} ${place.text.slice(place.span.start, place.span.end)}`;
}

describe("the place of a stretch of a text", () => {
  const written: [what: string, yaml: string, place: string | undefined][] = [
    ["plain", "a:\n  b: x = y\n", "e.yaml:2:10 y"],
    ["in quotes", "a: { b: 'x = y' }\n", "e.yaml:1:14 y"],
    ["in a block", "a:\n  b: |\n    x = 1\n\n    z = y\n", "e.yaml:5:9 y"],
    ["in a block that begins with blank lines", "a:\n  b: |-\n\n\n    z = y", "e.yaml:5:9 y"],
    ["in a block indented by hand", "a:\n  b: |2\n      x = y\n", "e.yaml:3:11 y"],
    ["in a block with a comment behind its sign", "a:\n  b: |+  # mine\n    x = y\n\n", "e.yaml:3:9 y"],
    ["in a block of lines that end in CR LF", "a:\r\n  b: |\r\n    x = 1\r\n    z = y\r\n", "e.yaml:4:9 y"],
    ["in a block of the same line twice", "a:\n  b: |\n    x = 1\n    x = 1\n    y\n", "e.yaml:5:5 y"],
    ["in one folded line", "a:\n  b: >-\n    x = y\n", "e.yaml:3:9 y"],
    ["behind an alias", "z: &t |\n  x = y\na: { b: *t }\n", "e.yaml:2:7 y"],
    ["in a folded text of lines", "a:\n  b: >\n    x = 1\n    z = y\n", undefined],
    ["with escapes", 'a: { b: "x\\n= y" }\n', undefined],
  ];
  it.each(written)("%s", (_, yaml, place) => expect(placeOf(yaml, "y")).toBe(place));
});
