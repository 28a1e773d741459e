import { z } from 'zod';

/** The fewest characters of a reason: 报废 is a whole reason. */
export const MIN_REASON = 2;
export const MAX_REASON = 500;
/** Why something is done, in the words of who does it. */
export const reasonText = z.string().trim().min(MIN_REASON).max(MAX_REASON);

/**
 * The reason for an act, and the name and PIN of the second person who approves it. The PIN is required when users have
 * PINs; at a station without users the name is recorded as not proven.
 * Faults: `approver-refused`, `pin-wrong`, `pin-locked`, `pin-short`.
 */
export const approval = {
  approver: z.string().trim().min(1).max(64),
  approverPin: z.string().min(4).max(64).optional(),
};
