import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AttachmentFiles } from '../../station/core/attachments/index.ts';
import { describedRecipe, parsedRecipe } from '../kit/recipes.ts';
import { startStation } from '../kit/station.ts';
import { scripted } from '../kit/units.ts';
import { canMount, mountSmallDisk } from './support/small-disk.ts';

const KIB = 1024;

describe.skipIf(!canMount())('a file of a run on a full disk', () => {
  it('fails its step, leaves nothing of itself, and the next run stores it', async () => {
    using disk = mountSmallDisk(256 + 32);
    const script = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ unit }) => {
  await unit.attach('small.txt', 'small');
  await unit.attach('large.bin', new Uint8Array(6 * 1024 * 1024).fill(255));
});`;
    const recipe = parsedRecipe(describedRecipe('- { verb: script, name: own, file: own.ts }'), {
      'own.ts': script,
    });
    await using setup = await startStation({
      units: scripted([() => undefined]),
      recipe,
      dataDir: join(disk.path, 'station'),
      config: { disk: { lowBytes: 2 * KIB * KIB, stopBytes: 256 * KIB, reserveBytes: 1024 * KIB } },
    });
    const { database } = setup.station;
    // 256 MiB stay free for the records; then there is space for the small file, not for the large one.
    disk.fill((256 + 3) * KIB * KIB);
    const failed = await setup.run();
    expect(failed).toMatchObject({
      outcome: 'ERROR',
      failure: {
        code: 'disk-full',
        step: 'own',
        message: expect.stringContaining('6.0 MiB of attachments of runs') as string,
        hint: 'Free space on the disk of the station, then test the unit again.',
      },
    });
    const folder = join(disk.path, 'station', 'attachments');
    const names = (runId: string): string[] => database.attachments.listOfRun(runId).map(({ name }) => name);
    expect(names(failed.runId)).toEqual(['small.txt']);
    const digests = database.attachments.listOfRun(failed.runId).map(({ sha256 }) => sha256);
    expect(readdirSync(folder)).toEqual(digests);

    disk.empty();
    const passed = await setup.run();
    expect(passed.failure).toBeNull();
    expect(names(passed.runId)).toEqual(['small.txt', 'large.bin']);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(new AttachmentFiles(join(disk.path, 'station'), database, () => 'x').countMissing()).toBe(0);
  });
});
