import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';
import { chipId, eventRejection } from './events.ts';

/**
 * `POST /v1/devices/:productId/:deviceName/login`: a station has seen this identity log in from this unit, and says so
 * before the unit passes. May be repeated. The registry keeps the first unit for good. `secretProof` shows that the station has
 * the secret of a triple that was leased to nobody, see `secretProofText` and `loginKey`.
 */
export const loginProofRequest = z.strictObject({ chipId, secretProof: sha256Hex.optional() });
export type LoginProofRequest = z.infer<typeof loginProofRequest>;

/** What stands in `secretProofText` in the place of an event's key. */
export function loginKey(unit: string): string {
  return `login:${unit}`;
}

/**
 * `bound`: the identity is this unit's and no other's from now on. `conflict`: it may not be; `holder` is the unit that
 * has it, where that is the reason. `unseen`: the registry itself knows of no such login (the device is in another
 * cloud), and keeps nothing.
 */
export const loginProofReply = z.discriminatedUnion('status', [
  z.object({ status: z.literal('bound') }),
  z.object({
    status: z.literal('conflict'),
    code: eventRejection,
    reason: z.string(),
    holder: z.string().nullable(),
  }),
  z.object({ status: z.literal('unseen') }),
]);
export type LoginProofReply = z.infer<typeof loginProofReply>;
