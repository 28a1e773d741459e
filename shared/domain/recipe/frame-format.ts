import { z } from 'zod';
import { CRC_NAMES } from '../../codec/crc.ts';
import { fillBytes, SAMPLE_SCOPE } from './unit-text.ts';

const marker = z
  .string('is hex in quotes, as "AA 55"')
  .refine((text) => (fillBytes(text, SAMPLE_SCOPE)?.length ?? 9) <= 8, 'is not one to eight bytes in hex');

/**
 * How a device cuts its bytes into frames: `start`, a length or a fixed size, the payload, a checksum over it, `end`.
 * Steps speak of payloads only.
 */
export const frameFormat = z
  .strictObject({
    start: marker,
    /** Follows `start`; says how long the payload is, less `adds`. */
    length: z
      .strictObject({
        bytes: z.literal([1, 2]).default(1),
        order: z.enum(['little', 'big']).default('little'),
        adds: z.int().min(-16).max(16).default(0),
      })
      .optional(),
    /** Of payloads that have no length of their own. */
    payloadBytes: z.int().min(1).max(4096).optional(),
    checksum: z
      .strictObject({ kind: z.enum(CRC_NAMES), order: z.enum(['little', 'big']).default('little') })
      .optional(),
    end: marker.optional(),
    maxPayloadBytes: z.int().min(1).max(4096).default(512),
  })
  .refine(
    (f) => [f.length, f.payloadBytes].filter((given) => given !== undefined).length === 1,
    'has exactly one of: length, payloadBytes',
  );
export type FrameFormat = z.infer<typeof frameFormat>;
