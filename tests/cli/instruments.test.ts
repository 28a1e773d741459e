import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimInstruments } from '#simulator';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const dir = tempDir('instrument-command');
let sim: Awaited<ReturnType<typeof startSimInstruments>>;
beforeAll(async () => (sim = await startSimInstruments({ timeScale: 0 })));
afterAll(async () => {
  await sim[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});
const command = (...args: string[]): ReturnType<typeof invoke> =>
  invoke('station', 'instrument', ...args, '--data', dir.path, '--json');
const events = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('station instrument', () => {
  it('sets, changes, tests and removes', async () => {
    expect((await command('list')).stdout).toBe('');
    const added = await command('set', 'psu', '--address', sim.supply.address, '--on-release', 'OUTP OFF');
    expect(added).toMatchObject({ status: 0 });
    // What is not given stays.
    await command('set', 'psu', '--wait', '60', '--no-errors');
    const [listed] = events((await command('list')).stdout);
    expect(listed).toMatchObject({
      event: 'instrument',
      name: 'psu',
      address: sim.supply.address,
      onRelease: 'OUTP OFF',
      turnTimeoutMs: 60_000,
      checksErrors: false,
    });
    const [tested] = events((await command('test', 'psu')).stdout);
    expect(tested).toMatchObject({
      event: 'instrument.tested',
      identification: expect.stringContaining('SIM-PSU'),
    });
    expect((await command('remove', 'psu')).status).toBe(0);
    expect((await command('test', 'psu')).stdout).toContain('"code":"not-found"');
  });

  it('says what is missing or wrong', async () => {
    for (const args of [
      ['set', 'dmm'],
      ['set', 'DMM', '--address', 'tcp://127.0.0.1:1'],
      ['set', 'dmm', '--address', 'tcp://nowhere'],
    ]) {
      const { status, stdout } = await command(...args);
      expect(status, args.join(' ')).toBe(2);
      expect(stdout).toContain('"code":"bad-input"');
    }
    await command('set', 'dmm', '--address', 'tcp://127.0.0.1:1');
    const { status, stdout } = await command('test', 'dmm');
    expect(status).toBe(3);
    expect(stdout).toContain('"code":"instrument-unreachable"');
  });
});
