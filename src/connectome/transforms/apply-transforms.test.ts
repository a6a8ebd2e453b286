import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import type { Connectome } from "../connectome.ts";
import { applyTransforms, TRANSFORM_KINDS, type Transform } from "./apply-transforms.ts";
import { assignSigns } from "./assign-signs.ts";
import { binarize } from "./binarize.ts";
import { keepNodes } from "./keep-nodes.ts";
import { largestComponent } from "./largest-component.ts";
import { normalizeSpectralRadius } from "./normalize-spectral-radius.ts";
import { removeSelfLoops } from "./remove-self-loops.ts";
import { scaleWeights } from "./scale-weights.ts";
import { of, rows } from "./small-graphs.fixture.ts";
import { symmetrize } from "./symmetrize.ts";
import { thresholdDensity } from "./threshold-density.ts";

describe("applyTransforms", () => {
  const c = of([
    [1, 2, 0],
    [3, 0, 0],
    [0, 0, 0],
  ]);
  const examples: { [K in Transform["kind"]]: Extract<Transform, { kind: K }> } = {
    "largest-component": { kind: "largest-component" },
    "keep-nodes": { kind: "keep-nodes", nodes: { random: 2 } },
    scale: { kind: "scale", max: 2 },
    "spectral-radius": { kind: "spectral-radius", value: 0.9 },
    binarize: { kind: "binarize" },
    "remove-self-loops": { kind: "remove-self-loops" },
    symmetrize: { kind: "symmetrize" },
    "threshold-density": { kind: "threshold-density", density: 0.2 },
    "assign-signs": { kind: "assign-signs", inhibitory: { fraction: 0.5 } },
  };
  const rng = createRng(7);
  const direct: Record<Transform["kind"], () => Connectome> = {
    "largest-component": () => largestComponent(c),
    "keep-nodes": () => keepNodes(c, { random: 2 }, rng.stream("keep-nodes").stream(0)),
    scale: () => scaleWeights(c, { max: 2 }),
    "spectral-radius": () => normalizeSpectralRadius(c, 0.9),
    binarize: () => binarize(c),
    "remove-self-loops": () => removeSelfLoops(c),
    symmetrize: () => symmetrize(c),
    "threshold-density": () => thresholdDensity(c, 0.2),
    "assign-signs": () =>
      assignSigns(c, { inhibitory: { fraction: 0.5 }, rng: rng.stream("assign-signs").stream(0) }),
  };

  it.each(TRANSFORM_KINDS)("%s", (kind) => {
    expect(applyTransforms(c, [examples[kind]], rng)).toEqual(direct[kind]());
    expect(applyTransforms(c, [examples[kind]], rng)).not.toEqual(c);
  });

  it("applies in order and leaves the input alone", () => {
    const before = structuredClone(c.weights);
    const list: Transform[] = [
      { kind: "largest-component" },
      { kind: "remove-self-loops" },
      { kind: "scale" },
    ];
    expect(rows(applyTransforms(c, list, rng))).toEqual([
      [0, 2 / 3],
      [1, 0],
    ]);
    expect(c.weights).toEqual(before);
    expect(applyTransforms(c, [], rng)).toBe(c);
  });

  it("draws the same whatever other steps stand around", () => {
    const signs = examples["assign-signs"];
    const alone = applyTransforms(c, [signs], rng);
    expect(rows(binarize(alone))).toEqual(
      rows(applyTransforms(c, [{ kind: "scale" }, signs, { kind: "binarize" }], rng)),
    );
  });

  it("says which step failed", () => {
    const list: Transform[] = [{ kind: "binarize" }, { kind: "threshold-density", density: 2 }];
    expect(() => applyTransforms(c, list, rng)).toThrow(
      expect.objectContaining({
        code: "bad-range",
        message:
          "transforms[1] (threshold-density): density must be above 0 and at most 1, got 2. 0.1 keeps a tenth of all possible edges.",
      }),
    );
    expect(() => applyTransforms(c, [{ kind: "binarise" } as unknown as Transform], rng)).toThrow(
      'transforms[0]: unknown transform "binarise". Did you mean "binarize"?',
    );
  });
});
