/**
 * @file Numbers as people read them in a terminal.
 */

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** `14 MB`, `1.2 GB`; powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${Math.ceil(bytes / 1e6)} MB`;
  return `${Math.ceil(bytes / 1e3)} kB`;
}

/** `16 954`, with thin spaces between thousands from five digits on. */
export function formatCount(count: number): string {
  const text = String(count);
  return Math.abs(count) < 1e4 ? text : text.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Three or four significant digits, without exponent for the usual. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  if (Number.isInteger(value)) return formatCount(value);
  if (size >= 1000) return formatCount(Math.round(value));
  return size >= 100 ? value.toFixed(1) : size >= 0.01 ? value.toFixed(2) : value.toFixed(4);
}

/** `1 job`, `2 jobs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Columns of an output that does not know its own. */
export const USUAL_COLUMNS = 80;

/** Text in lines no wider than the output, each after `indent` blanks; words are never cut. */
export function wrapText(text: string, { columns = 0 }: { columns?: number }, indent = 2): string {
  const width = (columns || USUAL_COLUMNS) - indent - 1;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => " ".repeat(indent) + line).join("\n");
}

/** A colour code. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");

/** Letters of a line, colours aside. */
export function visibleLength(line: string): number {
  return line.replaceAll(COLOUR, "").length;
}
