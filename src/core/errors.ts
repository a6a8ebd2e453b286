/**
 * @file The one error class of Cajal and its warnings: what is wrong, where, and how to mend it.
 */

/** Facts of a {@link CajalError} beside its message. */
export interface ErrorDetails {
  /** Stable name of the kind of mistake, kebab-case, e.g. `unknown-name`. */
  code: string;
  /** Place of the mistake: `file:line:column`, an option, or an axis and index. */
  where?: string;
  /** How to mend it, one sentence. */
  hint?: string;
  /** The user's own text with the place marked, as made by `codeFrame`. */
  frame?: string;
  cause?: unknown;
}

/**
 * A mistake in what the user gave us. The message is complete on its own, no stack is needed.
 *
 * @example throw new CajalError("spectral radius is 0", { code: "zero-spectral-radius", where: "scale", hint: "Raise density." })
 */
export class CajalError extends Error {
  override readonly name = "CajalError";
  readonly code: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly frame: string | undefined;
  /** The bare statement of what is wrong, without place, frame and hint. */
  readonly what: string;

  constructor(what: string, details: ErrorDetails) {
    super(composeMessage(what, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.what = what;
    this.code = details.code;
    this.where = details.where;
    this.hint = details.hint;
    this.frame = details.frame;
  }
}

/** Receives each warning once; replace it with {@link onWarning}. */
export type WarningListener = (code: string, message: string) => void;

let listener: WarningListener = (code, message) => console.warn(`warning: ${message} [${code}]`);
const seen = new Set<string>();

/** Send warnings to `next` instead of the console; returns a function that restores the old listener. */
export function onWarning(next: WarningListener): () => void {
  const previous = listener;
  listener = next;
  seen.clear();
  return () => {
    listener = previous;
    seen.clear();
  };
}

/** Report something doubtful but legal, once per distinct message; the message names the option that silences it. */
export function warn(code: string, message: string): void {
  const key = `${code}\n${message}`;
  if (seen.has(key)) return;
  seen.add(key);
  listener(code, message);
}

// Implementation

function composeMessage(what: string, { where, hint, frame }: ErrorDetails): string {
  const first = where ? `${where}: ${what}` : what;
  const lines = [frame ? `${first}\n${frame}` : first];
  if (hint) lines.push(frame ? `  ${hint}` : hint);
  return lines.join(frame ? "\n" : first.endsWith(".") ? " " : ". ");
}
