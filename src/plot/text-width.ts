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
