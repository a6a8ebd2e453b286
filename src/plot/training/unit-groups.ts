/**
 * @file Units of a network in the order they are drawn: by area, in an area excitatory before inhibitory, among equals
 * the strongest first.
 */

/** Units of one area and one sign, in drawing order. */
export interface UnitGroup {
  /** Index of the area. */
  area: number;
  /** 1 excitatory, −1 inhibitory, 0 where no law holds. */
  sign: number;
  members: number[];
}

/** What units are ordered by. */
export interface UnitOrder {
  /** −1, 0 or 1, shape `(unit)`. */
  signs?: ArrayLike<number>;
  /** Index of each unit's area, shape `(unit)`; else one area. */
  areas?: ArrayLike<number>;
}

/** A matrix as plain numbers, row-major; a dense matrix fits. */
export interface PlainMatrix {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
}

/**
 * Group the units of a recurrent matrix; inside a group by Σ |w| of a unit's outgoing weights, the strongest first.
 *
 * @param weights - Shape `(post, pre)`, square.
 */
export function unitGroups({ rows: n, values }: PlainMatrix, { signs, areas }: UnitOrder = {}): UnitGroup[] {
  const strength = new Float64Array(n);
  for (let post = 0; post < n; post++) {
    for (let pre = 0; pre < n; pre++) strength[pre] += Math.abs(values[post * n + pre]);
  }
  const groups = new Map<string, UnitGroup>();
  for (let unit = 0; unit < n; unit++) {
    const area = areas?.[unit] ?? 0;
    const sign = Math.sign(signs?.[unit] ?? 0);
    const key = `${area} ${sign}`;
    const group = groups.get(key) ?? { area, sign, members: [] };
    groups.set(key, group);
    group.members.push(unit);
  }
  const sorted = [...groups.values()].sort((a, b) => a.area - b.area || b.sign - a.sign);
  for (const { members } of sorted) members.sort((a, b) => strength[b] - strength[a] || a - b);
  return sorted;
}

/** Name of a group: `PFC E`, `I`, `area 2`. Empty where nothing tells units apart. */
export function groupName(
  { area, sign }: Pick<UnitGroup, "area" | "sign">,
  { areaNames, isMany }: { areaNames: readonly string[] | undefined; isMany: boolean },
): string {
  const kind = sign > 0 ? "E" : sign < 0 ? "I" : "";
  const place = isMany ? (areaNames?.[area] ?? `area ${area + 1}`) : "";
  return [place, kind].filter((part) => part !== "").join(" ");
}

/** Colour of excitation and of inhibition, as in the matrices. */
export const SIGN_COLOURS = { positive: "#2171b5", negative: "#d1580d", none: "#7f7f7f" } as const;

/** Colour of a sign. */
export function signColour(sign: number): string {
  return sign > 0 ? SIGN_COLOURS.positive : sign < 0 ? SIGN_COLOURS.negative : SIGN_COLOURS.none;
}
