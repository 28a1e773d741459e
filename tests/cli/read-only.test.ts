import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { isOfKeychain, KEYCHAIN_PREFIX } from '#station';
import { invoke } from '../kit/in-process.ts';
import { beginRun, openSampleStore } from '../kit/sample-rows.ts';
import { openStation } from '../kit/station.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Every command that only reads the records of a station. */
const READ_ONLY = [
  ['runs'],
  ['unit', 'show', 'SN1'],
  ['unit', 'waiting'],
  ['batch', 'list'],
  ['firmware', 'list'],
  ['firmware', 'fields'],
  ['station', 'slots', 'list'],
  ['recipe', 'list'],
  ['recording', 'list'],
  ['sync', 'status'],
  ['triples', 'audit'],
  ['user', 'list'],
] as const;

describe('a command that only reads', () => {
  let dir: ReturnType<typeof tempDir>;
  beforeAll(async () => {
    dir = tempDir();
    const store = openSampleStore(dir.path);
    store.transaction(() => beginRun(store, 'r1', 'SN1'));
    store.close();
    await (await openStation(dir.path)).close();
  });
  afterAll(() => dir[Symbol.dispose]());
  const read = (command: readonly string[]): ReturnType<typeof invoke> =>
    invoke(...command, '--data', dir.path, '--json');

  it('works beside an open station', async () => {
    const station = await openStation(dir.path);
    try {
      for (const command of READ_ONLY) {
        const { status, stdout, stderr } = await read(command);
        expect({ command, status, stderr }, stdout).toEqual({ command, status: 0, stderr: '' });
      }
      const { events } = await read(['unit', 'show', 'SN1']);
      expect(events[0]).toMatchObject({ event: 'unit', serialNumber: 'SN1', registryBound: false });
      expect((await read(['batch', 'list'])).events[0]).toMatchObject({ event: 'batch', batch: 'B' });
    } finally {
      await station.close();
    }
  });

  it('works without the key of the secrets, which a command that writes needs', async () => {
    renameSync(join(dir.path, 'station.key'), join(dir.path, 'elsewhere.key'));
    try {
      for (const command of READ_ONLY) {
        const { status, stdout } = await read(command);
        expect({ command, status }, stdout).toEqual({ command, status: 0 });
      }
      const writes = await read(['firmware', 'fields', '--set', 'version=fw']);
      expect(writes.events).toEqual([expect.objectContaining({ code: 'secret-unreadable' })]);
    } finally {
      renameSync(join(dir.path, 'elsewhere.key'), join(dir.path, 'station.key'));
    }
  });

  it('reads the data of the desktop application, and one that writes says where the key is', async () => {
    const db = new Database(join(dir.path, 'station.db'));
    const key = (): Buffer =>
      db.prepare<[], Buffer>('SELECT wrapped FROM secret_key').pluck().get() as Buffer;
    const before = key();
    const store = (wrapped: Uint8Array): void => {
      db.prepare('UPDATE secret_key SET wrapped = ?').run(wrapped);
    };
    try {
      store(Buffer.concat([KEYCHAIN_PREFIX, before]));
      expect(isOfKeychain(key())).toBe(true);
      expect(await read(['runs'])).toMatchObject({ status: 0, events: [{ run: 'r1' }] });
      const { events } = await read(['firmware', 'fields', '--set', 'version=fw']);
      expect(events).toEqual([
        expect.objectContaining({
          code: 'secret-unreadable',
          hint: expect.stringContaining('desktop application') as string,
        }),
      ]);
    } finally {
      store(before);
      db.close();
    }
  });
});
