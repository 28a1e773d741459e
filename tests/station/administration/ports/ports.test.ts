import { existsSync, readdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Session } from '#shared/rpc/index.ts';
import { loadLibc, openPty, type PtyPair } from '../../../../simulator/pty/index.ts';
import { openReopenable } from '../../../kit/reopenable.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** Two identical adapters in a hub: real ptys whose links are plugged in and pulled. */
async function openWithAdapters(dir: string, stack: AsyncDisposableStack) {
  const libc = loadLibc();
  const ptys = [1, 2].map((): PtyPair => stack.adopt(openPty(libc), (pty) => pty.close()));
  const linkOf = (socket: number): string => join(dir, `ttyUSB${socket}`);
  const plugIn = (socket: number): void => symlinkSync(ptys[socket - 1]?.path ?? '', linkOf(socket));
  const pull = (socket: number): void => unlinkSync(linkOf(socket));
  plugIn(1);
  plugIn(2);
  const list = () =>
    Promise.resolve(
      readdirSync(dir)
        .filter((name) => name.startsWith('ttyUSB') && existsSync(join(dir, name)))
        .map((name) => ({
          path: join(dir, name),
          usbPath: `usb:1-1.${name.slice(-1)}`,
          title: 'QinHeng CH340',
          serialNumber: null,
        })),
    );
  const setup = stack.use(
    await openReopenable(join(dir, 'station'), ({ devicePorts }) => ({
      devicePorts: { ...devicePorts, list },
    })),
  );
  return { ...setup, plugIn, pull };
}

describe('the ports of a station, by page', () => {
  test('are told apart by pulling one, kept apart by location, and used after the station was opened again', async () => {
    await using stack = new AsyncDisposableStack();
    const dir = stack.use(tempDir('ports')).path;
    const { station, plugIn, pull, ...setup } = await openWithAdapters(dir, stack);
    await station.current.access.add('陈静', 'engineer', '246810', { role: 'engineer', user: 'test' });
    const session = new Session({ role: 'operator', user: 'operator' });
    let page = setup.page(session);
    await page.call('session.signIn', { name: '陈静', pin: '246810' });

    const before = (await page.call('ports.list', {})).ports.map(({ place }) => place);
    expect(before).toEqual(['usb:1-1.1', 'usb:1-1.2']);
    const waiting = page.call('ports.awaitChange', { before, want: 'gone', timeoutMs: 60_000 });
    pull(2);
    const gone = await waiting;
    expect(gone.changed).toEqual(['usb:1-1.2']);
    // Plugged in again before the page asks: it is not missed.
    plugIn(2);
    const rest = gone.state.ports.map(({ place }) => place);
    const came = await page.call('ports.awaitChange', { before: rest, want: 'came', timeoutMs: 60_000 });
    expect(came.changed).toEqual(['usb:1-1.2']);
    const timedOut = { before, want: 'gone', timeoutMs: 1 } as const;
    expect((await faultOf(() => page.call('ports.awaitChange', timedOut))).code).toBe('timeout');

    const assigned = await page.call('ports.assign', { slot: 1, place: 'usb:1-1.2' });
    expect(assigned.slots).toEqual([
      { slot: 1, place: 'usb:1-1.2', inUse: null, presence: 'present', maxBaudRate: null },
    ]);
    expect(assigned).toMatchObject({ needsReopening: true, canReopen: true, isFixedByHost: false });
    const taken = await faultOf(() => page.call('ports.assign', { slot: 2, place: 'usb:1-1.2' }));
    expect(taken.toView()).toMatchObject({ code: 'bad-input', details: { slot: 1 } });
    await page.call('ports.assign', { slot: 2, place: 'usb:1-1.2', moved: true });
    await page.call('ports.assign', { slot: 1, place: 'usb:1-1.1' });
    const bad = { ble: 'no-adapter', board: null };
    expect((await faultOf(() => page.call('ports.setHardware', bad))).code).toBe('bad-input');

    // The connection of the page ends; its session, and who signed in there, does not.
    const first = station.current;
    await page.call('station.reopen', {});
    await setup.reopenedAfter(first);
    page = setup.page(session);
    const after = await page.call('ports.list', {});
    expect(after.needsReopening).toBe(false);
    expect(after.slots.map(({ slot, place, inUse }) => ({ slot, place, inUse }))).toEqual([
      { slot: 1, place: 'usb:1-1.1', inUse: 'usb:1-1.1' },
      { slot: 2, place: 'usb:1-1.2', inUse: 'usb:1-1.2' },
    ]);
    expect(station.current.slots.state.slots.map(({ portPath }) => portPath)).toEqual([
      'usb:1-1.1',
      'usb:1-1.2',
    ]);
    const by = [...station.current.database.audit.iterate()]
      .filter(({ action }) => action === 'settings.slot')
      .map(({ actor }) => actor);
    expect(by).toEqual(Array.from({ length: by.length }, () => '陈静'));
    expect(by.length).toBe(4);

    // Who is removed meanwhile is signed out when the page connects to the station that was opened again.
    const second = station.current;
    await page.call('station.reopen', {});
    await setup.reopenedAfter(second);
    await station.current.access.add('刘洋', 'engineer', '246810', { role: 'engineer', user: 'test' });
    station.current.access.remove('陈静', { role: 'engineer', user: 'test' });
    page = setup.page(session);
    expect((await page.call('session.current', {})).role).toBe('operator');
  });
});
