import { expect, it } from 'vitest';
import { findNvsValue, nvsText, readNvs } from '#shared/codec/nvs/index.ts';
import { findRecording, readRecording } from '#station';
import { NVS_DEVICE, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { EspUnits } from '../../devices/protocols/esp/esp-units.ts';
import { expectSameAgain } from '../replay/replay-support.ts';

const RECIPE = `${NVS_DEVICE}  - name: who
    kind: setup
    steps:
      - { verb: identify }
      - { verb: expect, expect: 'started', withinMs: 2000 }
  - name: burn
    steps: [{ verb: burn-triple }, { verb: expect, name: tested, expect: 'tested', withinMs: 100 }]
`;

/** The secret that the application of the unit finds in its flash. */
function secretIn({ chip }: EspUnits): string | null {
  const reading = readNvs(chip.flash.subarray(0x9000, 0xf000));
  const value = reading.kind === 'content' ? findNvsValue(reading.content, 'id', 'device_secret') : null;
  return value === null ? null : nvsText(value);
}

it.each(['SN000001', 'SN000002'])(
  'a unit whose application says its secret when it starts is tested again as %s without a trace of it',
  async (serialNumber) => {
    await using setup = await startStation({
      units: () => Promise.resolve(new EspUnits()),
      recipe: parsedRecipe(RECIPE),
      registry: 'real',
      triples: 1,
    });
    const { units } = setup;
    units.socket.boot = () => `I (12) id: secret=${secretIn(units)}\r\nstarted\r\n`;
    const first = await setup.run(1, 'SN000001');
    expect(first.failure).toMatchObject({ step: 'tested' });
    setup.station.slots.acknowledge(1);
    const second = await setup.run(1, serialNumber);
    expect(second.failure).toMatchObject({ step: 'tested' });
    const secret = secretIn(units) ?? '';
    for (const { runId } of [first, second]) {
      const received = [...readRecording(findRecording(setup.dataDir, runId)).entries.values()].flatMap(
        (entry) => (entry.type === 'rx' ? [Buffer.from(entry.bytes ?? '').toString('latin1')] : []),
      );
      expect(received.join('')).toContain('secret=**');
      expect(received.join('')).not.toContain(secret);
    }
    await expectSameAgain(setup.dataDir, second, 1);
  },
);
