import { describe, expect, it } from "vitest";
import { parseGroupChoice } from "./group-choice.ts";

describe("parseGroupChoice", () => {
  it.each([
    ["runs/a-1", "runs/a-1", []],
    ["runs/a-1:topology=random", "runs/a-1", [{ factor: "topology", value: "random" }]],
    ["runs/a-1:topology", "runs/a-1", [{ factor: "topology" }]],
    ["a:network.tau=1e-3, topology", "a", [{ factor: "network.tau", value: "1e-3" }, { factor: "topology" }]],
    [
      "a:windows=[1,2],b=x:y",
      "a",
      [
        { factor: "windows", value: "[1,2]" },
        { factor: "b", value: "x:y" },
      ],
    ],
    ["C:\\runs\\a", "C:\\runs\\a", []],
    ["C:\\runs\\a:topology=random", "C:\\runs\\a", [{ factor: "topology", value: "random" }]],
    ["/r/a:connectome.path=../w/x.npy", "/r/a", [{ factor: "connectome.path", value: "../w/x.npy" }]],
  ])("reads %s", (text, folder, where) => {
    expect(parseGroupChoice(text)).toEqual({ folder, where });
  });
});
