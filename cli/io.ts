/**
 * @file What a command reads from and writes to, so that tests can look over its shoulder.
 */

/** A stream that may be a terminal. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** The outside world of a command. */
export interface CommandIo {
  out: Output;
  err: Output;
  /** Working folder, absolute. */
  cwd: string;
}

/** The process's own. */
export function processIo(): CommandIo {
  return { out: process.stdout, err: process.stderr, cwd: process.cwd() };
}
