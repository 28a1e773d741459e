import { describe, expect, it } from 'vitest';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import { openStore } from '../../../../station/core/database/index.ts';
import { fastDir } from '../../support/temp-dir.ts';

describe('the kind of what a unit goes by', () => {
  it('is kept as the unit said it, also when it comes again without saying it', () => {
    using dir = fastDir();
    const store = openStore(dir.path);
    try {
      store.transaction(() => {
        store.units.see('54383830303432', 'HHA-1', '2.0', 1, { kind: 'serial-number', text: 'T880042' });
        store.units.see('54383830303432', 'HHA-1', '2.1', 2);
        store.units.see('A2B7F218E0B4', null, null, 3);
      });
      const terminal = store.units.bySaid('T880042');
      expect(terminal).toMatchObject({ chipId: '54383830303432', firmwareVersion: '2.1' });
      expect(terminal && unitIdOf(terminal)).toEqual({ kind: 'serial-number', text: 'T880042' });
      const module = store.units.byChip('A2B7F218E0B4');
      expect(module && unitIdOf(module)).toEqual({ kind: 'mac', text: 'A2:B7:F2:18:E0:B4' });
      expect(store.units.bySaid('A2B7F218E0B4')).toBeNull();
    } finally {
      store.close();
    }
  });
});
