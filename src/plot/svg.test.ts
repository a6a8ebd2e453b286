import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { serializeDrawing } from "./serialize-svg.ts";
import { element, escapeMarkup, shortNumber, text } from "./svg.ts";

const drawing = (inside: string) =>
  parseHTML(
    `<html><body><svg fill="currentColor" class="x" font-size="10">${inside}</svg></body></html>`,
  ).document.querySelector("svg") as unknown as Element;

describe("escapeMarkup", () => {
  it("leaves nothing that could open a tag, an attribute or an entity", () => {
    expect(escapeMarkup(`<img src=x onerror='a' title="b">&amp;`)).toBe(
      "&lt;img src=x onerror=&#39;a&#39; title=&quot;b&quot;&gt;&amp;amp;",
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (s) => {
        expect(escapeMarkup(s)).not.toMatch(/[<>"']/);
      }),
    );
  });
  it("replaces what XML forbids, lone surrogates too, and keeps the rest", () => {
    expect(escapeMarkup("a\u0000b\u001bc\ud800d\uffff")).toBe("a\ufffdb\ufffdc\ufffdd\ufffd");
    expect(escapeMarkup("r² 🧠\t\n")).toBe("r² 🧠\t\n");
  });
  it("comes back as it was through a parser", () => {
    const hostile = `"><script>alert(1)</script> & 'é'`;
    const { document } = parseHTML(
      `<html><body>${text(0, 0, hostile, { "aria-label": hostile })}</body></html>`,
    );
    expect(document.querySelector("text")?.textContent).toBe(hostile);
    expect(document.querySelector("script")).toBeNull();
  });
});

describe("element", () => {
  it("writes attributes in order, numbers short, undefined ones not at all", () => {
    expect(element("path", { d: "M0,0", x: 1 / 3, y: undefined, z: -0.001 })).toBe(
      '<path d="M0,0" x="0.33" z="0"/>',
    );
    expect(shortNumber(-12.005)).toBe("-12");
  });
});

describe("serializeDrawing", () => {
  it("shortens numbers, sorts attributes, drops classes, styles and empty groups", () => {
    const svg = drawing(
      '<style>a{}</style><g class="y" aria-hidden="true"></g><path stroke="currentColor" d="M1.23456,7L3.00001e-8,2" class="q"></path>',
    );
    expect(serializeDrawing(svg)).toBe(
      '<g fill="#222222" font-size="10"><path d="M1.23,7L0,2" stroke="#222222"/></g>',
    );
  });
  it("takes back the half pixel that Plot adds on coarse screens, for marks only", () => {
    const svg = drawing(
      '<g transform="translate(0.5,0.5)"><text transform="translate(3.5,4)">a</text></g><g transform="translate(-8.5,0.5)"><circle></circle></g><g transform="translate(0,9)"><circle></circle></g>',
    );
    expect(serializeDrawing(svg)).toBe(
      '<g fill="#222222" font-size="10"><g><text transform="translate(3.5,4)">a</text></g><g transform="translate(-9,0)"><circle/></g><g transform="translate(0,9)"><circle/></g></g>',
    );
  });
  it("drops scripts and escapes text and attributes", () => {
    const svg = drawing(
      '<script>alert(1)</script><g aria-label="a &lt;b&gt; &quot;"><text>x &lt;i&gt;</text></g>',
    );
    const out = serializeDrawing(svg);
    expect(out).not.toContain("script");
    expect(out).toContain('aria-label="a &lt;b&gt; &quot;"><text>x &lt;i&gt;</text>');
  });
});
