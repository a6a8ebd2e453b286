import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { PatientWait } from "./patient-wait.ts";

const wordsOf = (...values: number[]) => {
  const words = new Int32Array(new SharedArrayBuffer(4 * values.length));
  words.set(values);
  return words;
};

it("tells whether a word has changed or the time is over, however often it was in vain", () => {
  const words = wordsOf(0, 7);
  const wait = new PatientWait(words);
  for (let k = 0; k < 10; k++) {
    expect(wait.while(0, 1, 2)).toBe(true);
    expect(wait.while(1, 7, 2)).toBe(false);
  }
});

it("is woken by another thread, asleep or awake", async () => {
  const words = wordsOf(0, 0);
  // It answers each word with the next, at once or after more than any thread stays awake.
  const code = `const { words } = require("node:worker_threads").workerData;
for (let k = 1; k <= 6; k++) {
  while (Atomics.load(words, 0) !== k) Atomics.wait(words, 0, k - 1);
  if (k % 2 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  Atomics.store(words, 1, k);
  Atomics.notify(words, 1);
}`;
  const worker = new Worker(code, { eval: true, workerData: { words } });
  const wait = new PatientWait(words);
  for (let k = 1; k <= 6; k++) {
    Atomics.store(words, 0, k);
    Atomics.notify(words, 0);
    expect(wait.while(1, k - 1, 20_000)).toBe(true);
    expect(Atomics.load(words, 1)).toBe(k);
  }
  await worker.terminate();
});
