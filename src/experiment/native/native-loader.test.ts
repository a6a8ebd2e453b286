import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { simulate } from "../../engine/index.ts";
import { network, neuron, population } from "../../model/index.ts";
import { findNative, type NativeOptions } from "./native-loader.ts";

const folder = mkdtempSync(join(tmpdir(), "cajal-native-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const machine = findNative({ folder });
const SOURCE = "int answer(char *m, const unsigned *a) { return m[0] + (int)a[1]; }\n";

/** A compiler of shell: answers `--version` and macros, and does `compile` with its arguments. */
function fakeCompiler(name: string, compile: string): string {
  const path = join(folder, name);
  const script = `#!/bin/sh
case "$*" in
  --version) echo "fake 1.0" ;;
  *-dM*) echo "#define __x86_64__ 1" ;;
  *) ${compile} ;;
esac
`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}

/** A koffi that takes any file for a library. */
const anyLibrary = () => ({ load: () => ({ func: () => () => 0 }) });

function loaderOf(options: NativeOptions) {
  const found = findNative({ folder: join(folder, "own"), loadKoffi: anyLibrary, ...options });
  if ("reason" in found) throw new Error(found.reason);
  return found.loader;
}

describe("a machine that lacks something", () => {
  it("says that there is no compiler", () => {
    expect(findNative({ compilers: ["no-such-cc", ""], loadKoffi: anyLibrary })).toEqual({
      reason: "no C compiler (tried no-such-cc)",
    });
  });

  it("says that koffi is missing", () => {
    const loadKoffi = () => {
      throw new Error("Cannot find module 'koffi'\nRequire stack: …");
    };
    expect(findNative({ loadKoffi })).toEqual({
      reason: "koffi is not installed (npm install koffi): Cannot find module 'koffi'",
    });
    expect(findNative({ loadKoffi: () => ({}) })).toEqual({ reason: "koffi has no load()" });
  });

  it("says what a compiler that fails said", () => {
    const compiler = fakeCompiler("failing-cc", 'echo "x.c:1: error: no memory left" >&2; exit 1');
    const result = loaderOf({ compilers: [compiler] }).compile(SOURCE, ["answer"]);
    expect(result).toEqual({ reason: `${compiler} failed: x.c:1: error: no memory left` });
    expect(readdirSync(join(folder, "own"))).toEqual([]);
  });

  it("runs by WebAssembly then, and says why", () => {
    const compiler = fakeCompiler("other-failing-cc", "exit 3");
    const net = network({
      populations: [population("p", { size: 2, neuron: neuron({ equations: "r = r + 1" }) })],
    });
    const simulation = simulate(net, { backend: loaderOf({ compilers: [compiler] }) });
    simulation.run(3);
    expect([...simulation.get("p.r")]).toEqual([3, 3]);
    expect(simulation.path.path).toBe("wasm");
    expect(simulation.path.reason).toContain("other-failing-cc failed");
  });

  it("says that a library does not load, and does not keep it", () => {
    const compiler = fakeCompiler(
      "broken-cc",
      'for last; do :; done; echo nonsense > "$(echo "$last" | sed s/c$/so/)"',
    );
    const broken = findNative({ folder: join(folder, "broken"), compilers: [compiler] });
    // Without koffi there is nothing to load it with.
    if ("reason" in broken) return;
    const result = broken.loader.compile(SOURCE, ["answer"]);
    expect(result).toHaveProperty("reason");
    expect((result as { reason: string }).reason).toMatch(/^the compiled library does not load: /);
    expect(readdirSync(join(folder, "broken"))).toEqual([]);
  });
});

describe.skipIf("reason" in machine)("native code on this machine", () => {
  const { loader } = machine as Extract<typeof machine, { loader: unknown }>;
  const table = Uint32Array.of(0, 40);
  const compile = (source = SOURCE, names = ["answer"]) => loader.compile(source, names);
  const libraries = () => readdirSync(folder).filter((name) => name.endsWith(".so"));

  it("is compiled once and called with the memory and the table", () => {
    for (let k = 0; k < 2; k++) {
      const functions = compile();
      if (!Array.isArray(functions)) throw new Error(functions.reason);
      expect(functions[0](Uint8Array.of(2), table)).toBe(42);
    }
    expect(libraries()).toHaveLength(1);
  });

  it("is compiled anew when the cached library is damaged", () => {
    const source = SOURCE.replace("+", "-");
    const before = new Set(libraries());
    compile(source);
    const [made] = libraries().filter((name) => !before.has(name));
    // Other bytes under another inode: a library that is loaded stays as it is.
    rmSync(join(folder, made));
    writeFileSync(join(folder, made), "half a lib");
    const functions = compile(source);
    if (!Array.isArray(functions)) throw new Error(functions.reason);
    expect(functions[0](Uint8Array.of(41), Uint32Array.of(0, 1))).toBe(40);
  });

  it("says which function a source lacks", () => {
    expect(compile(SOURCE, ["question"])).toHaveProperty("reason");
  });

  it("makes do with a folder of its own where the cache cannot be written", () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    const found = findNative({ folder: join(file, "cache") });
    if ("reason" in found) throw new Error(found.reason);
    expect(Array.isArray(found.loader.compile(SOURCE, ["answer"]))).toBe(true);
  });

  it("refuses a source that would be evaluated with other roundings", () => {
    expect(compile(`#ifndef __FAST_MATH__\n#error "not fast"\n#endif\n${SOURCE}`)).toEqual({
      reason: expect.stringContaining("not fast"),
    });
  });
});
