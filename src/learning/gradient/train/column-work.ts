/**
 * @file Work on the columns of a batch, its trials, and who does it: this thread, or the shards of a batch, each on its
 * own columns of arrays that all of them see.
 */

import { makeRooms, type Room } from "../../../engine/index.ts";
import { type ActivityWork, type Columns, workActivity } from "../losses/activity-columns.ts";
import { type OmegaWork, workOmega } from "./omega-columns.ts";

/** Everything that is done column by column; plain data. */
export type ColumnWork = ActivityWork | OmegaWork;

/** Who does the work on all columns, and in what memory. */
export interface ColumnTeam {
  /** Arrays for work to be done in. */
  readonly room: Room;
  /** Do some work. @returns Sums over columns, those of the parts of a batch in ascending order. */
  columns(work: ColumnWork): Float64Array;
}

/** Do some work on some columns. @param given - {@link ColumnWork}. @returns Sums over them. */
export function workColumns(given: object, columns: Columns): Float64Array {
  const work = given as ColumnWork;
  return work.kind === "omega-norms" || work.kind === "omega-reads"
    ? workOmega(work, columns)
    : workActivity(work, columns);
}

/** All columns at once, in this thread and in memory of its own. */
export function workAlone(): ColumnTeam {
  return {
    room: makeRooms((bytes) => new ArrayBuffer(bytes)),
    columns: (work) => workColumns(work, { first: 0, width: work.shape.batch }),
  };
}
