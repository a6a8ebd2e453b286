import { describe, expect, it } from "vitest";
import { train } from "../../../learning/index.ts";
import { parseExperiment } from "../../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../../spec/resolve-experiment.ts";
import { setUpTraining } from "./training-setup.ts";

const TASK = `kind: training
task: { name: n-back }
network: { model: elman, units: 8 }
updates: 4
batchSize: 4
validation: { trials: 4, every: 2 }
`;

function trained(more: string) {
  const text = `${TASK}${more}\n`;
  const { cell } = resolveTrainingExperiment(parseExperiment(text, { file: "training.yaml" }), {
    folder: "/",
  });
  return train(setUpTraining(cell([]), { connectome: undefined, repeat: 0 }).options);
}

describe("trainOptions", () => {
  it("lets trials follow each other where a file says so, and nowhere else", () => {
    const [anew, said, on] = ["", "continuous: false", "continuous: true"].map(trained);
    expect(said).toEqual(anew);
    expect(anew.carried).toBeUndefined();
    expect(on.carried!.last!["rec.r"]).toHaveLength(8 * 4);
    expect(on.history.loss[0]).toBe(anew.history.loss[0]);
    expect(on.history.loss[1]).not.toBe(anew.history.loss[1]);
  });

  it("gives nll the meaning of torch's NLLLoss after LogSoftmax, which is cross-entropy", () => {
    const nll = trained("loss: [{ kind: nll }]");
    const entropy = trained("loss: [{ kind: cross-entropy }]");
    expect(nll.last).toEqual(entropy.last);
    expect(nll.history.loss).toEqual(entropy.history.loss);
    expect(nll.history.terms).toEqual({ nll: entropy.history.terms["cross-entropy"] });
    // Three classes by chance.
    expect(nll.history.loss[0]).toBeGreaterThan(0.5);
    const named = trained("loss: [{ kind: nll, name: surprise, weight: 2 }]");
    expect(named.history.terms.surprise).toHaveLength(4);
    expect(named.history.loss[0]).toBeCloseTo(2 * nll.history.loss[0], 12);
  });
});
