import { z } from 'zod';

/**
 * The reason for an act, and the name and PIN of the second person who approves it. The PIN is required when users have
 * PINs; at a station without users the name is recorded as not proven.
 * Faults: `approver-refused`, `pin-wrong`, `pin-locked`, `pin-short`.
 */
export const approval = {
  approver: z.string().trim().min(1).max(64),
  approverPin: z.string().min(4).max(64).optional(),
};
