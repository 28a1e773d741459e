import { expect, test } from 'vitest';

import { Fault } from '#shared/domain/fault.ts';

import type { DrawnFlash } from '../../bench/flash-torture/draw-flash.ts';
import { tortureFlashes } from '../../bench/flash-torture/flash-torture.ts';
import { judge } from '../../bench/flash-torture/judge.ts';

test('flashes with random faults end with every byte, or with a fault that fits', async () => {
  const { findings, verified } = await tortureFlashes(
    { flashes: 4, slots: 4, seed: 'short' },
    () => undefined,
  );
  expect(findings).toEqual({ wrongBytes: [], wrongFaults: [], hangs: [], unrecovered: [] });
  expect(verified).toBeGreaterThan(0);
});

test('a wrong byte, a fault that does not fit, and a flash that does not end are found', () => {
  const image = { name: 'image', offset: 0, bytes: Buffer.of(1) };
  const drawn: DrawnFlash = { profile: 'esp32c3', stub: true, images: [image], faults: [] };
  const written = {
    name: 'image',
    offset: 0,
    bytes: 1,
    sha256: '',
    skipped: false,
    verifiedBy: 'md5',
    md5Before: null,
    ms: 1,
    kbitPerSecond: 1,
  } as const;
  const result = { chip: 'ESP32-C3', chipId: null, baudRate: 115_200, images: [written] };
  const silent = new Fault('device-silent', 'the loader did not answer');
  expect(judge(drawn, { kind: 'done', result }, true)).toBeNull();
  expect(judge(drawn, { kind: 'done', result }, false)?.kind).toBe('wrongBytes');
  expect(judge(drawn, { kind: 'done', result: { ...result, images: [] } }, true)?.kind).toBe('wrongBytes');
  expect(judge(drawn, { kind: 'failed', error: silent }, false)?.kind).toBe('wrongFaults');
  expect(
    judge(
      { ...drawn, faults: [{ fault: 'stall', from: 'station', afterBytes: 1 }] },
      { kind: 'failed', error: silent },
      false,
    ),
  ).toBeNull();
  expect(judge(drawn, { kind: 'hung' }, false)?.kind).toBe('hangs');
});
