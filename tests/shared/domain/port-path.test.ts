import { expect, test } from 'vitest';
import { isSamePort, normalizePortPath } from '#shared/domain/port-path.ts';
import { slotsOf } from '#shared/host/index.ts';

test('the names of one COM port are one', () => {
  for (const name of ['COM10', 'com10', 'COM10:', '\\\\.\\COM10', '\\\\?\\com010', ' Com10 '])
    expect(normalizePortPath(name)).toBe('COM10');
  for (const path of ['/dev/ttyUSB0', '/dev/com1', 'tcp://com1:5000', 'COM', 'COM1.log', 'usb:1-1.4'])
    expect(normalizePortPath(path)).toBe(path);
  expect(isSamePort('COM1', 'COM10')).toBe(false);
  expect(() => slotsOf(['COM3', '\\\\.\\com3'])).toThrow('is named for two slots');
});
