/**
 * @file Work on records and adjoints that can be divided, and who does it: this thread, or the shards of a batch, each its
 * share, in arrays that all of them see.
 */

import { makeRooms, type Room } from "../../../engine/index.ts";
import { type ActivityWork, WHOLE, type WorkPart, workActivity } from "../losses/activity-work.ts";
import { type OmegaWork, workOmega } from "./omega-work.ts";

/** Everything that is divided; plain data. */
export type SharedWork = ActivityWork | OmegaWork;

/** Who does work, and in what memory. */
export interface WorkTeam {
  /** Arrays for work to be done in. */
  readonly room: Room;
  /** Have some work done. @returns Sums over it, those of shares added in ascending order. */
  divide(work: SharedWork): Float64Array;
}

/** Do a share of some work. @param given - {@link SharedWork}. @returns Sums over it. */
export function workShare(given: object, share: WorkPart): Float64Array {
  const work = given as SharedWork;
  return work.kind === "omega-norms" || work.kind === "omega-reads"
    ? workOmega(work, share)
    : workActivity(work, share);
}

/** All at once, in this thread and in memory of its own. */
export function workAlone(): WorkTeam {
  return {
    room: makeRooms((bytes) => new ArrayBuffer(bytes)),
    divide: (work) => workShare(work, WHOLE),
  };
}
