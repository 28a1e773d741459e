import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStationDatabaseForReading, parseRecipe, STATION_ITSELF } from '#station';
import { TestSimulator } from '../kit/test-simulator.ts';
import { Terminal } from '../kit/terminal.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { PRODUCT, SECRET } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';
import { openRefusingPort } from '../support/refusing-port.ts';
import { openStation } from '../kit/station.ts';
import { runCommand } from '../kit/command-line.ts';

const dir = tempDir('cli');
const at = (...names: string[]): string => join(dir.path, ...names);
const DATA = at('data');
let batch = '';
let simulator: TestSimulator;
let opened: Terminal;
let refusing: Awaited<ReturnType<typeof openRefusingPort>>;

beforeAll(async () => {
  refusing = await openRefusingPort();
  const station = await openStation(DATA);
  batch = station.batches.create(
    { recipe: parseRecipe(moduleRecipe(), 'r'), quantity: 5 },
    STATION_ITSELF,
  ).batchId;
  station.settings.configure(
    { registry: { url: `http://127.0.0.1:${refusing.port}`, token: 't' } },
    STATION_ITSELF,
  );
  await station.close();

  const unbound = await openStation(at('unbound'));
  await unbound.close();

  simulator = await TestSimulator.start({ count: 1 });
  opened = await Terminal.open(simulator.pathOf(1));

  writeFileSync(at('file'), 'text');
  symlinkSync(at('gone'), at('vanished'));
  writeFileSync(at('bad.yaml'), moduleRecipe().replace('verb: burn-triple', 'verb: dance'));
  writeFileSync(at('good.yaml'), moduleRecipe());
  writeFileSync(at('serials'), 'SN000001\nnonsense\n');
  writeFileSync(at('twice'), 'SN000001\nSN000002\nSN000001\n');
  writeFileSync(at('none'), '\n\n');
  writeFileSync(at('no-columns.csv'), 'a,b\n1,2\n');
  for (const name of ['corrupt', 'future', 'other', 'key']) mkdirSync(at(name));
  writeFileSync(at('corrupt', 'station.db'), 'x'.repeat(9000));
  const future = await openStation(at('future'));
  await future.close();
  const db = new Database(at('future', 'station.db'));
  db.pragma('user_version = 99990');
  db.close();
  const other = new Database(at('other', 'station.db'));
  other.exec('CREATE TABLE bookmarks (url TEXT)');
  other.close();
  const sealed = await openStation(at('key'));
  await sealed.close();
  writeFileSync(at('key', 'station.key'), Buffer.alloc(32, 7));
});

afterAll(async () => {
  await opened.close();
  await refusing[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

const run = (...more: string[]): string[] => ['run', '--data', DATA, '--batch', batch, ...more];

/** What was asked for, the exit status, the fault's code, and what its line must name. */
const CASES: readonly (readonly [string, () => readonly string[], number, string, RegExp])[] = [
  ['a missing port', () => run('--slot', at('nothing')), 3, 'port-missing', /nothing/],
  ['a port that vanished', () => run('--slot', at('vanished')), 3, 'port-missing', /vanished/],
  ['a busy port', () => run('--slot', simulator.pathOf(1)), 3, 'port-busy', /dev\/pts/],
  ['a file for a port', () => run('--slot', at('file')), 3, 'port-missing', /file/],
  ['a directory for a port', () => run('--slot', dir.path), 3, 'port-missing', /cli/],
  ['/dev/null for a port', () => run('--slot', '/dev/null'), 3, 'port-missing', /\/dev\/null/],
  ['one port for two slots', () => run('--slot', '/dev/a', '/dev/a'), 2, 'bad-input', /\/dev\/a/],
  [
    'an unknown batch',
    () => ['run', '--data', DATA, '--batch', 'B9', '--slot', '/dev/null'],
    2,
    'batch-missing',
    /B9/,
  ],
  [
    'a serial number of another kind',
    () => run('--slot', '/dev/null', '--serials', at('serials')),
    2,
    'serial-malformed',
    /nonsense/,
  ],
  [
    'a serial number twice',
    () => run('--slot', '/dev/null', '--serials', at('twice')),
    2,
    'bad-input',
    /SN000001/,
  ],
  [
    'a list without serial numbers',
    () => run('--slot', '/dev/null', '--serials', at('none')),
    2,
    'bad-input',
    /none/,
  ],
  [
    'a list that is not there',
    () => run('--slot', '/dev/null', '--serials', at('gone')),
    3,
    'file-missing',
    /gone/,
  ],
  [
    'an unreachable registry to send to',
    () => ['sync', 'drain', '--data', DATA],
    3,
    'registry-unreachable',
    /127\.0\.0\.1/,
  ],
  [
    'an unreachable registry to lease from',
    () => ['triples', 'lease', '--data', DATA, '--product', PRODUCT, '--count', '3'],
    3,
    'registry-unreachable',
    /127\.0\.0\.1/,
  ],
  [
    'a station without a registry',
    () => ['triples', 'lease', '--data', at('unbound'), '--product', PRODUCT, '--count', '3'],
    3,
    'not-configured',
    /registry/,
  ],
  [
    'a CSV without the columns',
    () => ['triples', 'import', at('no-columns.csv'), '--data', DATA],
    2,
    'csv-invalid',
    /column/,
  ],
  [
    'a CSV that is not there',
    () => ['triples', 'import', at('gone.csv'), '--data', DATA],
    3,
    'file-missing',
    /gone\.csv/,
  ],
  [
    'a corrupt database',
    () => ['triples', 'audit', '--data', at('corrupt')],
    4,
    'database-corrupt',
    /station\.db/,
  ],
  [
    'a database from the future',
    () => ['batch', 'list', '--data', at('future')],
    4,
    'database-future',
    /99990/,
  ],
  [
    'a database of another program',
    () => ['sync', 'status', '--data', at('other')],
    4,
    'database-corrupt',
    /another program/,
  ],
  [
    'a key that does not fit',
    () => ['triples', 'lease', '--product', 'P', '--count', '1', '--data', at('key')],
    4,
    'secret-unreadable',
    /station\.key/,
  ],
  ['a file for a data directory', () => ['triples', 'audit', '--data', at('file')], 3, 'file-denied', /file/],
  [
    'a bad recipe',
    () => ['batch', 'create', '--data', DATA, '--recipe', at('bad.yaml'), '--quantity', '1'],
    2,
    'recipe-invalid',
    /bad\.yaml:16:21: /,
  ],
  [
    'no recipe',
    () => ['batch', 'create', '--data', DATA, '--recipe', at('gone.yaml'), '--quantity', '1'],
    3,
    'file-missing',
    /gone\.yaml/,
  ],
  [
    'a schema for a folder that is not there',
    () => ['recipe', 'schema', '--out', at('gone', 'schema.json')],
    3,
    'file-missing',
    /gone/,
  ],
  ['a schema in place of a folder', () => ['recipe', 'schema', '--out', dir.path], 3, 'file-denied', /cli/],
  [
    'a quantity that is none',
    () => ['batch', 'create', '--data', DATA, '--recipe', at('good.yaml'), '--quantity', '0'],
    2,
    'bad-input',
    /--quantity/,
  ],
  [
    'a name of blanks for a batch',
    () => ['batch', 'create', '--data', DATA, '--recipe', at('good.yaml'), '--quantity', '1', '--name', '  '],
    2,
    'bad-input',
    /not a name for a batch/,
  ],
  ['an empty port', () => run('--slot', ''), 2, 'bad-input', /path is empty/],
  ['an operator without a name', () => run('--operator', ' '), 2, 'bad-input', /--operator/],
  [
    'a time that ends before it begins',
    () => ['runs', '--data', DATA, '--from', '2026-03-02', '--to', '2026-02-01'],
    2,
    'bad-input',
    /--from/,
  ],
  ['an unknown command', () => ['frobnicate'], 2, 'bad-input', /frobnicate/],
  ['an unknown subcommand', () => ['triples', 'frobnicate'], 2, 'bad-input', /frobnicate/],
  ['an unknown option', () => ['triples', 'audit', '--frob'], 2, 'bad-input', /--frob/],
  ['a command left out', () => ['triples'], 2, 'bad-input', /command|--json/],
  ['an unknown run', () => ['recording', 'show', 'R9', '--data', DATA], 2, 'not-found', /R9/],
];

describe('bad input', () => {
  it.each(CASES)(
    '%s: one line of JSON, and the right exit status',
    async (_what, args, status, code, names) => {
      const ended = await invoke(...args(), '--json');
      expect(ended).toMatchObject({ status, stderr: '' });
      expect(ended.stdout.trimEnd()).not.toContain('\n');
      expect(ended.events).toHaveLength(1);
      const [error] = ended.events;
      expect(error).toMatchObject({ event: 'error', code });
      expect(Object.keys(error ?? {})).toEqual(['event', 'code', 'message', 'hint']);
      expect(error?.['message']).toMatch(names);
      expect(error?.['hint']).toEqual(expect.stringMatching(/.{5}/));
    },
  );

  it.each(CASES)('%s: one line for people', async (_what, args, status, _code, names) => {
    const ended = await invoke(...args());
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toMatch(/^gongwei: [^\n]+\n$/);
    expect(ended.stderr).toMatch(names);
  });

  it('has changed nothing', () => {
    const database = openStationDatabaseForReading(DATA);
    expect(database.runs.listOfBatch(batch, 10)).toEqual([]);
    expect(database.batches.list()).toHaveLength(1);
    expect(database.triples.countByState()).toEqual([]);
    expect(database.leases.listUnanswered().length).toBeLessThanOrEqual(1);
    database.close();
    expect(readFileSync(at('corrupt', 'station.db'), 'utf8')).toBe('x'.repeat(9000));
    const other = new Database(at('other', 'station.db'), { readonly: true });
    expect(other.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'bookmarks' }]);
    other.close();
    expect(existsSync(at('gone'))).toBe(false);
  });
});

describe('a data directory in use', () => {
  it('is refused for writing, and can be read', async () => {
    const data = at('busy');
    const station = await openStation(data);
    try {
      const recipe = ['--recipe', at('good.yaml'), '--quantity', '1'];
      const writes = await invoke('batch', 'create', '--data', data, ...recipe, '--json');
      const looks = await invoke('triples', 'audit', '--data', data, '--json');
      expect(writes).toMatchObject({ status: 3, stderr: '' });
      expect(writes.events).toEqual([expect.objectContaining({ event: 'error', code: 'data-busy' })]);
      expect(writes.stdout).toContain(String(process.pid));
      expect(looks).toMatchObject({ status: 0, stderr: '' });
      expect(looks.events[0]).toMatchObject({ event: 'triples.audit', violations: [] });
    } finally {
      await station.close();
    }
  });
});

describe('a CSV with bad rows', () => {
  const rows = [
    'ProductId,DeviceName,DeviceSecret',
    `${PRODUCT},good1,${SECRET}`,
    `${PRODUCT},bad name,${SECRET}`,
    `${PRODUCT},good2,AAECAwQFBgcICQoLDA0ODw==`,
    `${PRODUCT},good1,${SECRET}`,
    `${PRODUCT},noSecret,`,
  ];

  it('is not imported at all, every bad line is named, and no secret is shown', async () => {
    writeFileSync(at('rows.csv'), rows.join('\n'));
    const data = at('imported');
    const refused = await invoke('triples', 'import', at('rows.csv'), '--data', data, '--json');
    expect(refused).toMatchObject({ status: 2, stderr: '' });
    const [event] = refused.events;
    expect(event).toMatchObject({ event: 'triples.imported', rows: 5, added: 0, skipped: 0 });
    expect((event?.['rejected'] as { line: number }[]).map(({ line }) => line)).toEqual([3, 5, 6]);
    expect(refused.stdout).not.toContain(SECRET);

    const human = await invoke('triples', 'import', at('rows.csv'), '--data', data);
    expect(human.status).toBe(2);
    for (const line of [3, 5, 6]) expect(human.stdout).toContain(`rows.csv:${line}: `);
    expect(human.stdout + human.stderr).not.toContain(SECRET);

    const audit = await invoke('triples', 'audit', '--data', data, '--json');
    expect(audit.events[0]).toMatchObject({ available: 0 });

    const skipped = await invoke('triples', 'import', at('rows.csv'), '--skip-bad', '--data', data, '--json');
    expect(skipped).toMatchObject({ status: 1 });
    expect(skipped.events[0]).toMatchObject({ added: 2, skipped: 3 });
    // Once more: the good ones are known now.
    const again = await invoke('triples', 'import', at('rows.csv'), '--data', data, '--json');
    expect(again.status).toBe(2);
    expect(again.events[0]).toMatchObject({ added: 0 });
  });
});

describe('a real process', () => {
  it('ends with the status and the message of the command line', async () => {
    const [person, machine] = await Promise.all([
      runCommand(run('--slot', at('nothing'))),
      runCommand(['triples', 'audit', '--data', at('corrupt'), '--json']),
    ]);
    expect(person).toMatchObject({ status: 3, stdout: '' });
    expect(person.stderr).toMatch(/^gongwei: there is no port [^\n]+\n$/);
    expect(machine).toMatchObject({ status: 4, stderr: '' });
    expect(machine.events).toEqual([expect.objectContaining({ event: 'error', code: 'database-corrupt' })]);
  });
});

describe('recipe check', () => {
  it('reports every position with --json', async () => {
    const { status, events } = await invoke('recipe', 'check', at('bad.yaml'), '--json');
    expect(status).toBe(2);
    expect(events[0]).toMatchObject({ event: 'recipe.checked', ok: false, hash: null });
    expect(events[0]?.['issues']).toEqual([expect.objectContaining({ line: 16, column: 21 })]);
    expect(await invoke('recipe', 'check', at('good.yaml'), '--json')).toMatchObject({ status: 0 });
  });
});
