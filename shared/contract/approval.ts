import { z } from 'zod';

/**
 * Four eyes: the second person's name and PIN, beside the reason of what takes them. The PIN is needed where people have
 * PINs; where nobody was ever added, the name is kept as not proven.
 * Faults: `approver-refused`, `pin-wrong`, `pin-locked`, `pin-short`.
 */
export const approval = {
  approver: z.string().trim().min(1).max(64),
  approverPin: z.string().min(4).max(64).optional(),
};
