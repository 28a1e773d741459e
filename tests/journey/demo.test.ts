import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatChipId } from '#shared/domain/triple.ts';
import { createNodePlatform, openStationDatabaseForReading } from '#station';
import type { FlashRecord } from '#simulator';
import { createVault, openKeyRingForReading, ownerOf } from '../../station/identity/index.ts';
import { readCodes } from '../station/results/labels/readers.ts';
import { tempDir } from '../support/temp-dir.ts';
import { traces } from './traces.ts';
import { type CommandResult, runCommand } from '../kit/command-line.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The flash files of the modules, and those of the chips that are flashed. */
const FLASH_DIRS = ['units', 'chips'];

/** Runs the demo once; the tests check its output and its data. */
describe('the demo', () => {
  const dir = tempDir('demo');
  let ended: CommandResult;
  let last: Fields;
  let runs: Fields[];

  beforeAll(async () => {
    ended = await runCommand(['demo', '--data', dir.path, '--json']);
    last = ended.events.at(-1) ?? {};
    runs = ended.events.filter(({ event }) => event === 'run.finished');
  });
  afterAll(() => dir[Symbol.dispose]());

  it('ends as it was designed to', () => {
    expect(ended.status, ended.stderr).toBe(0);
    expect(last).toMatchObject({
      event: 'demo.finished',
      units: 12,
      passed: 10,
      failed: 2,
      distinctIdentities: 10,
      flashed: 3,
      verifiedFlashes: 3,
      mismatches: 0,
    });
    const failed = runs.filter(({ outcome }) => outcome !== 'PASS');
    expect(failed.map(({ serialNumber, outcome }) => [serialNumber, outcome]).sort()).toEqual([
      ['SN000003', 'FAIL'],
      ['SN000007', 'FAIL'],
    ]);
    const names = runs.filter(({ outcome }) => outcome === 'PASS').map(({ deviceName }) => deviceName);
    expect(new Set(names).size).toBe(10);
  });

  it('leaves a label for each unit that passed, which reads as exactly that unit', () => {
    const labels = last['labelPaths'] as string[];
    expect(labels).toHaveLength(10);
    const codes = readCodes(labels);
    for (const [at, path] of labels.entries()) {
      const run = runs.find(({ serialNumber }) => path.endsWith(`/${String(serialNumber)}.png`));
      expect(run).toMatchObject({ outcome: 'PASS' });
      // The identity in each unit at the end: one was returned and re-issued.
      const mac = String(run?.['mac']);
      const { productId, deviceName } = flashOf(mac).identity ?? {};
      const chipId = mac.replaceAll(':', '');
      const unit = { v: 1, pid: productId, dn: deviceName, sn: run?.['serialNumber'], mac: chipId };
      expect(codes[at]).toBe(JSON.stringify(unit));
    }
  });

  it('leaves a report of each batch that another program reads: a header and a row for each unit', () => {
    const script =
      'import csv,json,sys; print(json.dumps(list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))))';
    const rows = (last['reportPaths'] as string[]).flatMap((path) => {
      const read = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' });
      const [header = [], ...content] = JSON.parse(read) as string[][];
      return content.map((row) => new Map(header.map((name, column) => [name, row[column]])));
    });
    expect(rows).toHaveLength(12);
    const bySerial = new Map(rows.map((row) => [row.get('serial number'), row]));
    for (const run of runs) {
      const row = bySerial.get(String(run['serialNumber']));
      expect(row?.get('run')).toBe(run['run']);
      expect(row?.get('outcome')).toBe(run['outcome']);
      expect(row?.get('DeviceName')).toBe(run['deviceName'] ?? '');
      expect(row?.get('MAC')).toBe(run['mac'] ?? '');
    }
  });

  it('leaves flash files that hold what was said, each identity once', () => {
    const flash = FLASH_DIRS.flatMap((name) => readdirSync(join(dir.path, name)))
      .filter((name) => name.endsWith('.json'))
      .map((name) => flashOf(name.slice(0, -5)));
    expect(flash).toHaveLength(12);
    const storedNames = flash.flatMap(({ identity }) => (identity === null ? [] : [identity.deviceName]));
    expect(new Set(storedNames).size).toBe(storedNames.length);
    expect(storedNames).toHaveLength(10);
    const states = open((database) =>
      database.triples.listWithUnit().map((row) => [formatChipId(row.chipId), row.deviceName, row.state]),
    );
    for (const { mac, identity } of flash) {
      if (identity === null) continue;
      expect(states).toContainEqual([mac.toUpperCase(), identity.deviceName, 'registered']);
    }
  });

  it('leaves no secret in clear: not in a file, not on the terminal, in no form', async () => {
    const secrets = await openSecrets();
    expect(secrets.length).toBeGreaterThanOrEqual(12);
    const haystacks = new Map<string, Buffer>([
      ['stdout', Buffer.from(ended.stdout)],
      ['stderr', Buffer.from(ended.stderr)],
    ]);
    for (const path of readdirSync(dir.path, { recursive: true, encoding: 'utf8' })) {
      const full = join(dir.path, path);
      // The flash of a chip holds its identity as a real one does.
      if (statSync(full).isFile() && !full.endsWith('.flash'))
        haystacks.set(path, full.endsWith('.gz') ? gunzipSync(readFileSync(full)) : readFileSync(full));
    }
    // All kinds of files of a station are searched.
    for (const kind of [
      /station\.db$/,
      /recordings\/.+\.jsonl\.gz$/,
      /logs\/.+\.jsonl$/,
      /report\.csv$/,
      /\.png$/,
    ])
      expect(
        [...haystacks.keys()].some((path) => kind.test(path)),
        String(kind),
      ).toBe(true);
    const found = secrets.flatMap((secret) =>
      traces(secret).flatMap(({ form, bytes }) =>
        [...haystacks].filter(([, hay]) => hay.includes(bytes)).map(([path]) => `${form} in ${path}`),
      ),
    );
    expect(found).toEqual([]);
    // The search works: it finds a DeviceName in the same files.
    const name = Buffer.from(String(runs.find(({ outcome }) => outcome === 'PASS')?.['deviceName']));
    expect([...haystacks.values()].filter((hay) => hay.includes(name)).length).toBeGreaterThan(3);
  });

  function flashOf(mac: string): FlashRecord {
    const file = FLASH_DIRS.map((name) => join(dir.path, name, `${mac}.json`)).find((path) =>
      existsSync(path),
    );
    return JSON.parse(readFileSync(file ?? '', 'utf8')) as FlashRecord;
  }

  function open<T>(look: (database: ReturnType<typeof openStationDatabaseForReading>) => T): T {
    const database = openStationDatabaseForReading(join(dir.path, 'station'));
    try {
      return look(database);
    } finally {
      database.close();
    }
  }

  /** Every DeviceSecret the station knows, opened with its own key, and the registry's token. */
  async function openSecrets(): Promise<string[]> {
    const data = join(dir.path, 'station');
    const database = openStationDatabaseForReading(data);
    try {
      const platform = createNodePlatform(data);
      const vault = createVault(await openKeyRingForReading(database, platform), platform.random);
      const states = [
        'available',
        'claimed',
        'burned',
        'registered',
        'retired',
        'quarantined',
        'in-doubt',
      ] as const;
      return states
        .flatMap((state) => database.triples.listInState(state))
        .map((row) => vault.reveal(row.secret, ownerOf(row), (secret) => secret));
    } finally {
      database.close();
    }
  }
});
