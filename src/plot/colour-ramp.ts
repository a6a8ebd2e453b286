/**
 * @file Colour ramps as functions of 0–1, even in lightness so that equal steps look equal.
 */

/** A colour `#rrggbb` for t in 0–1; t outside is clamped. */
export type ColourRamp = (t: number) => string;

/** Light to dark blue, for magnitudes; its light end still stands out from white paper. */
export const sequentialRamp = ramp(["#a9cce9", "#7fb4dd", "#4b96cb", "#2171b5", "#0b4a90", "#08265c"]);

/** Light to dark orange-brown: the negative half of a diverging pair with {@link sequentialRamp}. */
export const warmRamp = ramp(["#fac898", "#f6a768", "#ea8034", "#d1580d", "#9c3a06", "#5e2204"]);

/** Light to dark without a hue of its own end, for a family of lines ordered by one number. */
export const lineRamp = ramp(["#a6cbe6", "#6ba6d3", "#3a7ebd", "#1c5a9b", "#0c3470"]);

/** A ramp whose light end fades into the paper, so that 0 has no edge. */
export function fromPaper(ramp: ColourRamp, t: number): string {
  const fade = 0.2;
  if (t >= fade) return ramp((t - fade) / (1 - fade));
  const end = ramp(0);
  const mixed = [1, 3, 5].map((at) => {
    const c = Number.parseInt(end.slice(at, at + 2), 16);
    return Math.round(255 + (c - 255) * (t / fade));
  });
  return `#${mixed.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
}

// Implementation

function ramp(stops: readonly string[]): ColourRamp {
  const rgb = stops.map((s) => [1, 3, 5].map((at) => Number.parseInt(s.slice(at, at + 2), 16)));
  return (t) => {
    const place = Math.min(1, Math.max(0, t)) * (rgb.length - 1);
    const i = Math.min(rgb.length - 2, Math.floor(place));
    const mixed = rgb[i].map((c, k) => Math.round(c + (place - i) * (rgb[i + 1][k] - c)));
    return `#${mixed.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
  };
}
