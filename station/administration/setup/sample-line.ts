import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomicSync } from '#node-kit/files/index.ts';
import type { RealData } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Log, Platform } from '../../core/platform/index.ts';
import { STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { Settings } from '../settings/index.ts';
import type { Access, SampleUsers } from '../users/index.ts';

/** The file in the data directory of a sample line that an engineer has ended. */
export const SAMPLE_LINE_ENDED = 'sample-line-ended.json';

export interface SampleLineServices {
  readonly platform: Pick<Platform, 'clock' | 'paths'> & { readonly log: Log };
  readonly config: {
    readonly sampleLine?: boolean | undefined;
    readonly onSampleLineEnd?: (() => void) | undefined;
  };
  readonly database: ReadableDatabase;
  readonly settings: Settings;
  readonly access: Access;
  readonly sampleUsers: SampleUsers;
}

/** What an engineer brought to the sample line. Faults: `bad-input` at a real station. */
export function realDataOf({
  config,
  database,
  settings,
  access,
  sampleUsers,
}: SampleLineServices): RealData[] {
  if (config.sampleLine !== true)
    throw new Fault('bad-input', 'this is no sample line', { hint: 'It is a real station already.' });
  const sample = new Set(sampleUsers.pins().map(({ name }) => name));
  const url = settings.registry()?.url ?? null;
  const isForeign = url !== null && !['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  const ownRecipes = database.recipeVersions
    .list()
    .filter(({ addedBy }) => addedBy !== null && addedBy !== 'station');
  const ownFirmware = database.firmware.list().filter(({ importedBy }) => importedBy !== STATION_ITSELF.user);
  const all: RealData[] = [
    { kind: 'users', count: access.listAccounts().filter(({ name }) => !sample.has(name)).length },
    { kind: 'registry', count: Number(isForeign) },
    { kind: 'triples', count: database.triples.countOfFiles() },
    { kind: 'recipes', count: ownRecipes.length + database.recipeDrafts.list().length },
    { kind: 'firmware', count: ownFirmware.length },
  ];
  return all.filter(({ count }) => count > 0);
}

/**
 * Marks the sample line as ended. The host that started it removes its data, when this station is closed, and opens a real
 * station. Faults: `bad-input` at a real station, `real-data`, and those of writing a file.
 */
export function endSampleLine(services: SampleLineServices, by: Actor): { restarts: boolean } {
  const [first] = realDataOf(services);
  if (first !== undefined)
    throw new Fault('real-data', 'this sample line holds data that would be lost', {
      hint: 'Save it and remove it here first. Nothing was removed.',
      details: { ...first },
    });
  const { platform, config } = services;
  const note = JSON.stringify({ by: by.user, atMs: platform.clock.nowMs() });
  writeFileAtomicSync(join(platform.paths.dataDir, SAMPLE_LINE_ENDED), [note], 0o600);
  platform.log.info('sample-line.ended', { by: by.user });
  config.onSampleLineEnd?.();
  return { restarts: config.onSampleLineEnd !== undefined };
}

/**
 * Takes the end of a sample line back when somebody has brought real data since: it would be removed with it. Called
 * when the station closes, because a host removes the sample line only after that; after a kill it opens and closes the
 * station once more.
 */
export function keepRealData(services: SampleLineServices): void {
  const { platform, config } = services;
  const note = join(platform.paths.dataDir, SAMPLE_LINE_ENDED);
  if (config.sampleLine !== true || !existsSync(note)) return;
  const [first] = realDataOf(services);
  if (first === undefined) return;
  rmSync(note);
  platform.log.warn('sample-line.kept', { ...first });
}
