import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { startBench } from '#simulator';

import { macOf, serialNumberOf } from '../../../simulator/bench/addresses.ts';
import { TestBench } from '../support/bench.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { Terminal } from '../support/terminal.ts';

async function macOn(terminal: Terminal): Promise<string | undefined> {
  return /Mac addr: (\S+)/.exec(await terminal.ask('AT+TCMODULE'))?.[1]?.toUpperCase();
}

describe('addresses', () => {
  it('are the same for a seed and never the same for two units', () => {
    const macs = Array.from({ length: 1_000 }, (_, at) => macOf('seed', at + 1));
    expect(new Set(macs).size).toBe(1_000);
    expect(macOf('seed', 7)).toBe(macs[6]);
    expect(macOf('other', 7)).not.toBe(macs[6]);
    for (const mac of macs) expect(mac).toMatch(/^A2:B7(:[0-9A-F]{2}){4}$/);
    expect(serialNumberOf('SN', 1, 1)).toBe('SN000001');
    expect(serialNumberOf('GW-', 998, 3)).toBe('GW-001000');
  });
});

describe('a bench', () => {
  it('has a fixture for each unit, and says so first', async () => {
    await using bench = await TestBench.start({ count: 3, serialStart: 41 });
    expect(bench.events.slice(0, 3)).toEqual(
      bench.bench.units.map(({ unit, mac, serialNumber }) => ({
        event: 'sim.listening',
        slot: unit,
        path: bench.pathOf(unit),
        unit,
        mac,
        serialNumber,
      })),
    );
    expect(bench.bench.units.map(({ serialNumber }) => serialNumber)).toEqual([
      'SN000041',
      'SN000042',
      'SN000043',
    ]);
    for (const slot of [1, 2, 3]) {
      await using terminal = await bench.talkTo(slot);
      expect(await macOn(terminal)).toBe(bench.bench.units[slot - 1]?.mac);
    }
  });

  it('lets units be swapped under a port that stays open', async () => {
    await using bench = await TestBench.start({ count: 3, slots: 1 });
    expect(bench.events.filter(({ event }) => event === 'sim.waiting')).toHaveLength(2);
    const path = bench.pathOf(1);
    await using terminal = await bench.talkTo(1);
    for (const unit of [2, 3, 1]) {
      await bench.bench.place(1, unit);
      const { mac, serialNumber } = bench.bench.units[unit - 1]!;
      expect(bench.events.at(-1)).toEqual({ event: 'sim.placed', slot: 1, unit, mac, serialNumber, path });
      await terminal.expect(/ready\r\n/);
      await terminal.ask('ATE0');
      expect(await macOn(terminal)).toBe(mac);
    }
    await bench.bench.remove(1);
    expect(bench.bench.fixtures).toEqual([{ slot: 1, path, unit: null }]);
    // Nothing answers until a unit is there, which says first that it has booted.
    await terminal.write('AT\r\n');
    await bench.bench.place(1, 1);
    await terminal.expect(/^\s*ready\r\n/);
  });

  it('does not lay one unit on two slots, and knows only what is on it', async () => {
    await using bench = await TestBench.start({ count: 2 });
    await expect(bench.bench.place(1, 2)).rejects.toMatchObject({ code: 'slot-busy' });
    await expect(bench.bench.place(3, 1)).rejects.toMatchObject({ code: 'not-found' });
    await expect(bench.bench.place(1, 9)).rejects.toMatchObject({ code: 'not-found' });
    await bench.bench.remove(1);
    await expect(bench.bench.power(1, true)).rejects.toMatchObject({ code: 'not-found' });
    await bench.bench.remove(2);
    await bench.bench.place(1, 2);
    expect(bench.bench.fixtures.map(({ unit }) => unit)).toEqual([2, null]);
  });

  it('pulls a cable and puts it back, with the unit running on', async () => {
    await using bench = await TestBench.start();
    const path = bench.pathOf(1);
    const terminal = await bench.talkTo();
    await bench.bench.cable(1, false);
    expect(existsSync(path)).toBe(false);
    await terminal.write('x').catch(() => undefined);
    await terminal.close();
    await bench.bench.cable(1, true);
    await using again = await Terminal.open(bench.pathOf(1));
    // Echo is still off: it has not been restarted.
    expect(await again.ask('AT')).toBe('\r\nOK\r\n');
  });

  it('finds its units again in its folder, and leaves nothing where it was given none', async () => {
    await using folder = await tempFolder();
    let macs: readonly string[];
    {
      await using bench = await startBench({ profile: 'at-module', count: 2, stateDir: folder.path });
      macs = bench.units.map(({ mac }) => mac);
    }
    {
      await using bench = await startBench({ profile: 'at-module', count: 3, stateDir: folder.path });
      expect(bench.units.map(({ mac }) => mac).slice(0, 2)).toEqual(macs);
    }
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.json'))).toHaveLength(3);
    const bench = await startBench({ profile: 'at-module', count: 1 });
    expect(bench.units[0]?.mac).not.toBe(macs[0]);
    await bench.close();
    expect(existsSync(bench.stateDir)).toBe(false);
    await expect(bench.place(1, 1)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says in one line what it cannot do', async () => {
    const base = { profile: 'at-module', count: 1 } as const;
    await expect(startBench({ ...base, profile: 'toaster' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(startBench({ ...base, count: 0 })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(startBench({ ...base, mqttUrl: 'http://x' })).rejects.toThrow(/mqttUrl/);
    await expect(startBench({ ...base, faults: { units: { '2': ['silent'] } } })).rejects.toThrow(/unit 2/);
  });

  it('carries a reply no faster than its line', async () => {
    await using bench = await TestBench.start({ baudRate: 9_600, timeScale: 0 });
    await using terminal = await Terminal.open(bench.pathOf(1), 9_600);
    await terminal.ask('ATE0', undefined, 5_000);
    const start = performance.now();
    const reply = await terminal.ask('AT+TCMODULE', /OK\r\n/, 5_000);
    const wireMs = ((reply.length + 'AT+TCMODULE\r\n'.length) * 10_000) / 9_600;
    expect(performance.now() - start).toBeGreaterThanOrEqual(wireMs - 3);
  });
});
