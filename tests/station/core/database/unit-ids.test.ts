import { describe, expect, it } from 'vitest';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { memoryDir } from '../../../support/temp-dir.ts';

describe('the kind of what a unit goes by', () => {
  it('is kept as the unit said it, also when it comes again without saying it', () => {
    using dir = memoryDir();
    const database = openStationDatabase(dir.path);
    try {
      database.transaction(() => {
        database.units.recordSeen('54383830303432', 'HHA-1', '2.0', 1, {
          kind: 'serial-number',
          text: 'T880042',
        });
        database.units.recordSeen('54383830303432', 'HHA-1', '2.1', 2);
        database.units.recordSeen('A2B7F218E0B4', null, null, 3);
      });
      const terminal = database.units.findByReportedId('T880042');
      expect(terminal).toMatchObject({ chipId: '54383830303432', firmwareVersion: '2.1' });
      expect(terminal && unitIdOf(terminal)).toEqual({ kind: 'serial-number', text: 'T880042' });
      const module = database.units.findByChip('A2B7F218E0B4');
      expect(module && unitIdOf(module)).toEqual({ kind: 'mac', text: 'A2:B7:F2:18:E0:B4' });
      expect(database.units.findByReportedId('A2B7F218E0B4')).toBeNull();
    } finally {
      database.close();
    }
  });
});
