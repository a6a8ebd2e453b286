/**
 * @file Paths in messages.
 */

import { isAbsolute, relative } from "node:path";

/** A path as people read it: relative when that is shorter. */
export function shownPath(path: string): string {
  const short = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return short.length < path.length ? short : path;
}
