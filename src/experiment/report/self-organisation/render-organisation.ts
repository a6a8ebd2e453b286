/**
 * @file The report of networks that organise themselves: one HTML file that holds everything and loads nothing.
 */

import { html } from "../html.ts";
import type { OrganisationInput } from "./organisation-input.ts";

/** Report as the text of an HTML file. */
export async function renderOrganisation(input: OrganisationInput): Promise<string> {
  return html`<!doctype html><title>${input.title}</title><pre>${input.experimentYaml}</pre>`.toString();
}
