import type { Method } from "../../check/model.ts";
import { explicit } from "./explicit.ts";
import { exponential } from "./exponential.ts";
import { implicit } from "./implicit.ts";
import type { Integrator } from "./method.ts";
import { midpoint } from "./midpoint.ts";
import { rk4 } from "./rk4.ts";

export type { OdeLine } from "./method.ts";

/** The integrators by name; one more is one more file and one more row. */
export const METHODS: Record<Method, Integrator> = { explicit, exponential, implicit, midpoint, rk4 };
