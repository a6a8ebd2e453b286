/**
 * @file Door of `cajal/connectome`: the value, its readers, summary, selection and transforms.
 */

export * from "./components.ts";
export * from "./connectome.ts";
