import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { FAULT_NAMES } from '#simulator';

import {
  ActiveFaults,
  assignFaults,
  faultFile,
  readFaultFile,
  unitFault,
} from '../../../simulator/faults/index.ts';
import { tempDir } from '../../support/temp-dir.ts';

const units = [
  { unit: 1, mac: 'A2:B7:00:00:00:01' },
  { unit: 2, mac: 'A2:B7:00:00:00:02' },
];

describe('the fault catalogue', () => {
  it('has default settings for every fault', () => {
    for (const fault of FAULT_NAMES) expect(unitFault.parse({ fault })).toMatchObject({ fault });
  });

  it('is selected by unit number or MAC, by name or with settings', () => {
    const file = faultFile.parse({
      units: { '1': ['silent'], a2b700000002: [{ fault: 'slow', factor: 9 }, 'echo-on'] },
    });
    expect(assignFaults(file, units)).toEqual([
      [{ fault: 'silent' }],
      [{ fault: 'slow', factor: 9 }, { fault: 'echo-on' }],
    ]);
  });

  it('rejects a file with unknown names or settings', async () => {
    using folder = tempDir();
    const path = join(folder.path, 'faults.json');
    const reading = async (text: string): Promise<unknown> => {
      await writeFile(path, text);
      return readFaultFile(path);
    };
    await expect(reading('{"units":{"1":["silnet"]}}')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(reading('{"units":{"1":[{"fault":"slow","faktor":2}]}}')).rejects.toThrow(/units\.1/);
    await expect(reading('{"unit":{}}')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(reading('{')).rejects.toThrow(/not JSON/);
    await expect(readFaultFile(join(folder.path, 'none.json'))).rejects.toMatchObject({
      code: 'file-missing',
    });
    expect(() => assignFaults(faultFile.parse({ units: { '3': ['silent'] } }), units)).toThrow(/unit 3/);
  });

  it('counts how often a fault still happens', () => {
    const faults = new ActiveFaults([unitFault.parse({ fault: 'forget', times: 2 }), { fault: 'silent' }]);
    expect(faults.take('forget')).toMatchObject({ times: 2 });
    expect(faults.take('forget')).toMatchObject({ times: 1 });
    expect(faults.take('forget')).toBeNull();
    for (let n = 0; n < 5; n++) expect(faults.take('silent')).not.toBeNull();
    faults.remove(['silent']);
    expect(faults.list()).toEqual([]);
  });
});
