/**
 * @file States, actions and rewards of the episode in hand, in arrays that are kept from one episode to the next.
 */

/** One step of an episode. */
export interface Visit {
  /** Shape `(feature)`. */
  features: Float64Array;
  /** π of every action when it was taken, shape `(action)`. */
  probabilities: Float64Array;
  action: number;
}

/** An episode of any length. */
export class Trajectory {
  /** States entered. */
  steps = 0;
  readonly rewards: number[] = [];
  readonly #visits: Visit[] = [];
  readonly #features: number;
  readonly #actions: number;

  constructor({ features, actions }: { features: number; actions: number }) {
    this.#features = features;
    this.#actions = actions;
  }

  /** Forget the episode. */
  clear(): void {
    this.steps = 0;
    this.rewards.length = 0;
  }

  /** Enter a state. @returns Where to write the probabilities of its actions. */
  enter(features: Float64Array): Float64Array {
    let visit = this.#visits[this.steps];
    if (visit === undefined) {
      visit = {
        features: new Float64Array(this.#features),
        probabilities: new Float64Array(this.#actions),
        action: 0,
      };
      this.#visits.push(visit);
    }
    visit.features.set(features);
    this.steps++;
    return visit.probabilities;
  }

  /** Act in the state entered last. */
  choose(action: number): number {
    this.#visits[this.steps - 1].action = action;
    return action;
  }

  visit(t: number): Visit {
    return this.#visits[t];
  }
}
