/**
 * @file The number an example must arrive at. Leave it out when you copy an example.
 */

/** What an example shows, and the numbers it must arrive at: name → [expected, tolerance]. */
export interface ExampleMeta {
  title: string;
  check: Readonly<Record<string, readonly [expected: number, tolerance: number]>>;
}

/** Print each number beside its expectation, as `npm run examples` reads it; the program fails when one is off. */
export function check(meta: ExampleMeta, values: Readonly<Record<string, number>>): void {
  for (const [name, [expected, tolerance]] of Object.entries(meta.check)) {
    console.log(`check ${name} = ${values[name]} (expected ${expected} ± ${tolerance})`);
    if (!(Math.abs(values[name] - expected) <= tolerance)) process.exitCode = 1;
  }
}
