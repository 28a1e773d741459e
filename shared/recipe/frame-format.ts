import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';
import { CRC_NAMES } from '../codec/crc.ts';
import { CHECKSUM_COVERS } from '../codec/frames.ts';
import { fillBytes, SAMPLE_SCOPE } from './unit-text.ts';

const marker = z
  .string(shape('shape-marker-quoted'))
  .refine((text) => (fillBytes(text, SAMPLE_SCOPE)?.length ?? 9) <= 8, shape('shape-marker'));

const lengthField = z.strictObject({
  bytes: z.literal([1, 2]).default(1),
  order: z.enum(['little', 'big']).default('little'),
  /** Bytes of the payload behind the field minus the number in the field. */
  adds: z.int().min(-16).max(16).default(0),
  /** Bytes of the payload before the field: an address, a command. */
  after: z.int().min(0).max(16).default(0),
});

const checksum = z.strictObject({
  kind: z.enum(CRC_NAMES),
  order: z.enum(['little', 'big']).default('little'),
  /** `payload`; `after-start`: also the length; `frame`: also `start`. */
  covers: z.enum(CHECKSUM_COVERS).default('payload'),
});

/**
 * The frames of a device: `start`, a length, the payload, a checksum, `end`. Steps send and await payloads. The end of a
 * frame is known by a length field, by the function code of Modbus RTU, by a fixed size, or by a silence.
 */
export const frameFormat = z
  .strictObject({
    /** Left out when frames have no fixed beginning; then a checksum or a silence must tell them from noise. */
    start: marker.optional(),
    length: z
      .union([z.literal('modbus'), lengthField], {
        error: shape('shape-frame-length'),
      })
      .optional(),
    /** Size of every payload, for frames without a length field. */
    payloadBytes: z.int().min(1).max(4096).optional(),
    /** A frame ends after this time without a byte. USB adapters deliver bytes every 16 ms. */
    silenceMs: z.int().min(2).max(1000).optional(),
    checksum: checksum.optional(),
    end: marker.optional(),
    maxPayloadBytes: z.int().min(1).max(4096).default(512),
  })
  .refine(
    (f) => [f.length, f.payloadBytes, f.silenceMs].filter((given) => given !== undefined).length === 1,
    shape('shape-frame-end'),
  )
  .refine(
    (f) => [f.start, f.silenceMs, f.checksum].some((given) => given !== undefined) || f.length === 'modbus',
    {
      path: ['start'],
      message: shape('shape-frame-start'),
    },
  )
  .refine((f) => f.length !== 'modbus' || (f.start === undefined && f.end === undefined), {
    path: ['length'],
    message: shape('shape-frame-modbus'),
  });
export type FrameFormat = z.infer<typeof frameFormat>;
