import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';
import { chipId, eventRejection } from './events.ts';

/**
 * `POST /v1/devices/:productId/:deviceName/login`: a station reports, before the unit passes, that this identity logged in
 * from this unit. May be repeated. The registry binds the identity to the first unit permanently. `secretProof` proves that
 * the station has the secret of a triple without a lease, see `secretProofText` and `loginKey`.
 */
export const loginProofRequest = z.strictObject({ chipId, secretProof: sha256Hex.optional() });
export type LoginProofRequest = z.infer<typeof loginProofRequest>;

/** Replaces the key of an event in `secretProofText`. */
export function loginKey(unit: string): string {
  return `login:${unit}`;
}

/**
 * `bound`: the identity now belongs to this unit only. `conflict`: it cannot; `holder` is the unit that has it, if that is the
 * reason. `unseen`: the registry has seen no such login (the device uses another cloud) and stores nothing.
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
