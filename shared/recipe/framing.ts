import type { Framing } from '../codec/frames.ts';
import type { FrameFormat } from './frame-format.ts';
import { fillBytes, SAMPLE_SCOPE } from './unit-text.ts';

/** Modbus RTU has one checksum. */
const MODBUS_CHECKSUM = { kind: 'crc16-modbus', order: 'little' } as const;

/** How frames are cut and made, of what a recipe says in `device.frames`. */
export function framingOf(format: FrameFormat): Framing {
  const bytes = (hex: string): Uint8Array => fillBytes(hex, SAMPLE_SCOPE) ?? new Uint8Array();
  const { start, end, checksum = format.length === 'modbus' ? MODBUS_CHECKSUM : undefined, ...rest } = format;
  return {
    ...rest,
    checksum,
    start: start === undefined ? new Uint8Array() : bytes(start),
    end: end === undefined ? undefined : bytes(end),
  };
}
