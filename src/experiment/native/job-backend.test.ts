import { afterEach, describe, expect, it } from "vitest";
import { describeKernels, jobBackend, NATIVE_SWITCH } from "./job-backend.ts";
import { findNative } from "./native-loader.ts";

const before = process.env[NATIVE_SWITCH];
afterEach(() => {
  if (before === undefined) delete process.env[NATIVE_SWITCH];
  else process.env[NATIVE_SWITCH] = before;
});

describe("the backend of jobs", () => {
  it("is WebAssembly as long as nobody asks for more", () => {
    delete process.env[NATIVE_SWITCH];
    expect(jobBackend()).toBe("wasm");
    expect(describeKernels()).toBe("WebAssembly");
  });

  it("is native code where it is wanted and possible, and otherwise says why not", () => {
    process.env[NATIVE_SWITCH] = "1";
    const machine = findNative();
    if ("loader" in machine) {
      expect(jobBackend()).toHaveProperty("compile");
      expect(describeKernels()).toBe(`native code by ${machine.compiler}`);
    } else {
      expect(jobBackend()).toBe("wasm");
      expect(describeKernels()).toBe(`WebAssembly, for ${machine.reason}`);
    }
  });
});
