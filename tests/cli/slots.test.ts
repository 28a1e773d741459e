import { describe, expect, it } from 'vitest';
import { tempDir } from '../station/support/temp-dir.ts';
import { invoke } from './support/in-process.ts';

describe('station slots', () => {
  it('remembers where slots are plugged in, and how units are started', async () => {
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

  it('refuses a port that has no place, and a way to start that there is not', async () => {
    using dir = tempDir();
    const slots = (...args: string[]): ReturnType<typeof invoke> =>
      invoke('station', 'slots', ...args, '--data', dir.path, '--json');
    expect((await slots('assign', '--slot', '1', '--port', '/dev/pts/9999')).status).toBe(2);
    expect((await slots('assign', '--slot', '17', '--port', 'usb:1-1')).status).toBe(2);
    expect((await slots('start', '--mode', 'whenever')).status).toBe(2);
  });
});
