import { describe, expect, it } from "vitest";
import { html, Markup, trusted } from "./html.ts";

describe("html", () => {
  it("escapes every text, nests its own markup, joins lists, drops nothing-values", () => {
    const inner = html`<i title="${'"'}">${"<b>"}</i>`;
    expect(html`<p>${inner}${["a&", inner]}${undefined}${false}${0}</p>`.toString()).toBe(
      '<p><i title="&quot;">&lt;b&gt;</i>a&amp;<i title="&quot;">&lt;b&gt;</i>0</p>',
    );
  });
  it("cannot be deceived by data that look like markup", () => {
    const forged = Object.assign(Object.create(Markup.prototype), {
      text: "<script>",
      toString: () => "<script>",
    });
    expect(html`${forged as Markup}`.toString()).toBe("&lt;script&gt;");
    expect(html`${trusted("<hr>")}`.toString()).toBe("<hr>");
  });
});
