/** @file Native code for tests: there, or a line that says why not. */

import { describe, it } from "vitest";
import type { NativeLoader } from "../../src/engine/index.ts";
import { findNative } from "../../src/experiment/native/native-loader.ts";

const found = findNative();
/** CI sets CAJAL_REQUIRE=native, so that a missing compiler is a failure there and not a silent gap. */
const isRequired = (process.env.CAJAL_REQUIRE ?? "").split(",").includes("native");

/** A suite that needs a C compiler and koffi. */
export function describeNative(name: string, suite: (loader: NativeLoader) => void): void {
  if ("loader" in found) describe(name, () => suite(found.loader));
  else if (isRequired)
    describe(name, () => it("has a compiler and koffi", () => Promise.reject(found.reason)));
  else describe(name, () => it.skip(`not tested: ${found.reason}`, () => {}));
}
