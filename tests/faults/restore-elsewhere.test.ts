import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import {
  createNodePlatform,
  writeKeyFile,
  type RestoreReport,
  restoreStation,
  type Station,
  STATION_ITSELF,
} from '#station';
import {
  createLedger,
  createVault,
  type ImportReport,
  type Ledger,
  openKeyRing,
} from '../../station/identity/index.ts';
import { checkSecrets } from '../../station/administration/diagnostics/check-data.ts';
import { faultOf } from '../support/fault-of.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { soon } from '../support/patience.ts';
import { openStation } from '../kit/station.ts';
import type { CommandEvent } from '../kit/command-line.ts';
import { invoke, invokeWith } from '../kit/in-process.ts';

const by = { user: 'Chen', role: 'engineer' } as const;
const WORDS = 'correct horse battery staple';
const TOKEN = 'a-token-of-the-registry';
const secretOf = (n: number): string => Buffer.from(`secret number ${n}!`.padEnd(16)).toString('base64');

const dirs = tempDir('elsewhere');
const [first, disk] = [join(dirs.path, 'first'), join(dirs.path, 'disk')];
let backup = '';
let made = 0;
let signingKey = '';

const open = (dataDir: string): Promise<Station> => openStation(dataDir);

/** As the station has it, over the same database. */
async function ledgerOf({ database }: Station, dataDir: string): Promise<Ledger> {
  const platform = createNodePlatform(dataDir);
  return createLedger(
    database,
    createVault(await openKeyRing(database, platform), platform.random),
    platform.clock,
  );
}

async function bring(station: Station, numbers: readonly number[]): Promise<ImportReport> {
  const file = join(dirs.path, 'triples.csv');
  const rows = numbers.map((n) => `${PRODUCT},dev${n},${secretOf(n)}`);
  writeFileSync(file, ['ProductId,DeviceName,DeviceSecret', ...rows].join('\n'));
  const options = { skipBad: true, neverUsed: true };
  return station.pool.importCsv(file, options, STATION_ITSELF, soon());
}

/** One of three triples is in a unit; a backup with its key is on another disk, another key on another computer. */
beforeAll(async () => {
  const station = await open(first);
  station.settings.configure(
    { station: 'S1', registry: { url: 'http://127.0.0.1:9', token: TOKEN } },
    STATION_ITSELF,
  );
  await bring(station, [1, 2, 3]);
  const { unitId } = station.database.transaction(() =>
    station.database.units.recordSeen('A2B700000001', null, null, 1),
  );
  const ledger = await ledgerOf(station, first);
  const bound = ledger.claim(PRODUCT, unitId, 'run');
  ledger.intend(bound, 'run', '');
  ledger.confirm(bound, 'run', '');
  signingKey = station.signingKeys.ensure().keyId;
  const path = await station.health.backUp('20260101T000000', by);
  await station.close();
  mkdirSync(disk);
  backup = join(disk, basename(path));
  cpSync(path, backup);
  await writeKeyFile(createNodePlatform(first, { scryptLog2N: 14 }), backup, Buffer.from(WORDS));
});
afterAll(() => dirs[Symbol.dispose]());

/** A data directory on another computer, with a key of its own. */
function elsewhere(): string {
  const dir = join(dirs.path, `other${(made += 1)}`);
  mkdirSync(dir);
  writeFileSync(join(dir, 'station.key'), randomBytes(32), { mode: 0o600 });
  return dir;
}

function restore(dataDir: string, from: string, words: string | null): Promise<RestoreReport> {
  return restoreStation(createNodePlatform(dataDir), {
    from,
    reason: 'the computer burned',
    approver: 'Wang',
    by,
    ...(words === null ? {} : { passphrase: () => Promise.resolve(Buffer.from(words)) }),
  });
}

async function secretIn(station: Station, dataDir: string, deviceName: string): Promise<string> {
  const row = station.database.triples.findByName(PRODUCT, deviceName);
  if (row === null) throw new Error(`no ${deviceName}`);
  const { tripleId, productId } = row;
  const bound = { tripleId, productId, deviceName, unitId: row.unitId ?? 0 };
  const ledger = await ledgerOf(station, dataDir);
  return ledger.withSecret(bound, ({ deviceSecret }) => Promise.resolve(deviceSecret));
}

describe('a backup on another computer', () => {
  it('has its secrets there, too, with the key beside it and the passphrase', async () => {
    const dir = elsewhere();
    const key = readFileSync(join(dir, 'station.key'));
    expect(await restore(dir, backup, WORDS)).toMatchObject({
      key: 'beside',
      quarantined: 2,
      sealedLost: 0,
      settingsLost: [],
      signingKeyLost: false,
    });
    const station = await open(dir);
    expect(await secretIn(station, dir, 'dev1')).toBe(secretOf(1));
    expect(station.database.triples.findByName(PRODUCT, 'dev1')?.state).toBe('burned');
    expect(station.settings.registry()).toMatchObject({ token: TOKEN });
    expect(station.signingKeys.ensure().keyId).toBe(signingKey);
    expect(station.database.audit.findLast()?.details).toContain('"key":"beside"');
    await station.close();
    expect(readFileSync(join(dir, 'station.key'))).toEqual(key);
  });

  it('is restored without its key, with everything that is sealed taken aside, and works on', async () => {
    const dir = elsewhere();
    const alone = join(dirs.path, 'alone.db');
    cpSync(backup, alone);
    expect(await restore(dir, alone, WORDS)).toMatchObject({
      key: 'none',
      quarantined: 2,
      sealedLost: 1,
      settingsLost: ['registry.token'],
      signingKeyLost: true,
    });
    const station = await open(dir);
    expect(station.database.triples.countByState()).toMatchObject([
      { states: { quarantined: 3, available: 0 } },
    ]);
    expect(await faultOf(() => secretIn(station, dir, 'dev1'))).toMatchObject({ code: 'secret-unreadable' });
    expect(station.settings.registry()).toBeNull();
    expect(station.name).toBe('S1');
    // It signs with another key, and still has the public part of the one before.
    expect(station.signingKeys.ensure().keyId).not.toBe(signingKey);
    expect(station.signingKeys.list().map(({ reason }) => reason)).toEqual(['first', 'lost']);
    // Those names are not imported again, and new ones are sealed with the local key.
    expect(await bring(station, [1, 9])).toMatchObject({ added: 1, skipped: 1 });
    expect(await secretIn(station, dir, 'dev9')).toBe(secretOf(9));
    station.settings.configure({ registry: { url: 'http://127.0.0.1:9', token: TOKEN } }, STATION_ITSELF);
    // Triples that were set aside for good are a warning and no error.
    expect(await checkSecrets(station.database, createNodePlatform(dir), soon())).toMatchObject({
      level: 'warn',
      message: '1 opens; 3 of triples that are out of use do not',
    });
    await station.close();
    const reopened = await open(dir);
    expect(reopened.settings.registry()).toMatchObject({ token: TOKEN });
    await reopened.close();
    // No action remains for the triples that were set aside; the station is healthy.
    const { events } = await invoke('doctor', '--data', dir, '--json');
    expect(events.find(({ name }) => name === 'secrets')).toMatchObject({ level: 'warn' });
  });

  it('is not touched by a wrong passphrase, a changed file or the key of another backup', async () => {
    const dir = elsewhere();
    const before = readdirSync(dir);
    const tries: [string, (text: string) => string, RegExp][] = [
      ['some wrong words', (text) => text, /the passphrase does not open/],
      [WORDS, (text) => text.replace('"r": 8', '"r": 4'), /does not open/],
      [WORDS, (text) => text.replace('"n": 16384', '"n": 1073741824'), /is not a key file/],
      [WORDS, () => 'rubbish', /is not a key file/],
    ];
    for (const [n, [words, change, why]] of tries.entries()) {
      const from = join(dirs.path, `changed${n}.db`);
      cpSync(backup, from);
      const text = readFileSync(backup.replace(/db$/, 'key'), 'utf8');
      writeFileSync(from.replace(/db$/, 'key'), change(text));
      const fault = await faultOf(() => restore(dir, from, words));
      expect(fault).toMatchObject({ code: 'bad-input' });
      expect(fault.message).toMatch(why);
      expect(fault.message).not.toContain(words);
      expect(
        readdirSync(dir).filter((name) => !before.includes(name) && !/^station\.(lock|pid)/.test(name)),
      ).toEqual([]);
    }
    const other = join(dirs.path, 'others');
    const station = await open(other);
    const foreign = await station.health.backUp('20260102T000000', by);
    await station.close();
    cpSync(backup.replace(/db$/, 'key'), foreign.replace(/db$/, 'key'));
    expect((await faultOf(() => restore(dir, foreign, WORDS))).message).toContain(
      'the key of another backup',
    );
  });

  it('is made and restored at the terminal, the passphrase by standard input', async () => {
    const to = join(dirs.path, 'usb');
    const make = (words: string) =>
      invokeWith(words, 'backup', '--to', to, '--with-key', '--data', first, '--json');
    const short = () => writeKeyFile(createNodePlatform(first), backup, Buffer.from('eleven here'));
    expect((await make('eleven here\n')).status).toBe(2);
    expect(existsSync(to)).toBe(false);
    expect(await faultOf(short)).toMatchObject({ code: 'bad-input' });
    const { status, events, stdout, stderr } = await make(`${WORDS}\r\nmore\n`);
    expect(status).toBe(0);
    const { copy, key } = events[0] as CommandEvent & { copy: string; key: string };
    expect(key).toBe(copy.replace(/db$/, 'key'));
    expect(stdout + stderr + readFileSync(key, 'utf8')).not.toContain(WORDS);
    const dir = join(dirs.path, 'new-computer');
    const args = ['--from', copy, '--reason', 'burned', '--approver', 'Wang', '--data', dir];
    const wrong = await invokeWith('not these words\n', 'restore', ...args);
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr.trim().split('\n')).toHaveLength(1);
    const right = await invokeWith(`${WORDS}\n`, 'restore', ...args);
    expect(right.status).toBe(0);
    expect(right.stdout).toContain('there was no database to replace');
    // On a read-only medium SQLite cannot create the files that a database with a log needs.
    expect(readdirSync(to)).toEqual([basename(key), basename(copy)].sort());
    expect([...readFileSync(copy).subarray(18, 20)]).toEqual([1, 1]);
  });
});
