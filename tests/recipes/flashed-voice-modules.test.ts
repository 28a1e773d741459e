import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleImages } from '../../simulator/firmware/index.ts';
import { partOf } from '../support/rotation.ts';
import { runAndReplay, startSample } from './sample-station.ts';

const FOLDER = new URL('../../resources/recipes/', import.meta.url);

/** Boot loaders listen for half a second after power-on. A busy machine would miss that. */
const SLOW = 5;

it('the sample images are those that the simulator makes', () => {
  const shipped = readdirSync(FOLDER).filter((name) =>
    /^(?:su03t|ci03t|ci130x|bl602|jx12f)-sample/.test(name),
  );
  const files = shipped.map((name) => [name, readFileSync(new URL(name, FOLDER)).toString('hex')]);
  const made = Object.entries(sampleImages()).map(([name, bytes]) => [name, bytes.toString('hex')]);
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(made));
});

const STUCK = [
  ['ci130x-ci03t.yaml', { profile: 'ci130x' }, 0xa100],
  ['bl602-jx12f.yaml', { profile: 'bl602', board: 'numato' }, 0x10100],
] as const;

describe('the sample recipe', () => {
  it.each([
    ['xmodem-su03t.yaml', { profile: 'xmodem', board: 'numato' }, 'acknowledged', 'su03t-sample_update.bin'],
    ['ci130x-ci03t.yaml', { profile: 'ci130x' }, 'crc', 'ci03t-sample.bin'],
    ['bl602-jx12f.yaml', { profile: 'bl602', board: 'numato' }, 'sha256', 'jx12f-sample-firmware.bin'],
  ] as const)('%s writes the flash of its unit and proves it', async (file, units, verifiedBy, image) => {
    await using setup = await startSample(file, { ...units, timeScale: SLOW });
    const result = await runAndReplay(setup);
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    expect(setup.values(result)).toMatchObject({ [`flash-proof:${image}`]: verifiedBy });
    expect(setup.values(result)['flash-protocol-verified-by']).toContain('emulator');
  });

  it.each(partOf(STUCK, 1))(
    '%s fails a unit with a bit that does not program',
    async (file, units, offset) => {
      const stuck = { fault: 'flash-bit-stuck', offset, bit: bitThatIsClear(file, offset) } as const;
      await using setup = await startSample(file, {
        ...units,
        timeScale: SLOW,
        faults: { units: { '1': [stuck] } },
      });
      expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { step: 'firmware' } });
    },
  );
});

/** A bit of the image that has to be programmed at this offset of the flash. */
function bitThatIsClear(recipe: string, offset: number): number {
  const [name, at] = recipe.startsWith('ci130x')
    ? ['ci03t-sample.bin', offset]
    : ['jx12f-sample-firmware.bin', offset - 0x10000];
  const byte = sampleImages()[name]?.[at] ?? 0xff;
  return [0, 1, 2, 3, 4, 5, 6, 7].find((bit) => (byte & (1 << bit)) === 0) ?? 0;
}
