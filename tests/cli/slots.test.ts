import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleRecipe } from '../kit/recipes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';

describe('station slots', () => {
  it('stores the USB locations of slots, and how units are started', async () => {
    using dir = tempDir();
    const slots = (...args: string[]): ReturnType<typeof invoke> =>
      invoke('station', 'slots', ...args, '--data', dir.path, '--json');
    expect((await slots('assign', '--slot', '2', '--port', 'usb:1-1.4')).events).toEqual([
      { event: 'slot.assigned', slot: 2, place: 'usb:1-1.4' },
    ]);
    expect((await slots('start', '--mode', 'arrival')).status).toBe(0);
    const { events } = await slots('list');
    expect(events.filter(({ event }) => event === 'slot')).toEqual([
      { event: 'slot', slot: 2, place: 'usb:1-1.4', path: null },
    ]);
    expect(events.at(-1)).toEqual({ event: 'slots.start', mode: 'arrival' });
    expect((await slots('forget', '--slot', '2')).status).toBe(0);
    expect((await slots('forget', '--slot', '2')).status).toBe(2);
  });

  it('stores the adapter and the board of all slots, and removes them', async () => {
    using dir = tempDir();
    const configure = (...args: string[]): ReturnType<typeof invoke> =>
      invoke('station', 'configure', ...args, '--data', dir.path, '--json');
    const set = await configure('--ble', 'hci1', '--board', 'usb:1-1.5');
    expect(set.events[0]).toMatchObject({ ble: 'hci1', board: 'usb:1-1.5' });
    expect((await configure('--ble', 'none')).events[0]).toMatchObject({ ble: null, board: 'usb:1-1.5' });
    expect((await configure('--ble', 'bluetooth')).status).toBe(2);
    expect((await configure()).events[0]).toMatchObject({ ble: null, board: 'usb:1-1.5' });
  });

  it('sets and removes the start mode of a batch', async () => {
    using dir = tempDir();
    const data = ['--data', dir.path, '--json'];
    const file = join(dir.path, 'recipe.yaml');
    writeFileSync(file, moduleRecipe().replace('serialNumber: {', 'serialNumber: { optional: true,'));
    const create = ['batch', 'create', '--recipe', file, '--quantity', '1', ...data];
    const made = await invoke(...create, '--start', 'arrival');
    expect(made.status).toBe(0);
    const batch = String(made.events[0]?.['batch']);
    const says = async (): Promise<unknown> =>
      (await invoke('batch', 'list', ...data)).events.find((event) => event['batch'] === batch)?.['start'];
    expect(await says()).toBe('arrival');
    const start = ['station', 'slots', 'start', '--batch', batch, ...data, '--mode'];
    expect((await invoke(...start, 'scan')).events).toEqual([{ event: 'slots.start', mode: 'scan', batch }]);
    expect(await says()).toBe('scan');
    expect((await invoke(...start, 'station')).status).toBe(0);
    expect(await says()).toBeNull();
    expect((await invoke(...create, '--start', 'never')).status).toBe(2);
    expect((await invoke('station', 'slots', 'start', '--mode', 'station', ...data)).status).toBe(2);
  });

  it('refuses a port without a USB location, and an unknown start mode', async () => {
    using dir = tempDir();
    const slots = (...args: string[]): ReturnType<typeof invoke> =>
      invoke('station', 'slots', ...args, '--data', dir.path, '--json');
    // As `run --slot` says it of a port that is not there.
    for (const port of ['/dev/pts/9999', 'COM250', dir.path]) {
      const { status, events } = await slots('assign', '--slot', '1', '--port', port);
      expect([port, status, events[0]?.['code']]).toEqual([port, 3, 'port-missing']);
    }
    for (const port of ['', ' ', 'usb:', 'tcp://127.0.0.1:9000'])
      expect([port, (await slots('assign', '--slot', '1', '--port', port)).status]).toEqual([port, 2]);
    expect((await slots('list')).events.filter(({ event }) => event === 'slot')).toEqual([]);
    expect((await slots('assign', '--slot', '17', '--port', 'usb:1-1')).status).toBe(2);
    expect((await slots('start', '--mode', 'whenever')).status).toBe(2);
  });
});
