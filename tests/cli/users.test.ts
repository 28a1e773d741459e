import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { verifyPin } from '../../station/administration/users/index.ts';
import { tempDir } from '../support/temp-dir.ts';
import { atTerminal } from './support/at-terminal.ts';
import { invoke, invokeWith } from '../kit/in-process.ts';
import { openStation } from '../kit/station.ts';
import { COMMAND_LINE } from '../kit/command-line.ts';
import { LONG } from '../support/depth.ts';

describe('user', () => {
  it('adds, lists and removes users with the PIN from standard input, and records it in the audit trail', async () => {
    using dir = tempDir('cli-users');
    const data = ['--data', dir.path, '--json'];
    expect((await invoke('user', 'list', ...data)).events).toMatchObject([{ code: 'not-found' }]);
    const add = (input: string, name: string, role: string) =>
      invokeWith(input, 'user', 'add', name, '--role', role, ...data);
    const added = await add('246813\nmore\n', 'Wang 工', 'engineer');
    expect(added).toMatchObject({
      status: 0,
      events: [{ event: 'user.added', name: 'Wang 工', role: 'engineer' }],
    });
    const twice = await add('1234\n', 'Wang 工', 'support');
    expect(twice).toMatchObject({ status: 2, events: [{ event: 'error', code: 'bad-input' }] });
    expect((await invoke('user', 'list', ...data)).events).toEqual([
      { event: 'user', name: 'Wang 工', role: 'engineer' },
    ]);
    const pin = (name: string, input: string) => invokeWith(input, 'user', 'pin', name, ...data);
    expect(await pin('Wang 工', '24681\n')).toMatchObject({ status: 2, events: [{ code: 'bad-input' }] });
    expect(await pin('Li', '864209\n')).toMatchObject({ status: 2, events: [{ code: 'not-found' }] });
    expect(await pin('Wang 工', '246813\n')).toMatchObject({ status: 0, events: [{ event: 'user.pin' }] });
    const database = openStationDatabase(dir.path);
    const user = database.users.findByName('Wang 工');
    database.close();
    await expect(verifyPin('246813', user?.pinHash ?? '')).resolves.toBe(true);
    // The last engineer stays.
    expect(await invoke('user', 'remove', 'Wang 工', ...data)).toMatchObject({
      status: 2,
      events: [{ event: 'error', code: 'last-engineer' }],
    });
    await add('135790\n', 'Li', 'engineer');
    expect(await invoke('user', 'remove', 'Wang 工', ...data)).toMatchObject({
      status: 0,
      events: [{ event: 'user.removed', name: 'Wang 工' }],
    });
    expect((await invoke('user', 'remove', 'Wang 工', ...data)).status).toBe(2);

    const verified = await invoke('audit', 'verify', ...data);
    expect(verified).toMatchObject({
      status: 0,
      events: [{ event: 'audit.verified', entries: 4, brokenAt: null }],
    });
    const db = new Database(join(dir.path, 'station.db'));
    expect(db.prepare('SELECT actor, role, action FROM audit').all()).toEqual([
      { actor: userInfo().username, role: 'engineer', action: 'person.add' },
      { actor: userInfo().username, role: 'engineer', action: 'person.pin' },
      { actor: userInfo().username, role: 'engineer', action: 'person.add' },
      { actor: userInfo().username, role: 'engineer', action: 'person.remove' },
    ]);
    db.exec("DROP TRIGGER audit_fixed; UPDATE audit SET actor = 'somebody' WHERE seq = 1");
    db.close();
    expect(await invoke('audit', 'verify', ...data)).toMatchObject({
      status: 4,
      events: [
        { event: 'audit.verified', entries: 4, brokenAt: 1 },
        { event: 'audit.finding', kind: 'schema', subject: 'trigger audit_fixed', what: 'missing' },
      ],
    });
  });

  it('uses the running sample line, if the data directory has no station of its own', async () => {
    using dir = tempDir('cli-users');
    const sample = join(dir.path, 'sample-line/station');
    const names = (said: { events: readonly object[] }) =>
      said.events.map((event) => Reflect.get(event, 'name'));
    const station = await openStation(sample, { control: true, sampleLine: true });
    try {
      await station.sampleUsers.add();
      const data = ['--data', dir.path, '--json'];
      const listed = await invoke('user', 'list', ...data);
      expect(names(listed)).toEqual(['sample-engineer', 'sample-operator', 'sample-support']);
      expect(listed.stderr).toContain(`the running sample line: ${sample}`);
      expect(await invoke('user', 'remove', 'sample-support', ...data)).toMatchObject({
        status: 0,
        events: [{ event: 'user.removed', name: 'sample-support' }],
      });
      expect(station.access.users().map(({ name }) => name)).not.toContain('sample-support');
      expect(await invoke('user', 'remove', 'sample-engineer', ...data)).toMatchObject({
        status: 2,
        events: [{ event: 'error', code: 'last-engineer' }],
      });

      const runs = await invoke('runs', '--data', dir.path);
      expect(runs).toMatchObject({ status: 2, stdout: '' });
      expect(runs.stderr).toContain(
        `For the station of the sample line, which "start" opens, give --data ${sample}`,
      );
      const again = await invoke('start', '--browser', '--no-open', ...data);
      expect(again.events).toMatchObject([
        { code: 'data-busy', hint: expect.stringContaining('kiosk link') as string },
      ]);

      openStationDatabase(dir.path).close();
      const own = await invoke('user', 'list', ...data);
      expect(names(own)).toEqual([]);
      expect(own.stderr).toContain(`the running sample line has another data directory: --data ${sample}`);
    } finally {
      await station.close();
    }
  });

  it('a lost database of the sample line does not replace the fault of the named directory', async () => {
    using dir = tempDir('cli-users');
    const sample = join(dir.path, 'sample-line/station');
    mkdirSync(join(sample, 'backups'), { recursive: true });
    const listed = await invoke('user', 'list', '--data', dir.path, '--json');
    expect(listed.events).toMatchObject([
      { code: 'not-found', hint: expect.stringContaining(`--data ${sample}`) as string },
    ]);
    const lost = await invoke('user', 'list', '--data', sample, '--json');
    expect(lost.events).toMatchObject([{ code: 'database-corrupt' }]);
  });

  it('without a PIN, with a bad one, or with an unknown role changes nothing', async () => {
    using dir = tempDir('cli-users');
    const add = (role: string, input: string) =>
      invokeWith(input, 'user', 'add', 'Li', '--role', role, '--data', dir.path);
    for (const said of [
      await add('support', ''),
      await add('support', '12\n'),
      await add('support', '24681\n'),
      await add('boss', '1234\n'),
    ]) {
      expect(said.status).toBe(2);
      expect(said.stdout).toBe('');
      expect(said.stderr).toMatch(/^(?:gongwei|error): /);
      expect(said.stderr.trim().split('\n').length).toBeLessThan(3);
    }
    expect((await invoke('user', 'list', '--data', dir.path)).stdout).toContain('no users yet');
  });

  it.runIf(LONG)('on a terminal asks twice, without echo', () => {
    using dir = tempDir('cli-users');
    const args = [
      process.execPath,
      COMMAND_LINE,
      'user',
      'add',
      'Li',
      '--role',
      'support',
      '--data',
      dir.path,
    ];
    const type = (answers: readonly string[]) => atTerminal(args, answers);
    const differing = type(['246813\r', '246814\r']);
    expect(differing).toMatchObject({
      status: 2,
      screen: expect.stringContaining('not the same PIN') as string,
    });
    const stopped = type(['2468\u0003']);
    expect(stopped).toMatchObject({ status: 1, screen: expect.stringContaining('stopped') as string });
    // A slip of the finger is taken back with the backspace key.
    const added = type(['24689\u007f13\r', '246813\r']);
    expect(added).toMatchObject({
      status: 0,
      screen: expect.stringContaining('Li may sign in as support') as string,
    });
    for (const { screen } of [differing, stopped, added]) {
      expect(screen).toContain('PIN for Li: ');
      expect(screen).not.toMatch(/2468|\*/);
    }
  });
});
