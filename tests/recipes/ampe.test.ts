import { describe, expect, it } from 'vitest';

import { startFamily } from './support/family-line.ts';

describe('the sample recipe of the AMPE terminal', () => {
  it.each([
    { tcp: true, dialect: 'documented' },
    { tcp: true, dialect: 'opposite' },
    { tcp: false, dialect: 'documented' },
    { tcp: false, dialect: 'opposite' },
  ] as const)('passes a good one (tcp $tcp, $dialect dialect)', async ({ tcp, dialect }) => {
    await using line = await startFamily('ampe.yaml', { profile: 'ampe', tcp, dialect });
    const result = await line.run();
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    // It goes by the serial number that it says, not by a MAC made of that number's bytes.
    expect(result.unitId).toEqual({ kind: 'serial-number', text: result.serialNumber });
    expect(line.values(result)).toMatchObject({ display: '1280*800', 'apdu-error': -100, person: 1 });
  });

  it.each([
    ['sees no code', { fault: 'no-code' }, 'qr-code'],
    ['has no paper', { fault: 'paper-out' }, 'printer'],
    ['prints slowly', { fault: 'drift', value: 'print-ms', by: 100 }, 'printer'],
  ] as const)('fails one that %s', async (_, fault, step) => {
    await using line = await startFamily('ampe.yaml', {
      profile: 'ampe',
      tcp: true,
      faults: { units: { '1': [fault] } },
    });
    expect(await line.run()).toMatchObject({ outcome: 'FAIL', failure: { step } });
  });
});
