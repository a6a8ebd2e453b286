/**
 * @file Names of the variables of an adjoint program. No name in a text can clash with them.
 */

/** Value of a variable at the end of the step that is differentiated. */
export const nextName = (variable: string) => `next(${variable})`;
/** The variable whose new value has this name. */
export const variableOfNext = (name: string) => /^next\((.*)\)$/.exec(name)?.[1];
/** Adjoint of a variable: at the end of the step before the program runs, at its start after. */
export const adjointName = (variable: string) => `d(${variable})`;
/** Adjoint of a weighted sum in the step. */
export const sumAdjointName = (target: string) => `d(sum(${target}))`;
/** Running sum of the adjoints of a parameter over all steps so far, as lines of the units read it. */
export const parameterAdjointName = (parameter: string) => `d(${parameter})`;
/** The same as lines of the population read it. */
export const sharedParameterAdjointName = (parameter: string) => `d(${parameter}) of the population`;
/** Adjoint of a reduction such as `mean:x`. */
export const reductionAdjointName = (reduction: string) => `d(${reduction})`;
/** Adjoint that each unit has of a value they share; its sum over units enters the population's program. */
export const shareName = (k: number) => `d(shared ${k})`;
