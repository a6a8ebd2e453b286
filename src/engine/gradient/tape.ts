/**
 * @file The forward pass: steps from frame to frame, segment by segment, with checkpoints from which a segment can be
 * run again to the same bits (random numbers are drawn again from their address).
 */

import type { FloatArray } from "../kernels/index.ts";
import type { GradientBackend } from "./backend.ts";
import type { GradientPlan, Place } from "./gradient-plan.ts";
import type { Placed } from "./weights.ts";

/** Runs steps forward over the memory of a plan. */
export class Tape {
  readonly plan: GradientPlan;
  readonly backend: GradientBackend;
  readonly #bytes: Uint8Array;
  /** Projections whose sums are taken first, and those taken right before each population. */
  readonly #next: number[];
  readonly #same: number[][];
  /** Step that frame 0 of the segment in memory precedes. */
  #start = 0;
  /** Steps run before this call, when it goes on from an earlier one. */
  offset = 0;
  /** Steps of this call that have run. */
  steps = 0;

  constructor(plan: GradientPlan, backend: GradientBackend) {
    this.plan = plan;
    this.backend = backend;
    this.#bytes = new Uint8Array(backend.memory);
    const { projections, populations } = plan.run;
    const indices = projections.map((_, k) => k);
    this.#next = indices.filter((k) => !projections[k].projection.sameStep);
    this.#same = populations.map((_, p) =>
      indices.filter((k) => projections[k].projection.sameStep && plan.projections[k].post === p),
    );
  }

  /** Numbers at an address. */
  view({ address, length }: Placed): FloatArray {
    const { memory } = this.backend;
    return this.plan.options.run.precision === "f64"
      ? new Float64Array(memory, address, length)
      : new Float32Array(memory, address, length);
  }

  /** Address of frame t, the state before step t; it must lie in the segment in memory. */
  frame(t: number): number {
    const { address, bytes, before } = this.plan.frames;
    return address + (t - this.#start + before) * bytes;
  }

  /** Numbers of one slot in frame t. */
  inFrame(t: number, { offset, length }: Place): FloatArray {
    return this.view({ address: this.frame(t) + offset, length });
  }

  /** Address of the record of step t in the ring of sums' adjoints. */
  record(t: number): number {
    const { address, bytes, length } = this.plan.ring;
    return address + (t % length) * bytes;
  }

  /** What projection k reads in step t: an input, or a frame. */
  source(k: number, t: number): number {
    const { planned, pre } = this.plan.projections[k];
    const { projection, delay } = planned;
    if (pre === undefined) {
      const { address, pitch } = this.plan.inputs.get(projection.from)!;
      return address + (t - delay) * pitch;
    }
    const place = this.plan.populations[pre].frame.get(`variable:${projection.variable}`)!;
    return this.frame(t + 1 - delay) + place.offset;
  }

  /** Begin a run: `placeStart` writes frame 0; before it nothing had changed. */
  begin(placeStart: () => void): void {
    this.#start = 0;
    this.offset = 0;
    this.steps = 0;
    placeStart();
    const first = this.frame(0);
    for (let k = 1; k <= this.plan.frames.before; k++) this.#copy(first, this.frame(-k), 1);
    this.#save();
  }

  /** Keep the state at the end, so that another run can go on from it, where going back brings other segments there. */
  finish(): void {
    if (!this.#comesBack) return;
    const { before } = this.plan.frames;
    this.#copy(this.frame(this.steps - before), this.#checkpoint(this.plan.checkpoints.count), before + 1);
  }

  /** Begin where the last run ended. */
  goOn(): void {
    const { before, address } = this.plan.frames;
    const end = this.#comesBack
      ? this.#checkpoint(this.plan.checkpoints.count)
      : this.frame(this.steps - before);
    this.#copy(end, address, before + 1);
    this.#start = 0;
    this.offset += this.steps;
    this.steps = 0;
    this.#save();
  }

  /**
   * One more step, or as many more of `most` as a backend takes at a time and memory holds.
   *
   * @returns The first step with a value that is not finite, or -1.
   */
  advance(most: number): number {
    if (this.steps - this.#start === this.plan.frames.segment) {
      this.#shift(this.steps);
      this.#start = this.steps;
      this.#save();
    }
    const from = this.steps;
    const here = Math.min(most, this.#start + this.plan.frames.segment - from);
    const count = this.backend.forwardAlone ? here : 1;
    this.steps += count;
    return this.#run(from, count);
  }

  /** Bring the segment of step t into memory; it must not lie after the one that is. */
  recall(t: number): void {
    if (t >= this.#start) return;
    const { segment, before, address } = this.plan.frames;
    const k = Math.floor(t / segment);
    this.#start = k * segment;
    this.#copy(this.#checkpoint(k), address, before + 1);
    const count = this.backend.forwardAlone ? segment : 1;
    for (let s = this.#start; s < this.#start + segment; s += count) this.#run(s, count);
  }

  /** Let `t` in equations be the start of step t. */
  setTime(t: number): void {
    const { run, options } = this.plan;
    this.view(run.time).fill((this.offset + t) * options.run.dt);
  }

  /** `count` steps from t on: more than one only where nothing stands between them. */
  #run(t: number, count: number): number {
    const { backend } = this;
    if (!backend.forwardSteps) return this.#step(t) ? -1 : t;
    const frame = this.frame(t);
    if (!backend.forwardAlone) {
      this.setTime(t);
      for (let p = 0; p < this.plan.populations.length; p++) {
        backend.reduce(p, frame);
        backend.draw(p, this.offset + t);
      }
    }
    const bad = backend.forwardSteps(frame, t, count);
    return bad < 0 ? -1 : t + bad;
  }

  #step(t: number): boolean {
    const { populations } = this.plan;
    const { backend } = this;
    const frame = this.frame(t);
    this.setTime(t);
    for (const k of this.#next) backend.project(k, this.source(k, t), this.#sum(k, frame));
    let finite = true;
    for (let p = 0; p < populations.length; p++) {
      for (const k of this.#same[p]) backend.project(k, this.source(k, t), this.#sum(k, frame));
      backend.reduce(p, frame);
      backend.draw(p, this.offset + t);
      if (!backend.forward(p, frame)) finite = false;
    }
    return finite;
  }

  /** Where the sum of a projection goes. */
  #sum(k: number, frame: number): number {
    const { planned, post } = this.plan.projections[k];
    const { base, offset } = this.plan.populations[post].forward.place(
      `sum:${planned.projection.target}`,
      "load",
    );
    return base === "frame" ? frame + offset : offset;
  }

  /** Make frame t, and those before it that delays need, the beginning of the segment in memory. */
  #shift(t: number): void {
    const { before, address } = this.plan.frames;
    this.#copy(this.frame(t - before), address, before + 1);
  }

  /** Whether earlier segments are brought back into memory. */
  get #comesBack(): boolean {
    return this.plan.checkpoints.count > 1;
  }

  #save(): void {
    if (!this.#comesBack) return;
    const { frames } = this.plan;
    this.#copy(frames.address, this.#checkpoint(this.#start / frames.segment), frames.before + 1);
  }

  #checkpoint(k: number): number {
    const { before, bytes } = this.plan.frames;
    return this.plan.checkpoints.address + k * (before + 1) * bytes;
  }

  #copy(from: number, to: number, frames: number): void {
    this.#bytes.copyWithin(to, from, from + frames * this.plan.frames.bytes);
  }
}
