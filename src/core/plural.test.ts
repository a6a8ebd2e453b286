import { expect, it } from "vitest";
import { plural } from "./plural.ts";

it("names one by the singular, and everything else, none too, by the plural", () => {
  expect([0, 1, 2].map((n) => plural(n, "row"))).toEqual(["0 rows", "1 row", "2 rows"]);
  expect([1, 2].map((n) => plural(n, "entry", "entries"))).toEqual(["1 entry", "2 entries"]);
});
