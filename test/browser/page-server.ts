/**
 * @file The repository as a web server sees it: sources with their types stripped, data, and a page whose import map
 * finds the dependencies. Reachable from this machine alone, for this test alone.
 */

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve, sep } from "node:path";
import ts from "typescript";

export interface PageServer {
  /** `http://127.0.0.1:<port>`; its root is the page. */
  origin: string;
  close(): Promise<void>;
}

/** Where a browser finds the packages that the library imports. */
export const IMPORT_MAP = {
  imports: {
    "@noble/hashes/": "/node_modules/@noble/hashes/",
    fflate: "/node_modules/fflate/esm/browser.js",
  },
};

const PAGE = `<!doctype html><meta charset="utf-8"><title>Cajal</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify(IMPORT_MAP)}</script>`;
const TYPES: Readonly<Record<string, string>> = {
  ".ts": "text/javascript",
  ".js": "text/javascript",
  ".json": "application/json",
};
const FOLDERS = ["src", "test/browser", "data", "node_modules/@noble/hashes", "node_modules/fflate"];

/** Serve the repository at `root` on a free port of 127.0.0.1. */
export async function servePages(root: string): Promise<PageServer> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  // Imports keep the names of the files they come from, which is what the server is asked for.
  const compilerOptions = {
    ...options,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: false,
  };
  const body = async (path: string) => {
    const text = await readFile(path, "utf8");
    if (extname(path) !== ".ts") return text;
    return ts.transpileModule(text, { compilerOptions, fileName: path }).outputText;
  };
  const server = createServer(async (request, response) => {
    const reply = (status: number, type: string, text: string) =>
      response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(text);
    // Another site's page could reach this port under its own name; it gets nothing.
    if (request.headers.host !== hostOf(server)) return reply(403, "text/plain", "wrong host");
    const { pathname } = new URL(request.url ?? "/", `http://${hostOf(server)}`);
    if (pathname === "/") return reply(200, "text/html", PAGE);
    const path = resolve(root, `.${decodeURIComponent(pathname)}`);
    const isOpen = FOLDERS.some((folder) => path.startsWith(join(root, folder) + sep));
    if (!isOpen) return reply(403, "text/plain", `${pathname} is not served`);
    try {
      reply(200, TYPES[extname(path)] ?? "application/octet-stream", await body(path));
    } catch {
      reply(404, "text/plain", `no ${pathname}`);
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    origin: `http://${hostOf(server)}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

// Implementation

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
