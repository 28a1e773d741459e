import { describe, expect, it } from 'vitest';
import { instrumentSetting } from '#shared/domain/instrument.ts';
import { startSimInstruments } from '#simulator';
import { createInstruments, createNodePlatform } from '#station';
import { checkInstruments } from '../../../../station/administration/diagnostics/check-instruments.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';

describe('the check of instruments', () => {
  it('asks each what it is, and names those that the selected batch lacks', async () => {
    using dir = tempDir('doctor');
    const platform = createNodePlatform(dir.path);
    await using sim = await startSimInstruments({ timeScale: 0 });
    const settings = [
      instrumentSetting.parse({ name: 'psu', address: sim.supply.address }),
      instrumentSetting.parse({ name: 'dmm', address: sim.meter.address }),
      instrumentSetting.parse({ name: 'load', address: 'tcp://127.0.0.1:1', slot: 3 }),
    ];
    const lender = createInstruments(() => settings, platform.clock);
    // A slot is not disturbed.
    using _turn = await lender.take(['dmm'], 1, () => undefined, NEVER_ABORTED);
    const found: string[] = [];
    const parts = { settings, needed: ['psu', 'scope'], lender };
    for await (const { name, level, code, message } of checkInstruments(parts, platform, NEVER_ABORTED))
      found.push(`${level} ${name}: ${code ?? message.replace(/ \(.*/, '')}`);
    expect(found).toEqual([
      'fail instruments: instrument-missing',
      'ok instrument psu: GONGWEI,SIM-PSU,PS000001,1.0',
      'ok instrument dmm: a slot has it now',
      'fail instrument load of slot 3: instrument-unreachable',
    ]);
  });
});
