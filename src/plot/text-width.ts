/**
 * @file Width of a line of text without a font at hand: Helvetica's widths, rounded, in classes of letters.
 */

const NARROW = /[ijl.,:;'|!]/;
const SLIM = /[ftIr()[\] \-/]/;
const WIDE = /[mMW@%—∞]/;
const CAPITAL = /[A-HJ-LN-VX-Z&]/;

/** Estimated width of text [px], a little generous. @param size - Type size [px]. */
export function textWidth(text: string, size: number, weight: "normal" | "bold" = "normal"): number {
  let em = 0;
  for (const c of text) {
    em += NARROW.test(c)
      ? 0.25
      : SLIM.test(c)
        ? 0.32
        : WIDE.test(c)
          ? 0.86
          : CAPITAL.test(c)
            ? 0.7
            : (c.codePointAt(0) ?? 0) > 0x2e80
              ? 1
              : 0.55;
  }
  return em * size * (weight === "bold" ? 1.07 : 1);
}

/** The longest start of a text that fits a width [px], with an ellipsis if anything was cut. */
export function fitText(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join("")}…`, size) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** A text in at most two lines, broken after a comma; what does not fit the second is cut. */
export function twoLines(text: string, width: number, size: number): string[] {
  const fits = (line: string) => textWidth(line, size) <= width;
  if (text === "") return [];
  if (fits(text)) return [text];
  const parts = text.split(/(?<=,) /);
  let first = parts[0];
  let k = 1;
  while (k < parts.length && fits(`${first} ${parts[k]}`)) first += ` ${parts[k++]}`;
  const lines = [first, parts.slice(k).join(" ")].filter((line) => line !== "");
  return lines.map((line) => fitText(line, width, size));
}
