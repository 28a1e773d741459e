// In a process of its own (REPLACING_MODULES of vitest.config.ts), because it replaces crc.ts.
import { expect, it, vi } from 'vitest';
import type * as Crc from '#shared/codec/crc.ts';
import { createFrameReader, encodeFrame, type Framing } from '#shared/codec/frames.ts';
import { depth } from '../../support/depth.ts';

const checksummed = vi.hoisted(() => ({ bytes: 0 }));
vi.mock('#shared/codec/crc.ts', async (original) => {
  const { crc, ...others } = await original<typeof Crc>();
  const counted: typeof crc = (name, bytes) => {
    checksummed.bytes += bytes.length;
    return crc(name, bytes);
  };
  return { ...others, crc: counted };
});

const FLOOD_BYTES = depth({ short: 16_384, long: 65_536 });
const start = Uint8Array.of(4);
const checksum = { kind: 'crc16-modbus', order: 'big' } as const;

it.each<[string, Framing]>([
  ['of one length', { start, payloadBytes: 4096, checksum, maxPayloadBytes: 4096 }],
  ['with a length', { start, length: { bytes: 2, order: 'big', adds: 0 }, checksum, maxPayloadBytes: 2048 }],
])('start bytes without end cost at most 20 checksummed bytes for each, with frames %s', (_what, framing) => {
  const reader = createFrameReader(framing);
  checksummed.bytes = 0;
  expect(reader.push(new Uint8Array(FLOOD_BYTES).fill(4)).payloads).toEqual([]);
  expect(checksummed.bytes).toBeGreaterThan(0);
  expect(checksummed.bytes).toBeLessThanOrEqual(20 * FLOOD_BYTES);
  reader.push(new Uint8Array(5000));
  const frame = encodeFrame(framing, new Uint8Array(framing.payloadBytes ?? 3).fill(9));
  expect(frame.ok && reader.push(frame.bytes).payloads).toHaveLength(1);
});

it('every frame after noise with start bytes is found', () => {
  const framing: Framing = { start, payloadBytes: 512, checksum, maxPayloadBytes: 512 };
  const noise = Uint8Array.from({ length: 4000 }, (_, i) => (i % 100 === 0 ? 4 : 1));
  const frame = encodeFrame(framing, new Uint8Array(512).fill(9));
  const bytes = frame.ok ? frame.bytes : new Uint8Array();
  const reader = createFrameReader(framing);
  const found = Array.from({ length: 20 }, () => reader.push(Uint8Array.from([...noise, ...bytes])));
  expect(found.map(({ payloads }) => payloads.length)).toEqual(Array.from({ length: 20 }, () => 1));
});
