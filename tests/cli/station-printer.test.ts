import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimPrinter, startSimPrinter } from '#simulator';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const dir = tempDir('printer-command');
let sim: SimPrinter;
const printed: string[] = [];
beforeAll(async () => {
  sim = await startSimPrinter({
    language: 'tspl',
    dir: join(dir.path, 'labels'),
    onEvent: (event) => {
      if (event.event === 'sim.printed') printed.push(event.png);
    },
  });
});
afterAll(async () => {
  await sim[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});
const command = (...args: string[]): ReturnType<typeof invoke> =>
  invoke('station', 'printer', ...args, '--data', join(dir.path, 'data'), '--json');

describe('station printer', () => {
  it('sets, changes, asks, tests and removes the label printer of the station', async () => {
    const place = `tcp://127.0.0.1:${sim.port}`;
    const set = await command('set', `tspl://127.0.0.1:${sim.port}`, '--size', '60x40', '--gap', '3');
    expect(set).toMatchObject({ status: 0, events: [{ event: 'printer.set' }] });
    // What is not given stays.
    await command('set', '--size', '50x30');
    const setting = { place, language: 'tspl', dpi: 203, widthMm: 50, heightMm: 30, gapMm: 3 };
    expect((await command('show')).events).toMatchObject([
      { event: 'printer', setting, state: { condition: 'ready' } },
    ]);
    expect(await command('test')).toMatchObject({
      status: 0,
      events: [{ event: 'printer.tested', isConfirmed: true }],
    });
    expect(printed).toHaveLength(1);

    await sim.setFaults([{ fault: 'paper-out' }]);
    expect((await command('show')).events).toMatchObject([
      { state: { condition: 'stopped', problems: ['paper-out'] } },
    ]);
    expect(await command('test')).toMatchObject({ status: 3, events: [{ code: 'printer-not-ready' }] });
    await sim.setFaults([]);

    expect((await command('remove')).status).toBe(0);
    expect((await command('show')).events).toMatchObject([{ event: 'printer', setting: null }]);
  });

  it('refuses what is no printer, and changes nothing', async () => {
    for (const args of [
      ['set'],
      ['set', 'ftp://x:1'],
      ['set', 'zpl://host'],
      ['set', 'queue:'],
      ['set', 'zpl://h:9100', '--size', '50'],
    ]) {
      const { status, events } = await command(...args);
      expect(status, args.join(' ')).toBe(2);
      expect(events).toMatchObject([{ code: 'bad-input' }]);
    }
    expect((await command('show')).events).toMatchObject([{ setting: null }]);
  });
});
