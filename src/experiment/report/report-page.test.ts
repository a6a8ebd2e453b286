import { describe, expect, it } from "vitest";
import { cautionList, warningSection } from "./report-page.ts";

describe("words of a report", () => {
  it("set names between backticks as code, and escape them", () => {
    expect(String(cautionList(["Raise `repeat` and `a<b`."]))).toBe(
      '<ul class="cautions"><li>Raise <code>repeat</code> and <code>a&lt;b</code>.</li>\n</ul>',
    );
    expect(String(warningSection(["`tau` is long"]))).toContain("<li><code>tau</code> is long</li>");
  });

  it("stay as they are where a backtick has no partner", () => {
    expect(String(cautionList(["a ` alone"]))).toContain("<li>a ` alone</li>");
  });

  it("leave nothing where there is nothing to say", () => {
    expect(cautionList([])).toBeUndefined();
    expect(warningSection([])).toBeUndefined();
  });
});
