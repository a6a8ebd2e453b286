import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { CART_POLE, cartPole, cartPoleAccelerations, cartPoleStep } from "./cart-pole.ts";

const rng = (seed: number) => createRng(seed).stream("environment");

/** Kinetic and potential energy of cart and rod [J]; the rod's moment about its hinge is 4/3 m l². */
function energy([, v, angle, w]: ArrayLike<number> & Iterable<number>): number {
  const { gravity: g, cartMass, poleMass: m, halfLength: l } = CART_POLE;
  const cart = ((cartMass + m) * v * v) / 2;
  return cart + m * l * v * w * Math.cos(angle) + (2 / 3) * m * l * l * w * w + m * g * l * Math.cos(angle);
}

describe("cartPoleStep", () => {
  it("is the step worked out by hand from upright rest", () => {
    // h = 10/1.1; θ̈ = −h/(0.5 (4/3 − 0.1/1.1)) = −9.0909…/0.621212… = −14.634146…; ẍ = h + 0.05 · 14.634146…/1.1.
    const next = cartPoleStep([0, 0, 0, 0], 10);
    expect(next[0]).toBe(0); // places move by the old velocities
    expect(next[1]).toBeCloseTo(0.195121951219512, 14);
    expect(next[2]).toBe(0);
    expect(next[3]).toBeCloseTo(-0.292682926829268, 14);
  });

  it("moves places by the old velocities and velocities by the accelerations", () => {
    const state = [0.5, 1, 0.1, -2];
    const [a, b] = cartPoleAccelerations(state, -10);
    expect([...cartPoleStep(state, -10)]).toEqual([0.5 + 0.02, 1 + 0.02 * a, 0.1 - 0.04, -2 + 0.02 * b]);
    expect(state).toEqual([0.5, 1, 0.1, -2]);
  });

  it("obeys the equations of motion of cart and rod", () => {
    const { gravity: g, cartMass, poleMass: m, halfLength: l } = CART_POLE;
    for (const [angle, w, force] of [
      [0.3, -1.2, 10],
      [-1.1, 2.5, -10],
      [2.8, 0.4, 0],
    ]) {
      const [a, b] = cartPoleAccelerations([0.2, 0.7, angle, w], force);
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      expect((cartMass + m) * a + m * l * (b * c - w * w * s)).toBeCloseTo(force, 12);
      expect((4 / 3) * l * b + a * c - g * s).toBeCloseTo(0, 12);
    }
  });

  it("falls to the side it leans to and pushes the cart the other way", () => {
    for (const side of [-1, 1]) {
      let state = Float64Array.of(0, 0, side * 0.01, 0);
      for (let t = 0; t < 60; t++) state = Float64Array.from(cartPoleStep(state, 0));
      expect(Math.sign(state[2])).toBe(side);
      expect(Math.abs(state[2])).toBeGreaterThan(0.1);
      expect(Math.sign(state[0])).toBe(-side);
    }
  });

  it("keeps its energy without a push, but for an Euler error that falls with dt", () => {
    const drift = (dt: number) => {
      const start = [0, 0.3, 0.4, -0.5];
      let state: ArrayLike<number> & Iterable<number> = start;
      for (let k = 0; k < Math.round(1 / dt); k++) state = cartPoleStep(state, 0, dt);
      return Math.abs(energy(state) - energy(start));
    };
    expect(drift(1e-4)).toBeLessThan(2e-3);
    expect(drift(1e-3) / drift(1e-4)).toBeGreaterThan(7);
    expect(drift(1e-3) / drift(1e-4)).toBeLessThan(14);
  });
});

describe("cartPole beside Gymnasium 1.4.0, CartPole-v1 with its state set by hand", () => {
  const start = [0.01, -0.02, 0.03, 0.04];
  // States after pushes right, right, left, right, left, left, printed in full from `env.unwrapped.state`.
  const states = [
    [0.009600000000000001, 0.17467919574755525, 0.030799999999999998, -0.2430687179600081],
    [0.013093583914951107, 0.3693479760579556, 0.025938625640799837, -0.5258796280501483],
    [0.02048054343611022, 0.17387081260481596, 0.01542103307979687, -0.22513741609237464],
    [0.02395795968820654, 0.3687690101747617, 0.010918284757949377, -0.5129163478026587],
    [0.03133333989170178, 0.17349499275068458, 0.0006599578018962032, -0.21681286835696195],
    [0.03480323974671547, -0.021636386741578473, -0.0036762995652430356, 0.07607816471983775],
  ];

  it("goes through the same states", () => {
    const env = cartPole({ start });
    expect([...env.reset(rng(1))]).toEqual(start);
    [1, 1, 0, 1, 0, 0].forEach((action, t) => {
      const { observation, reward, terminated, truncated } = env.step(action);
      // A last bit may differ in sine and cosine.
      states[t].forEach((value, k) => {
        expect(Math.abs(observation[k] - value)).toBeLessThan(1e-15);
      });
      expect([reward, terminated, truncated]).toEqual([1, false, false]);
    });
  });

  it("falls at the same step under pushes to the right", () => {
    const env = cartPole({ start });
    env.reset(rng(1));
    const steps = Array.from({ length: 10 }, () => env.step(1));
    expect(steps.map((s) => s.terminated)).toEqual([...Array(9).fill(false), true]);
    expect(steps[9].reward).toBe(1);
    const last = [0.18148412486073115, 1.9330643896994748, -0.2235691808247548, -2.984082745435586];
    last.forEach((value, k) => {
      expect(steps[9].observation[k]).toBeCloseTo(value, 13);
    });
  });
});

describe("cartPole", () => {
  it.each([
    [0, 200, 195],
    [1, 500, 475],
  ] as const)("v%d is cut after %d steps and solved at %d", (version, maxSteps, meanReturn) => {
    const env = cartPole({ version });
    expect(env).toMatchObject({ maxSteps, solved: { meanReturn, episodes: 100 }, actions: 2 });
    let observation = env.reset(rng(3));
    let total = 0;
    for (let t = 1; t <= maxSteps; t++) {
      // A linear controller that keeps the pole up from any start.
      const [x, v, angle, w] = observation;
      const step = env.step(Number(0.1 * x + 0.3 * v + 3 * angle + w > 0));
      observation = step.observation;
      total += step.reward;
      expect([step.terminated, step.truncated]).toEqual([false, t === maxSteps]);
    }
    expect(total).toBe(maxSteps);
    expect(() => env.step(0)).toThrow(`CartPole-v${version}, step: the episode is over. Call reset first.`);
  });

  it("ends where the cart leaves the track", () => {
    const env = cartPole({ start: [2.39, 1, 0, 0] });
    env.reset(rng(1));
    expect(env.step(1).terminated).toBe(true); // 2.39 + 0.02
    const left = cartPole({ start: [-2.39, -1, 0, 0] });
    left.reset(rng(1));
    expect(left.step(0).terminated).toBe(true);
  });

  it("starts evenly within ± 0.05 and from the rng alone", () => {
    const env = cartPole();
    const stream = rng(5);
    const starts = Array.from({ length: 1000 }, () => [...env.reset(stream)]).flat();
    expect(Math.max(...starts.map(Math.abs))).toBeLessThanOrEqual(0.05);
    const mean = starts.reduce((a, b) => a + b) / 4000;
    const variance = starts.reduce((a, b) => a + b * b, 0) / 4000;
    expect(Math.abs(mean)).toBeLessThan((5 * 0.0289) / Math.sqrt(4000));
    expect(variance / (0.1 ** 2 / 12)).toBeCloseTo(1, 1);
    expect([...cartPole().reset(rng(5))]).toEqual(starts.slice(0, 4));
  });

  it("shows place and angle alone when velocities are hidden", () => {
    const start = [0.01, 0.02, 0.03, 0.04];
    const env = cartPole({ version: 0, hideVelocities: true, start });
    const full = cartPole({ version: 0, start });
    expect(env).toMatchObject({
      name: "CartPole-v0, velocities hidden",
      observationSize: 2,
      observationNames: ["position [m]", "angle [rad]"],
      observationRanges: [
        [-2.4, 2.4],
        [-0.21, 0.21],
      ],
    });
    expect([...env.reset(rng(1))]).toEqual([0.01, 0.03]);
    full.reset(rng(1));
    for (const action of [1, 0, 0, 1]) {
      const whole = full.step(action).observation;
      expect([...env.step(action).observation]).toEqual([whole[0], whole[2]]);
    }
  });

  it("keeps no state outside of itself", () => {
    const [a, b] = [cartPole(), cartPole()];
    a.reset(rng(1));
    b.reset(rng(2));
    const alone = cartPole();
    alone.reset(rng(1));
    for (const action of [0, 1, 1]) {
      b.step(1);
      expect([...a.step(action).observation]).toEqual([...alone.step(action).observation]);
    }
  });

  it("says what is wrong", () => {
    const env = cartPole();
    expect(() => env.step(0)).toThrow("CartPole-v1, step: the episode has not begun. Call reset first.");
    env.reset(rng(1));
    expect(() => env.step(2)).toThrow(
      "CartPole-v1, step: no action 2. Actions are 0 (push left) and 1 (push right).",
    );
    expect(() => cartPole({ version: 2 as 1 })).toThrow("cartPole: version must be 0 or 1, got 2");
    expect(() => cartPole({ start: [0, 0, Number.NaN, 0] })).toThrow(
      "cartPole: start must be four finite numbers, got [0, 0, NaN, 0]. Give place [m], velocity [m/s],",
    );
  });
});
