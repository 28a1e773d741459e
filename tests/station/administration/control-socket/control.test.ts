import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendToRunningStation, type Station } from '#station';
import { Session } from '#shared/rpc/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { soon } from '../../../support/patience.ts';
import { openStation } from '../../../kit/station.ts';

const by = { role: 'engineer', user: 'chen' } as const;
const add = (name: string, pin: string) => ({ do: 'add-user', name, role: 'engineer', pin, by }) as const;

let dir: ReturnType<typeof tempDir>;
let station: Station | null;
beforeEach(() => {
  dir = tempDir('control');
  station = null;
});
afterEach(async () => {
  await station?.close();
  dir[Symbol.dispose]();
});

async function open(data: string): Promise<Station> {
  station = await openStation(data, { control: true });
  return station;
}
const places = (data: string) =>
  JSON.parse(readFileSync(join(data, 'control.json'), 'utf8')) as { path: string };
const trail = ({ database }: Station) =>
  [...database.audit.iterate()].map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);

describe('a command beside a running station', () => {
  it('adds users, changes PINs and removes users, who are known at once and sign out at once', async () => {
    const data = join(dir.path, 'station');
    expect(await sendToRunningStation(data, add('Li', '246813'))).toBeNull();
    const running = await open(data);
    expect(await sendToRunningStation(data, add('Li', '246813'))).toEqual({ name: 'Li', role: 'engineer' });
    const session = new Session({ role: 'operator', user: 'operator' });
    await running.access.signIn(session, 'Li', '246813', soon());
    expect(session.current.role).toBe('engineer');
    expect(
      await faultOf(() => sendToRunningStation(data, { do: 'set-pin', name: 'Li', pin: '12', by })),
    ).toMatchObject({ code: 'bad-input' });
    expect(await sendToRunningStation(data, { do: 'set-pin', name: 'Li', pin: '864209', by })).toMatchObject({
      name: 'Li',
    });
    expect(session.current.role).toBe('operator');
    expect(
      await faultOf(() => sendToRunningStation(data, { do: 'remove-user', name: 'Li', by })),
    ).toMatchObject({
      code: 'last-engineer',
    });
    await sendToRunningStation(data, add('Wang', '135792'));
    expect(await sendToRunningStation(data, { do: 'remove-user', name: 'Li', by })).toMatchObject({
      name: 'Li',
    });
    expect(
      await faultOf(() => sendToRunningStation(data, { do: 'remove-user', name: 'Li', by })),
    ).toMatchObject({ code: 'not-found', hint: expect.stringContaining('user list') });
    expect(trail(running)).toEqual([
      'chen person.add Li',
      'Li session.sign-in Li',
      'chen person.pin Li',
      'Li session.sign-out Li',
      'chen person.add Wang',
      'chen person.remove Li',
    ]);
    await running.close();
    station = null;
    expect(readdirSync(data).filter((name) => name.startsWith('control'))).toEqual([]);
  });

  it('comes through a socket that is its user’s alone, also below a long path, and nothing is in the log', async () => {
    const deep = join(dir.path, ...Array.from({ length: 6 }, () => 'a-rather-long-folder'));
    for (const data of [join(dir.path, 'short'), deep]) {
      const running = await open(data);
      const { path } = places(data);
      expect(statSync(path).mode & 0o077).toBe(0);
      expect(statSync(join(path, '..')).mode & 0o077).toBe(0);
      expect(statSync(join(data, 'control.json')).mode & 0o077).toBe(0);
      await sendToRunningStation(data, add('Li', '246813'));
      for (const name of readdirSync(join(data, 'logs')))
        expect(readFileSync(join(data, 'logs', name), 'utf8')).not.toContain('246813');
      await running.close();
      station = null;
      expect(existsSync(path)).toBe(false);
    }
  });

  it('finds nobody at what a killed station left, and a new one takes its place', async () => {
    const data = join(dir.path, 'station');
    mkdirSync(data, { mode: 0o700 });
    const path = join(data, 'control.sock');
    writeFileSync(path, '');
    writeFileSync(join(data, 'control.json'), JSON.stringify({ path }));
    expect(await sendToRunningStation(data, add('Li', '246813'))).toBeNull();
    writeFileSync(join(data, 'control.json'), '{"pa');
    expect(await sendToRunningStation(data, add('Li', '246813'))).toBeNull();
    await open(data);
    expect(await sendToRunningStation(data, add('Li', '246813'))).toMatchObject({ name: 'Li' });
  });

  it('that is none gets a reason, and the station goes on', async () => {
    const data = join(dir.path, 'station');
    const running = await open(data);
    const { path } = places(data);
    const say = (text: string): Promise<string> =>
      new Promise((resolve) => {
        let heard = '';
        const socket = createConnection(path, () => socket.end(text));
        socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
        socket.on('close', () => resolve(heard));
        socket.on('error', () => undefined);
      });
    for (const text of ['\n', '{"do":"rm"}\n', 'GET / HTTP/1.1\n', `${'x'.repeat(100)}\n`])
      expect(JSON.parse(await say(text))).toMatchObject({ fault: { code: 'bad-input' } });
    expect(await say('')).toBe('');
    expect(await say('x'.repeat(100_000))).toBe('');
    expect(await sendToRunningStation(data, add('Li', '246813'))).toMatchObject({ name: 'Li' });
    expect(trail(running)).toEqual(['chen person.add Li']);
  });
});
