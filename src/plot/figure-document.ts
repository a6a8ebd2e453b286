/**
 * @file What Observable Plot needs: itself and a document. Both are loaded when the first figure is drawn, so that
 * programs that draw nothing do not pay for them.
 */

/** The module of Observable Plot. */
export type PlotModule = typeof import("@observablehq/plot");

/** The page's own document, or, where there is none (Node, a worker), an empty one. */
export async function createFigureDocument(): Promise<Document> {
  if (globalThis.document) return globalThis.document;
  const { parseHTML } = await import("linkedom");
  return parseHTML("<!doctype html><html><head></head><body></body></html>").document;
}

/** Plot and a document to draw in. */
export async function loadPlot(): Promise<{ Plot: PlotModule; document: Document }> {
  const [Plot, document] = await Promise.all([import("@observablehq/plot"), createFigureDocument()]);
  return { Plot, document };
}
