/**
 * @file One pair of axes with marks in it: Plot draws the marks, we place axes and leave room for what is written
 * beside them.
 */

import type { Markish } from "@observablehq/plot";
import type { PlotModule } from "./figure-document.ts";
import { serializeDrawing } from "./serialize-svg.ts";
import { COLOUR, FONT_SIZE } from "./style.ts";
import { element } from "./svg.ts";
import { textWidth } from "./text-width.ts";
import { linearTicks, logTicks, type Ticks } from "./ticks.ts";

/** One axis of a panel. */
export interface PanelAxis {
  label: string;
  /** Ends of the axis, in data units; both positive when `log`. */
  domain: readonly [number, number];
  log?: boolean;
  /** About how many ticks; or exactly these. */
  ticks?: number | Ticks;
  /** Thin lines across the panel at the ticks. */
  grid?: boolean;
  /** No line, no ticks, no label. */
  hidden?: boolean;
}

/** One pair of axes: its place, its scales and the marks in it. */
export interface PanelOptions {
  x: PanelAxis;
  y: PanelAxis;
  /** Outer size [px], axes and labels included. */
  width: number;
  height: number;
  /** Room kept free [px] right of the axes, for labels. */
  right?: number;
  /** Room kept free [px] above the axes, for a title. */
  top?: number;
  /** Room for the vertical axis [px], where several panels must align; else as wide as its labels need. */
  left?: number;
  marks: (Plot: PlotModule) => Markish[];
}

/** A drawn panel, and where data lie in it. */
export interface Panel {
  markup: string;
  /** Pixel of a value, from the panel's own left and top. */
  x: (value: number) => number;
  y: (value: number) => number;
  /** The rectangle of the axes [px]. */
  frame: { left: number; right: number; top: number; bottom: number };
}

/** Tick, gap and rotated label of a vertical axis [px]. */
export function leftMargin(axis: PanelAxis): number {
  if (axis.hidden) return 4;
  const widest = Math.max(0, ...ticksOf(axis).labels.map((l) => textWidth(l, FONT_SIZE.tick)));
  return Math.ceil(TICK + 3 + widest + (axis.label ? 7 + FONT_SIZE.label : 3));
}

/** Draw a panel. */
export function renderPanel(
  { Plot, document }: { Plot: PlotModule; document: Document },
  { x, y, width, height, right = 8, top = 8, left = leftMargin(y), marks }: PanelOptions,
): Panel {
  const bottom = x.hidden ? 4 : Math.ceil(TICK + 3 + FONT_SIZE.tick + (x.label ? 10 + FONT_SIZE.label : 2));
  const drawn = Plot.plot({
    document,
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: bottom,
    x: { type: x.log ? "log" : "linear", domain: x.domain, axis: null },
    y: { type: y.log ? "log" : "linear", domain: y.domain, axis: null },
    marks: [...gridMarks(Plot, x, y), ...marks(Plot), ...axisMarks(Plot, x, y, { left, bottom })],
  });
  const scaleX = drawn.scale("x");
  const scaleY = drawn.scale("y");
  return {
    markup: serializeDrawing(drawn),
    x: (v) => scaleX?.apply(v),
    y: (v) => scaleY?.apply(v),
    frame: { left, right: width - right, top, bottom: height - bottom },
  };
}

/** A panel, or anything else, moved to its place in the figure [px]. */
export function place(x: number, y: number, ...children: string[]): string {
  return element(
    "g",
    { transform: `translate(${Math.round(x * 100) / 100},${Math.round(y * 100) / 100})` },
    ...children,
  );
}

// Implementation

/** Length of a tick [px]. */
const TICK = 3;

function ticksOf(axis: PanelAxis): Ticks {
  if (typeof axis.ticks === "object") return axis.ticks;
  const [low, high] = axis.domain;
  return axis.log ? logTicks(low, high) : linearTicks(low, high, axis.ticks ?? 5);
}

function gridMarks(Plot: PlotModule, x: PanelAxis, y: PanelAxis): Markish[] {
  const style = { stroke: COLOUR.grid, strokeWidth: 0.6 };
  return [
    ...(x.grid ? [Plot.ruleX(ticksOf(x).values, style)] : []),
    ...(y.grid ? [Plot.ruleY(ticksOf(y).values, style)] : []),
  ];
}

function axisMarks(
  Plot: PlotModule,
  x: PanelAxis,
  y: PanelAxis,
  { left, bottom }: { left: number; bottom: number },
): Markish[] {
  const line = { stroke: COLOUR.axis, strokeWidth: 0.75 };
  const marks: Markish[] = [];
  if (!x.hidden) {
    marks.push(
      Plot.frame({ anchor: "bottom", ...line }),
      Plot.axisX(ticksOf(x).values, { ...tickStyle(x), anchor: "bottom" }),
      Plot.text([x.label], {
        frameAnchor: "bottom",
        dy: bottom - 7,
        lineAnchor: "bottom",
        fontSize: FONT_SIZE.label,
      }),
    );
  }
  if (!y.hidden) {
    marks.push(
      Plot.frame({ anchor: "left", ...line }),
      Plot.axisY(ticksOf(y).values, { ...tickStyle(y), anchor: "left" }),
      Plot.text([y.label], {
        frameAnchor: "left",
        // Whole pixels: the serialiser takes a half for the browser's own.
        dx: Math.round(-left + FONT_SIZE.label / 2 + 1),
        rotate: -90,
        textAnchor: "middle",
        fontSize: FONT_SIZE.label,
      }),
    );
  }
  return marks;
}

function tickStyle(axis: PanelAxis) {
  const { values, labels } = ticksOf(axis);
  return {
    label: null,
    tickSize: TICK,
    tickPadding: 3,
    stroke: COLOUR.axis,
    fill: COLOUR.ink,
    strokeWidth: 0.75,
    fontSize: FONT_SIZE.tick,
    tickFormat: (_: unknown, i: number) => labels[i] ?? "",
    ticks: values,
  };
}
