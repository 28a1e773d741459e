import { expect, it } from 'vitest';
import { DESCRIBED, mistakesIn, type Shape } from './written.ts';

const MODBUS = { length: 'modbus' };
const CRC32 = { start: 'A7', length: { bytes: 2 }, checksum: { kind: 'crc32' }, end: '7A' };
const SILENCE = { silenceMs: 20, checksum: { kind: 'crc16-modbus' } };
const SUM = { start: 'C0', length: { bytes: 1 }, checksum: { kind: 'sum8' } };
const found = (frames: Shape, step: Shape): string[] =>
  mistakesIn([{ verb: 'request', name: 'r', expectFrame: '..', ...step }], {
    device: { ...DESCRIBED, frames },
  });

// CRCs of the two Modbus requests are printed in "MODBUS over Serial Line" V1.02 and by pymodbus.
it.each<[string, Shape, Shape, string | null]>([
  [
    'a request with its CRC',
    MODBUS,
    { frame: '11 03 00 6B 00 03 76 87' },
    'frame: is a whole frame: write its payload alone, 11 03 00 6B 00 03; the rest is added',
  ],
  ['the same without it', MODBUS, { frame: '11 03 00 6B 00 03' }, null],
  ['the same with a variable', MODBUS, { frame: '11 03 00 6B 00 {macTail}' }, null],
  ['a request of several values', MODBUS, { frame: '01 10 00 01 00 01 02 00 0A' }, null],
  ['a report of the device', MODBUS, { frame: '01 11' }, null],
  [
    'no function',
    MODBUS,
    { frame: '01' },
    'frame: has 1 byte: a payload of Modbus is address, function and data',
  ],
  [
    'half of a request',
    MODBUS,
    { frame: '01 06 00 05' },
    'frame: has 4 bytes, and a request of function 6 has 6: address, function and 4 of data',
  ],
  [
    'a response with its CRC',
    MODBUS,
    { frame: '01 06 00 05 00 01', expectFrame: '^010600050001580B$' },
    'expectFrame: is a whole frame: await its payload alone, ^010600050001$',
  ],
  [
    'half of a byte',
    MODBUS,
    { frame: '01 06 00 05 00 01', expectFrame: '^0106(....)50001$' },
    'expectFrame: never matches: it awaits 13 digits of hex, and every byte has two',
  ],
  [
    'half of a byte in one of two',
    MODBUS,
    { frame: '01 06 00 05 00 01', expectFrame: '^(?:0106|018)(..)$' },
    null,
  ],
  ['a start with everything', CRC32, { frame: 'A7 02 00 10 11 D2 5F 5B A9 7A' }, null],
  [
    'a silence with a CRC',
    SILENCE,
    { frame: '11 03 00 6B 00 03 76 87' },
    'frame: is a whole frame: write its payload alone, 11 03 00 6B 00 03; the rest is added',
  ],
  [
    'nothing but zeros',
    { silenceMs: 20, checksum: { kind: 'crc16-xmodem' } },
    { frame: '00 00 00 00' },
    null,
  ],
  [
    'a whole frame of a sum',
    SUM,
    { frame: 'C0 02 10 11 21' },
    'frame: is a whole frame: write its payload alone, 10 11; the rest is added',
  ],
  [
    'a payload that the length field cannot tell',
    SUM,
    { frame: Array.from({ length: 256 }, () => '01').join(' ') },
    'frame: a payload of 256 bytes does not fit its length field',
  ],
  [
    'a payload that ends before its length field',
    { ...SUM, length: { bytes: 1, after: 2 } },
    { frame: '01' },
    'frame: a payload of 1 byte does not fit its length field',
  ],
  [
    'a payload of a length that is less than what it adds',
    { ...SUM, length: { adds: 4 } },
    { frame: '01' },
    'frame: a payload of 1 byte does not fit its length field',
  ],
  [
    'payloads of another size',
    { start: 'AA 55', payloadBytes: 2 },
    { frame: '01 02', expectFrame: '^01(..)(..)$' },
    'expectFrame: awaits 3 bytes, and device.frames says that payloads have 2',
  ],
])('%s', (_what, frames, step, message) => {
  expect(found(frames, step)).toEqual(message === null ? [] : [message]);
});

it('takes no other checksum for Modbus RTU', () => {
  const of = (checksum: Shape): string[] => found({ ...MODBUS, checksum }, { frame: '11 03 00 6B 00 03' });
  expect(of({ kind: 'crc16-modbus' })).toEqual([]);
  for (const other of [{ kind: 'crc16-xmodem' }, { kind: 'crc16-modbus', order: 'big' }])
    expect(of(other)).toEqual([
      'device.frames.checksum: Modbus RTU has crc16-modbus with its low byte first: leave checksum out',
    ]);
});

it('sends no frames over a port of 7 bits', () => {
  const device = { ...DESCRIBED, frames: CRC32, serial: { dataBits: 7, parity: 'even' } };
  expect(mistakesIn([{ verb: 'send', text: 'MAC?' }], { device })).toEqual([
    'device.serial.dataBits: frames have bytes of 8 bits: a port of 7 cannot send them',
  ]);
});

it('lists all kinds for an incomplete name of a checksum', () =>
  expect(found({ ...SUM, checksum: { kind: 'crc16' } }, { frame: '01' })).toEqual([
    'device.frames.checksum.kind: must be one of crc16-xmodem, crc16-modbus, crc16-ccitt-false, crc16-kermit, not the text "crc16"',
  ]));
