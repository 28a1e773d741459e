import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { openRegistryStore } from '#registry';
import { hashPin } from '../../station/administration/users/index.ts';
import { createNodeRandom } from '../../station/devices/drivers/node/random.ts';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { SECRET } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandsOf, fullName } from './support/commands-of.ts';
import { invoke } from '../kit/in-process.ts';
import { atTerminal } from './support/at-terminal.ts';
import { COMMAND_LINE } from '../kit/command-line.ts';

const PRODUCT = 'GWDEMO0001';
const PIN = '864209';
/** An approver's PIN in each form that a terminal may have been given it. */
const SAID = ['--reason', 'the board was scrapped', '--json'];

interface Place extends Disposable {
  readonly path: string;
  readonly pinFile: string;
  /** What the trail keeps of the last act of this name. */
  kept(action: string): unknown;
}

/** The data directory of a station with triples d1 and d2 and with the named users. */
async function stationWith(...users: readonly string[]): Promise<Place> {
  const dir = tempDir('approver');
  const database = openStationDatabase(dir.path);
  for (const name of users)
    database.users.put(
      {
        name,
        role: name === 'Zhao' ? 'operator' : 'engineer',
        pinHash: await hashPin(PIN, { random: createNodeRandom(), scryptLog2N: 4 }),
      },
      1,
    );
  database.transaction(() => {
    for (const deviceName of ['d1', 'd2'])
      database.triples.add(
        { productId: PRODUCT, deviceName, sealed: Buffer.from(SECRET), source: 'test', lease: null },
        1,
      );
  });
  database.close();
  const pinFile = join(dir.path, 'pin');
  writeFileSync(pinFile, `${PIN}\n`);
  return {
    path: dir.path,
    pinFile,
    kept(action) {
      const kept = openStationDatabase(dir.path);
      try {
        const found = [...kept.audit.iterate()].findLast((row) => row.action === action);
        return found === undefined ? null : (JSON.parse(found.details) as unknown);
      } finally {
        kept.close();
      }
    },
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

describe('an act that needs an approver', () => {
  it('is done at a station without users; audit trail and standard error report that it was not proven', async () => {
    using dir = await stationWith();
    const done = await invoke(
      'triples',
      'retire',
      'd1',
      '--approver',
      'the CEO',
      ...SAID,
      '--data',
      dir.path,
    );
    expect(done).toMatchObject({ status: 0, events: [{ event: 'triples.retired', deviceName: 'd1' }] });
    expect(done.stderr).toContain('the approver the CEO is recorded as not proven');
    expect(done.stderr).toContain('gongwei user add');
    expect(dir.kept('returns.write-off')).toMatchObject({ approver: 'the CEO', approverProven: false });
  });

  it.each<[string, string, string[], string]>([
    ['the CEO', 'the CEO', ['--approver-pin-file', 'PIN'], 'approver-refused'],
    ['an operator', 'Zhao', ['--approver-pin-file', 'PIN'], 'approver-refused'],
    ['a second person without a PIN', 'Wang', [], 'approver-refused'],
    ['a file that is not there', 'Wang', ['--approver-pin-file', '/nowhere/pin'], 'file-missing'],
  ])('is refused with %s, and nothing is changed', async (_, approver, more, code) => {
    using dir = await stationWith('Wang', 'Zhao');
    const args = more.map((text) => (text === 'PIN' ? dir.pinFile : text));
    const said = await invoke(
      'triples',
      'retire',
      'd1',
      '--approver',
      approver,
      ...args,
      ...SAID,
      '--data',
      dir.path,
    );
    expect(said.events).toMatchObject([{ event: 'error', code }]);
    expect(said.stdout + said.stderr).not.toContain(PIN);
    expect(dir.kept('returns.write-off')).toBeNull();
  });

  it('is done with the PIN of a second person from a file; the audit trail reports that it was proven', async () => {
    using dir = await stationWith('Wang');
    const by = ['--approver', 'Wang', '--approver-pin-file', dir.pinFile, ...SAID, '--data', dir.path];
    const done = await invoke('triples', 'retire', 'd1', ...by);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(dir.kept('returns.write-off')).toMatchObject({ approver: 'Wang', approverProven: true });
    const resent = await invoke('sync', 'resend', '--since', '2026-11-21T08:00', ...by);
    expect(resent).toMatchObject({ status: 0 });
    expect(dir.kept('outbox.resend')).toMatchObject({ approver: 'Wang', approverProven: true });
    // The approver must be a user of the station that is restored.
    const [backup] = (await invoke('backup', '--json', '--data', dir.path)).events;
    const from = ['--from', String(backup?.['path'])];
    const ceo = await invoke('restore', ...from, '--approver', 'the CEO', ...SAID, '--data', dir.path);
    expect(ceo.events).toMatchObject([{ code: 'approver-refused' }]);
    expect(await invoke('restore', ...from, ...by)).toMatchObject({ status: 0, stderr: '' });
    expect(dir.kept('station.restore')).toMatchObject({ approver: 'Wang', approverProven: true });
  });

  it('is undone by name only, and the audit trail has the decision that was undone', async () => {
    using dir = await stationWith('Wang');
    const by = ['--approver', 'Wang', '--approver-pin-file', dir.pinFile, ...SAID, '--data', dir.path];
    const database = openStationDatabase(dir.path);
    database.transaction(() => {
      const message = { orderKey: 'A1', kind: 'run.finished', payload: '{}', createdAtMs: 1 };
      database.outbox.add({ key: 'm1', ...message });
      database.outbox.park(database.outbox.listPending(1)[0]?.seq ?? 0, 'bad-input: no', 2);
    });
    database.close();
    expect((await invoke('sync', 'set-aside', 'm1', ...by)).events).toMatchObject([
      { event: 'sync.status', parked: 0, setAside: 1 },
      { event: 'sync.parked' },
    ]);
    const data = ['--json', '--data', dir.path];
    expect((await invoke('sync', 'retry', 'm1', ...data)).events).toMatchObject([
      { event: 'error', code: 'not-found', message: expect.stringContaining('(Wang)') as string },
    ]);
    expect((await invoke('sync', 'retry', 'm1', '--set-aside', ...data)).events).toMatchObject([
      { event: 'sync.status', pending: 1, parked: 0, setAside: 0 },
    ]);
    expect(dir.kept('outbox.retry-set-aside')).toEqual({ setAside: 'the board was scrapped (Wang)' });
  });

  it('asks for the PIN on a terminal without echo', async () => {
    using dir = await stationWith('Wang');
    const args = [process.execPath, COMMAND_LINE, 'triples', 'retire', 'd1', '--approver', 'Wang'];
    const { status, screen } = atTerminal([...args, ...SAID, '--data', dir.path], [`${PIN}\r`]);
    expect(screen).toContain('PIN of Wang: ');
    expect(screen).not.toContain(PIN);
    expect(status).toBe(0);
    expect(dir.kept('returns.write-off')).toMatchObject({ approverProven: true });
  });

  it('at a registry is proven by the users of the station in the same directory, and reported as not proven without one', async () => {
    using dir = await stationWith('Wang');
    using alone = tempDir('approver-registry');
    for (const path of [dir.path, alone.path]) {
      const seeded = await invoke('registry', 'seed', '--product', PRODUCT, '--count', '2', '--data', path);
      expect(seeded.status).toBe(0);
    }
    const restored = (path: string, ...by: string[]) =>
      invoke('registry', 'restored', ...by, ...SAID, '--data', path);
    expect((await restored(dir.path, '--approver', 'the CEO')).events).toMatchObject([
      { code: 'approver-refused' },
    ]);
    const proven = await restored(dir.path, '--approver', 'Wang', '--approver-pin-file', dir.pinFile);
    expect(proven).toMatchObject({ status: 0, stderr: '' });
    const unproven = await restored(alone.path, '--approver', 'Wang');
    expect(unproven.status).toBe(0);
    expect(unproven.stderr).toContain('a registry has no users');
    // The record of a proven one ends with these words, and nobody types them.
    for (const forged of ['Wang (proven by PIN)', 'the CEO （Proven  by\u200bＰＩＮ）'])
      expect((await restored(alone.path, '--approver', forged)).events).toMatchObject([
        { code: 'approver-refused' },
      ]);
    openRegistryStore(join(dir.path, 'registry'))[Symbol.dispose]();
  });
});

describe('every command and call for such an act', () => {
  it('at a terminal takes the PIN from a file, and none as an argument', async () => {
    const takers = (await commandsOf()).filter((command) =>
      command.options.some(({ long }) => long === '--approver'),
    );
    const names = takers.map(fullName).sort();
    expect(names).toEqual([
      'recipe release',
      'registry audit',
      'registry lease quarantine',
      'registry lease restore',
      'registry registration reopen',
      'registry registration secret',
      'registry registration set',
      'registry restored',
      'restore',
      'station clock',
      'station moved',
      'sync resend',
      'sync set-aside',
      'triples retire',
      'unit reflash',
      'unit unbind',
    ]);
    for (const command of takers) {
      const pins = command.options
        .filter(({ long }) => long?.includes('pin') === true)
        .map(({ long }) => long);
      expect(pins, fullName(command)).toEqual(['--approver-pin-file']);
    }
  });

  it('on a page takes the PIN beside the name', () => {
    const takers = Object.entries(contract.calls).filter(([, { input }]) => 'approver' in shapeOf(input));
    expect(takers.map(([name]) => name).sort()).toEqual([
      'backups.restore',
      'recipes.release',
      'returns.act',
      'returns.flash',
      'returns.unbind',
      'returns.writeOff',
      'storage.confirmClock',
      'sync.resend',
      'sync.setAside',
    ]);
    for (const [name, { input }] of takers)
      expect(Object.keys(shapeOf(input)), name).toContain('approverPin');
  });
});

function shapeOf(input: unknown): Readonly<Record<string, unknown>> {
  return (input as { shape?: Readonly<Record<string, unknown>> }).shape ?? {};
}
