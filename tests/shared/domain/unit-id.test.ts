import { describe, expect, it } from 'vitest';
import { macOrNull, unitIdOf, unitIdOrNull } from '#shared/domain/unit-id.ts';

describe('the id of a unit', () => {
  it.each([
    ['a MAC', { chipId: 'A2B7F218E0B4', idKind: 'mac' }, { kind: 'mac', text: 'A2:B7:F2:18:E0:B4' }],
    ['a chip id', { chipId: 'F00102030405060708', idKind: 'chip-id' }, { kind: 'chip-id' }],
    [
      'a serial number, as it is said and not as bytes',
      { chipId: '54383830303432', idKind: 'serial-number', idText: 'T880042' },
      { kind: 'serial-number', text: 'T880042' },
    ],
    [
      'a serial number of digits, which could be hex',
      { chipId: '861234567890', idKind: 'serial-number', idText: '861234567890' },
      { kind: 'serial-number', text: '861234567890' },
    ],
    ['a record from before, by its length', { chipId: 'A2B7F218E0B4' }, { kind: 'mac' }],
    ['an EUI-64 from before', { chipId: '00124B0001020304' }, { kind: 'mac' }],
    ['an id from before of another length', { chipId: '0102030405' }, { kind: 'chip-id' }],
  ] as const)('%s', (_what, kept, shown) => {
    expect(unitIdOf(kept)).toMatchObject(shown);
  });

  it('is empty before the unit reported it, and a serial number is never shown as a MAC', () => {
    expect(unitIdOrNull({ chipId: null })).toBeNull();
    expect(macOrNull({ kind: 'serial-number', text: '861234567890' })).toBeNull();
    expect(macOrNull({ kind: 'mac', text: 'A2:B7:F2:18:E0:B4' })).toBe('A2:B7:F2:18:E0:B4');
    expect(macOrNull(null)).toBeNull();
  });
});
