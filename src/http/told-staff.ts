import type { StaffStore } from '../staff/staff-store.ts';

/**
 * The accounts, and word of each write after which somebody may do less than before: live streams that are open then
 * would else tell them more until the next look at who listens.
 */
export function toldStaff(staff: StaffStore, tell: () => void): StaffStore {
  const telling =
    <Given extends unknown[], Result>(write: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const result = await write(...given);
      tell();
      return result;
    };
  return {
    ...staff,
    changeModerator: telling(staff.changeModerator),
    removeModerator: telling(staff.removeModerator),
    redeemLink: telling(staff.redeemLink),
    endSession: telling(staff.endSession),
  };
}
