import { z } from 'zod';
import { CRC_NAMES } from '../codec/crc.ts';
import { CHECKSUM_COVERS } from '../codec/frames.ts';
import { fillBytes, SAMPLE_SCOPE } from './unit-text.ts';

const marker = z
  .string('is hex in quotes, as "AA 55"')
  .refine((text) => (fillBytes(text, SAMPLE_SCOPE)?.length ?? 9) <= 8, 'is not one to eight bytes in hex');

const lengthField = z.strictObject({
  bytes: z.literal([1, 2]).default(1),
  order: z.enum(['little', 'big']).default('little'),
  /** The number plus this is how many bytes of the payload follow it. */
  adds: z.int().min(-16).max(16).default(0),
  /** So many bytes of the payload stand before it: an address, a command. */
  after: z.int().min(0).max(16).default(0),
});

const checksum = z.strictObject({
  kind: z.enum(CRC_NAMES),
  order: z.enum(['little', 'big']).default('little'),
  /** `payload`; `after-start`: also the length; `frame`: also `start`. */
  covers: z.enum(CHECKSUM_COVERS).default('payload'),
});

/**
 * How a device cuts its bytes into frames: `start`, a length, the payload, a checksum, `end`. Steps speak of payloads
 * only. Where a frame ends is told by a length field, by the function code of Modbus RTU, by a fixed size, or by a
 * silence.
 */
export const frameFormat = z
  .strictObject({
    /** Left out where a frame begins with anything; then a checksum or a silence must tell it from noise. */
    start: marker.optional(),
    length: z
      .union([z.literal('modbus'), lengthField], {
        error: 'is "modbus", or a field: { bytes: 1 or 2, order: little or big, adds, after }',
      })
      .optional(),
    /** Of payloads that have no length of their own. */
    payloadBytes: z.int().min(1).max(4096).optional(),
    /** A frame ends when nothing came for so long. USB adapters deliver in steps of up to 16 ms. */
    silenceMs: z.int().min(2).max(1000).optional(),
    checksum: checksum.optional(),
    end: marker.optional(),
    maxPayloadBytes: z.int().min(1).max(4096).default(512),
  })
  .refine(
    (f) => [f.length, f.payloadBytes, f.silenceMs].filter((given) => given !== undefined).length === 1,
    'has exactly one of: length, payloadBytes, silenceMs',
  )
  .refine(
    (f) => [f.start, f.silenceMs, f.checksum].some((given) => given !== undefined) || f.length === 'modbus',
    {
      path: ['start'],
      message: 'is needed by frames without checksum and silenceMs: nothing else tells them from noise',
    },
  )
  .refine((f) => f.length !== 'modbus' || (f.start === undefined && f.end === undefined), {
    path: ['length'],
    message: 'modbus is for frames without start and end',
  });
export type FrameFormat = z.infer<typeof frameFormat>;
