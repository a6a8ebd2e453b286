/**
 * @file Printed C beside a BLAS on the whole update, losses compared: which of the two native paths is worth having. The
 * equations around the BLAS are printed C, and WebAssembly as on a machine without a compiler.
 */

import type { GradientBackend } from "../../src/engine/gradient/backend.ts";
import { Gradient } from "../../src/engine/gradient/gradient.ts";
import { type GradientPlan, planGradient } from "../../src/engine/gradient/gradient-plan.ts";
import { createNativeGradient } from "../../src/engine/gradient/native.ts";
import { resolveGradientOptions } from "../../src/engine/gradient/options.ts";
import { createWasmGradient } from "../../src/engine/gradient/wasm.ts";
import type { differentiate, NativeLoader } from "../../src/engine/index.ts";
import { packageRoot } from "../machine.ts";
import { cpuSeconds, interleave } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { type Backends, SUBJECT } from "./beside-torch.ts";
import { type Blas, findBlas } from "./blas.ts";
import { withBlas } from "./blas-backend.ts";
import {
  elmanModel,
  Learner,
  leakyModel,
  type Model,
  randomData,
  recurrentWork,
  type Size,
} from "./learner.ts";

/** Updates whose losses are compared. */
const COMPARED = 5;
const RATE = 1e-3;

/** nn4n's network with 64 trials, nn.RNN with many and with one. */
export async function besideBlas(
  report: Report,
  { quick }: BenchOptions,
  { native }: Backends,
): Promise<void> {
  const found = findBlas(packageRoot());
  if ("reason" in found) return report.note(`BLAS: skipped, ${found.reason}`);
  if (native === undefined || typeof native === "string") return;
  const { name } = found.blas;
  report.note(`${name} alone (${found.path}), one thread, 256 × 256 by 256 × 64: ${found.tried.join(", ")}`);
  const contest = { loader: native, blas: found.blas, repeats: quick ? 3 : 20 };
  for (const units of quick ? [100] : [100, 256, 512]) {
    const size: Size = { units, inputs: 3, outputs: 2, batch: 64, steps: 100 };
    const title = `CTRNN, N = ${units}, B = 64, T = 100`;
    await compare(report, { ...contest, size, title, model: leakyModel(size, { dale: true, dense: true }) });
  }
  for (const units of quick ? [256] : [256, 1024]) {
    for (const [batch, steps] of quick
      ? [[1, 20]]
      : [
          [128, 100],
          [1, 100],
          [1, 20],
        ]) {
      const size: Size = { units, inputs: 2, outputs: 1, batch, steps };
      const title = `nn.RNN, T = ${steps}, N = ${units}, B = ${batch}`;
      await compare(report, { ...contest, size, title, model: elmanModel(size) });
    }
  }
}

// Implementation

interface Contest {
  loader: NativeLoader;
  blas: Blas;
  repeats: number;
  size: Size;
  title: string;
  model: Model;
}

async function compare(
  report: Report,
  { loader, blas, repeats, size, title, model }: Contest,
): Promise<void> {
  const by =
    (base: (plan: GradientPlan) => GradientBackend): typeof differentiate =>
    (network, options) => {
      const plan = planGradient(network, resolveGradientOptions(options));
      return new Gradient(plan, withBlas(base(plan), plan, blas));
    };
  const data = randomData(size);
  const learners = [
    new Learner(model, { size, rate: RATE, backend: loader }),
    new Learner(model, {
      size,
      rate: RATE,
      backend: loader,
      compile: by((p) => createNativeGradient(p, loader)),
    }),
    new Learner(model, { size, rate: RATE, backend: "wasm" }),
    new Learner(model, { size, rate: RATE, backend: "wasm", compile: by(createWasmGradient) }),
  ];
  const losses = learners.map((learner) => Array.from({ length: COMPARED }, () => learner.step(data)));
  const apart = losses.map((own) => Math.max(...own.map((loss, k) => Math.abs(loss / losses[0][k] - 1))));
  const count = Math.max(1, Math.round(0.03 / cpuSeconds(() => void learners[0].step(data))));
  const times = await interleave(
    learners.map((learner) => () => {
      const run = () => {
        for (let k = 0; k < count; k++) learner.step(data);
      };
      return cpuSeconds(run) / count;
    }),
    repeats,
  );
  const rows = [
    [`${title}, printed C`, 0, `${blas.name} in C`],
    [`${title}, WebAssembly`, 2, `${blas.name} in WebAssembly`],
  ] as const;
  for (const [name, k, peerName] of rows) {
    const [{ min, median }, other] = [times[k], times[k + 1]];
    const timing = { value: 1e3 * min, median: 1e3 * median, unit: "ms", runs: repeats };
    report.row({ subject: SUBJECT, case: name, ...timing, peer: 1e3 * other.min, peerName });
  }
  const rates = times.map(({ min }) => Math.round(recurrentWork(size) / min / 1e9));
  report.note(
    `${title}: GFLOP/s ${rates[0]} by C, ${rates[1]} by ${blas.name}, ${rates[2]} by WebAssembly, ${rates[3]} with ${blas.name}; losses of ${COMPARED} updates differ by ${formatNumber(Math.max(...apart))} of themselves at most`,
  );
}
