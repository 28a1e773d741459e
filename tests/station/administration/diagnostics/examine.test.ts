import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, type Registry } from '#registry';
import {
  type Check,
  createNodePlatform,
  examine,
  type Platform,
  type Station,
  STATION_ITSELF,
} from '#station';
import { checkScripts } from '../../../../station/administration/diagnostics/check-scripts.ts';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { loadLibc, openPty } from '../../../../simulator/pty/index.ts';
import { invoke } from '../../../kit/in-process.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { soon } from '../../../support/patience.ts';
import { openStation } from '../../../kit/station.ts';

let registry: Registry;
let at: ReturnType<typeof tempDir>;
let skewMs = 0;

beforeAll(async () => {
  at = tempDir('doctor');
  registry = await createRegistry({ dataDir: join(at.path, 'registry'), nowMs: () => Date.now() + skewMs });
});
afterAll(async () => {
  await registry.close();
  at[Symbol.dispose]();
});

/** A data directory as a station leaves it, with a registry, a backup and a few secrets. */
async function workedIn(dataDir: string, name = 'S1'): Promise<void> {
  const station = await openStation(dataDir);
  station.settings.configure(
    {
      station: name,
      registry: { url: registry.http, token: registry.enrolmentToken },
    },
    STATION_ITSELF,
  );
  const csv = join(dataDir, 'triples.csv');
  const rows = Array.from({ length: 40 }, (_, n) => `P1,d${n},${String(n).padStart(32, '0')}`);
  writeFileSync(csv, ['ProductId,DeviceName,DeviceSecret', ...rows].join('\n'));
  await station.pool.importCsv(csv, {}, STATION_ITSELF, soon());
  await station.health.backUp('20260101T000000', { user: 'Li', role: 'engineer' });
  await station.close();
}

/** One healthy station, as it was made, in the directory that it is bound to. */
async function healthyStation(): Promise<{ readonly path: string }> {
  const [path, kept] = [join(at.path, 'station'), join(at.path, 'kept')];
  if (!existsSync(kept)) {
    await workedIn(path);
    cpSync(path, kept, { recursive: true });
  }
  for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  cpSync(kept, path, { recursive: true });
  return { path };
}

async function look(
  dataDir: string,
  options: { readonly ports?: readonly string[]; readonly platform?: Partial<Platform> } = {},
): Promise<Map<string, Check>> {
  const checks = new Map<string, Check>();
  const platform = createNodePlatform(dataDir, options.platform);
  const signal = soon();
  for await (const check of examine(platform, { ports: options.ports ?? [], ble: null }, signal))
    checks.set(check.name, check);
  return checks;
}

const failed = (checks: Map<string, Check>): string[] =>
  [...checks.values()].filter(({ level }) => level === 'fail').map(({ name }) => name);

describe('the doctor', () => {
  it('finds nothing wrong with a healthy station, and changes nothing of it', async () => {
    const dir = await healthyStation();
    const before = readFileSync(databaseFile(dir.path));
    const checks = await look(dir.path);
    expect(failed(checks)).toEqual([]);
    const fine = [
      'data',
      'disk',
      'log',
      'database',
      'end',
      'home',
      'backup',
      'identity',
      'audit',
      'outbox',
      'secrets',
    ];
    for (const name of [...fine, 'schema', 'records', 'registry', 'clock', 'token', 'witness', 'devices'])
      expect(checks.get(name), name).toMatchObject({ level: 'ok', hint: null });
    expect(checks.get('secrets')?.message).toContain('40 open');
    expect(readFileSync(databaseFile(dir.path)).equals(before)).toBe(true);
  });

  it('says what this system denies to scripts, and what it does not', async () => {
    using dir = tempDir('doctor');
    expect((await look(dir.path)).get('scripts')?.message).toMatch(/^scripts have no modules of Node; /);
    const restrictions = ['network', 'processes', 'files', 'privileges', 'limits'] as const;
    expect(checkScripts({ restrictions, command: [] }, 'linux', false)).toMatchObject({ level: 'ok' });
    expect(checkScripts({ restrictions, command: [] }, 'linux', true)).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(/denies them the network, .* but not this user's files$/) as string,
    });
    expect(checkScripts({ restrictions: [], command: [] }, 'linux', false)).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('denies them nothing, but not the network') as string,
    });
    expect(checkScripts({ restrictions: [], command: [] }, 'win32', false).message).toContain(
      'adds no sandbox',
    );
  });

  it('says of a copy what its start would say, and nothing where the station is bound', async () => {
    using dir = tempDir('doctor');
    const [first, copy] = [join(dir.path, 'first'), join(dir.path, 'copy')];
    await workedIn(first);
    cpSync(first, copy, { recursive: true });
    expect(failed(await look(first))).toEqual([]);
    const checks = await look(copy);
    expect(failed(checks)).toEqual(['home']);
    expect(checks.get('home')).toMatchObject({
      message: expect.stringContaining(`the original is in ${first}`) as string,
      hint: expect.stringContaining('station moved') as string,
      faultClass: 'environment',
    });
  });

  it('looks at a station that is at work without getting in its way', async () => {
    const dir = await healthyStation();
    using stack = new DisposableStack();
    const pty = stack.adopt(openPty(loadLibc()), (pair) => pair.close());
    const station = await openStation(dir.path);
    const checks = await look(dir.path, { ports: [pty.path] });
    expect(failed(checks)).toEqual([]);
    expect(checks.get(`port ${pty.path}`)?.message).toContain('station is running');
    await station.close();
    // Free again, the port is tried for real.
    expect((await look(dir.path, { ports: [pty.path] })).get(`port ${pty.path}`)).toMatchObject({
      level: 'ok',
      message: 'opens',
    });
  });

  it.each<[string, string, (dir: string) => void, Check['faultClass']]>([
    ['a torn page', 'database', (dir) => tear(databaseFile(dir)), 'integrity'],
    [
      'a database that is none',
      'database',
      (dir) => writeFileSync(databaseFile(dir), 'x'.repeat(9000)),
      'integrity',
    ],
    ['a database that is gone', 'database', (dir) => rmSync(databaseFile(dir)), 'integrity'],
    [
      'a torn backup',
      'backup',
      (dir) => tear(join(dir, 'backups', 'station-20260101T000000.db')),
      'integrity',
    ],
    [
      'another key',
      'secrets',
      (dir) => writeFileSync(join(dir, 'station.key'), Buffer.alloc(32, 5)),
      'integrity',
    ],
    [
      'a secret that was changed',
      'secrets',
      (dir) => sql(dir, "UPDATE triple SET secret = randomblob(80) WHERE device_name = 'd7'"),
      'integrity',
    ],
    [
      'an audit trail that was edited',
      'audit',
      (dir) => sql(dir, "DROP TRIGGER audit_fixed; UPDATE audit SET actor = 'x' WHERE seq = 1"),
      'integrity',
    ],
    [
      'a trigger that was left dropped',
      'schema',
      (dir) => sql(dir, 'DROP TRIGGER run_never_erased'),
      'integrity',
    ],
    [
      'an engineer whom nobody added',
      'records',
      (dir) =>
        sql(dir, "INSERT INTO person (name, role, pin_hash, created_at) VALUES ('Eve', 'engineer', 'x', 1)"),
      'integrity',
    ],
    [
      'a ledger that contradicts itself',
      'identity',
      (dir) => sql(dir, "UPDATE triple SET state = 'retired' WHERE device_name = 'd3'"),
      'integrity',
    ],
    [
      'a log that cannot be written',
      'log',
      (dir) => {
        rmSync(join(dir, 'logs'), { recursive: true });
        writeFileSync(join(dir, 'logs'), '');
      },
      'environment',
    ],
  ])('finds %s', async (_what, name, damage, faultClass) => {
    const dir = await healthyStation();
    damage(dir.path);
    const checks = await look(dir.path);
    expect(failed(checks)).toContain(name);
    expect(checks.get(name)).toMatchObject({ level: 'fail', faultClass });
    expect(checks.get(name)?.hint).not.toBeNull();
    expect(checks.get(name)?.message).not.toContain('\n');
  });

  it('asks the registry how far it had heard: a database and a mark that were both put back lack what it knows', async () => {
    using dir = tempDir('doctor');
    await workedIn(dir.path, 'put-back');
    const open = (): Promise<Station> => openStation(dir.path);
    // The station has a token of its own before the copy is made, or the registry would not know the copy.
    const first = await open();
    await first.registry()?.audit.report(soon());
    await first.close();
    const before = join(dir.path, 'before.db');
    copyFileSync(databaseFile(dir.path), before);
    const station = await open();
    await station.health.backUp('20260102T000000', { user: 'Li', role: 'engineer' });
    await station.registry()?.audit.report(soon());
    await station.close();
    expect((await look(dir.path)).get('witness')).toMatchObject({ level: 'ok' });

    copyFileSync(before, databaseFile(dir.path));
    expect((await look(dir.path)).get('end')).toMatchObject({ level: 'warn' });
    rmSync(join(dir.path, 'station.mark'));
    const checks = await look(dir.path);
    expect(checks.get('end')).toMatchObject({ level: 'warn' });
    expect(checks.get('witness')).toMatchObject({ level: 'fail', faultClass: 'integrity' });
    expect(checks.get('witness')?.message).toMatch(
      /up to entry \d+, and it ends at \d+ here: the database lost its end/,
    );
    expect(checks.get('witness')?.hint).toContain('restore --from');
  });

  it('says which port is not there', async () => {
    const dir = await healthyStation();
    const checks = await look(dir.path, { ports: ['/dev/ttyGONE7'] });
    expect(checks.get('port /dev/ttyGONE7')).toMatchObject({ level: 'fail', faultClass: 'environment' });
    expect(checks.get('port /dev/ttyGONE7')?.hint).toContain('cable');
  });

  it.each([
    [0, 'ok'],
    [90_000, 'warn'],
    [-90_000, 'warn'],
    [3_600_000, 'fail'],
  ] as const)('judges a clock that differs by %i ms from the registry’s', async (differsMs, level) => {
    const dir = await healthyStation();
    skewMs = differsMs;
    try {
      expect((await look(dir.path)).get('clock')).toMatchObject({ level });
    } finally {
      skewMs = 0;
    }
  });

  it('tells a registry that is away from a token that it does not take', async () => {
    const dir = await healthyStation();
    const rebind = async (url: string, token: string): Promise<void> => {
      const station = await openStation(dir.path);
      station.settings.configure({ registry: { url, token } }, STATION_ITSELF);
      await station.close();
    };
    await rebind(registry.http, 'wrong');
    const refused = await look(dir.path);
    expect(failed(refused)).toEqual(['token']);
    await rebind('http://127.0.0.1:9', registry.enrolmentToken);
    const away = await look(dir.path);
    expect(failed(away)).toEqual(['registry']);
    expect(away.get('registry')?.hint).toContain('offline');
  });

  it('warns of a key that others could read and of a change of keys that was cut off', async () => {
    const dir = await healthyStation();
    chmodSync(join(dir.path, 'station.key'), 0o644);
    expect((await look(dir.path)).get('secrets')).toMatchObject({ level: 'warn' });
    sql(dir.path, 'INSERT INTO secret_key SELECT 2, wrapped, created_at FROM secret_key');
    expect((await look(dir.path)).get('secrets')?.message).toContain('cut off');
  });

  it('ends as the worst that it found: 0, 3 or 4, with a line of JSON for each look', async () => {
    const dir = await healthyStation();
    const doctor = () => invoke('doctor', '--data', dir.path, '--json');
    const healthy = await doctor();
    expect(healthy.status).toBe(0);
    expect(healthy.events.at(-1)).toMatchObject({ event: 'doctor.finished', failed: 0 });
    expect(healthy.events[0]).toEqual({
      event: 'doctor.check',
      name: 'data',
      ok: true,
      level: 'ok',
      message: `${dir.path} can be written`,
      hint: null,
      command: null,
    });
    rmSync(join(dir.path, 'logs'), { recursive: true });
    writeFileSync(join(dir.path, 'logs'), '');
    expect((await doctor()).status).toBe(3);
    sql(dir.path, "UPDATE triple SET state = 'retired' WHERE device_name = 'd3'");
    const broken = await doctor();
    expect(broken.status).toBe(4);
    expect(broken.events.filter(({ ok }) => ok === false).map(({ name }) => name)).toEqual([
      'log',
      'identity',
      'records',
    ]);
    expect((await invoke('doctor', '--data', join(dir.path, 'nowhere'), '--json')).status).toBe(3);
  });

  it('knows a database of before from a damaged one', async () => {
    const dir = await healthyStation();
    sql(dir.path, 'PRAGMA user_version = 10');
    expect((await look(dir.path)).get('database')).toMatchObject({
      level: 'fail',
      faultClass: 'environment',
    });
  });
});

function sql(dataDir: string, text: string): void {
  const db = new Database(databaseFile(dataDir));
  db.exec(text);
  db.close();
}

/** The middle of the file, overwritten. */
function tear(file: string): void {
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0xee, middle, middle + 12_000);
  writeFileSync(file, bytes);
}
