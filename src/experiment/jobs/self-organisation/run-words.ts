/**
 * @file How a run stands in a few words, for those who watch it: connections now and since the start, and activity.
 */

/** Heights of the small picture. */
const BLOCKS = "▁▂▃▄▅▆▇█";
/** Its width. */
const POINTS = 12;
/** Looks that the activity is averaged over: one step alone says little. */
const LOOKS = 8;

/** Gathers what is seen now and then. */
export class RunWords {
  readonly #steps: number;
  readonly #history: number[] = [];
  readonly #active: number[] = [];

  /** @param steps - Of the whole run. */
  constructor(steps: number) {
    this.#steps = steps;
  }

  /**
   * `1.2 % connected ▇▅▃▁▁ · 9.8 % active`.
   *
   * @param seen.fraction - Connections there are of those possible.
   * @param seen.active - Share of units that are active now.
   */
  look(step: number, { fraction, active }: { fraction: number; active: number }): string {
    const place = Math.min(POINTS - 1, Math.floor((POINTS * step) / this.#steps));
    // What was passed over, after a run went on, looks like what comes next.
    while (this.#history.length <= place) this.#history.push(fraction);
    this.#history[place] = fraction;
    this.#active.push(active);
    if (this.#active.length > LOOKS) this.#active.shift();
    const mean = this.#active.reduce((sum, share) => sum + share, 0) / this.#active.length;
    return `${percent(fraction)} connected ${picture(this.#history)} · ${percent(mean)} active`;
  }
}

// Implementation

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function picture(values: readonly number[]): string {
  const most = Math.max(...values);
  const height = (value: number) => (most > 0 ? Math.round((value / most) * (BLOCKS.length - 1)) : 0);
  return values.map((value) => BLOCKS[height(value)]).join("");
}
