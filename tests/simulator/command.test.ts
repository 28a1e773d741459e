import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { flashRecord } from '#simulator';

import { SimProcess } from './support/sim-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { Terminal } from '../kit/terminal.ts';

const base = { profile: 'at-module', count: 1, seed: 'command' } as const;

describe('the simulator as a process', () => {
  it('announces its units and executes control lines on standard input', async () => {
    await using sim = new SimProcess({ ...base, count: 2, slots: 1, timeScale: 0.05 });
    const listening = await sim.event('sim.listening');
    expect(listening).toMatchObject({ slot: 1, unit: 1, serialNumber: 'SN000001' });
    expect(Object.keys(listening)[0]).toBe('event');
    await using terminal = await Terminal.open(String(listening['path']));
    sim.order({ place: { slot: 1, unit: 2 } });
    expect(await sim.event('sim.placed')).toMatchObject({ unit: 2, path: listening['path'] });
    sim.order({ fault: { unit: 2, add: ['silent'] } });
    expect(await sim.event('sim.faults')).toMatchObject({ unit: 2, faults: [{ fault: 'silent' }] });
    await expect(terminal.ask('AT', undefined, 200)).rejects.toThrow();
    sim.order({ fault: { unit: 2, clear: true } });
    await sim.event('sim.faults', ({ faults }) => (faults as unknown[]).length === 0);
    await terminal.ask('AT');
    sim.order({ power: { slot: 1, on: false } });
    await sim.event('sim.powered', ({ on }) => on === false);
    sim.order({ remove: { slot: 1 } });
    await sim.event('sim.removed');
    sim.order('not json');
    expect(await sim.event('sim.error')).toMatchObject({ code: 'bad-input' });
    sim.order({ place: { slot: 4, unit: 1 } });
    expect(await sim.event('sim.error', ({ code }) => code === 'not-found')).toMatchObject({
      hint: expect.any(String),
    });
    expect(await sim.end('SIGTERM')).toBe(0);
  });

  it('triggers stimuli of its units, and reports those without effect', async () => {
    await using sim = new SimProcess({ ...base, profile: 'voice-su63t', board: 'lcus', timeScale: 0.05 });
    const board = await Terminal.open(String((await sim.event('sim.board'))['path']));
    await using terminal = await Terminal.open(String((await sim.event('sim.listening'))['path']));
    const hear = { hear: { unit: 1, word: '打开灯光' } };
    sim.order(hear);
    await sim.event('sim.error', ({ message }) => /does not react/.test(String(message)));
    await board.write(Buffer.from('a00101a2', 'hex'));
    await board.close();
    await terminal.expect(/\xaa\x55[^]\x42/);
    sim.order(hear);
    await terminal.expect(/\xaa\x55[^]\x40[^]{5}\x55\xaa/);
    sim.order({ hear: { unit: 1 } });
    sim.order({ scan: { unit: 1, code: 'x', also: 1 } });
    await expect.poll(() => sim.lines.filter(({ code }) => code === 'bad-input')).toHaveLength(3);
  });

  it('continues when its input ends, or ends with it on request', async () => {
    await using sim = new SimProcess({ ...base, timeScale: 0.05 });
    const { path } = await sim.event('sim.listening');
    sim.closeStdin();
    await using terminal = await Terminal.open(String(path));
    await terminal.wake();
    await using other = new SimProcess({ ...base, untilStdinCloses: true });
    await other.event('sim.listening');
    other.closeStdin();
    expect(await other.exited).toBe(0);
  });

  it('leaves valid flash files with the latest commit when it is killed at any time', async () => {
    using folder = tempDir();
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const secretOf = (n: number): string => Buffer.from(`secret number ${n} of the test`).toString('base64');
    let n = 0;
    let acknowledged = 0;
    let writes = 0;
    for (let round = 0; round < 5; round++) {
      await using sim = new SimProcess({ ...base, stateDir: folder.path, timeScale: 0.02 });
      const { path, mac } = await sim.event('sim.listening');
      await using terminal = await Terminal.open(String(path));
      await terminal.wake();
      // After the restart the unit has the identity that its file had.
      if (acknowledged > 0) expect(await terminal.ask('AT+TCDEVINFOSET?')).toContain(`"dev-${n}"`);
      // After some acknowledged writes, at some moment of the next one.
      const writesBeforeKill = 1 + (round % 3);
      let killed: Promise<unknown> | null = null;
      for (let written = 0; ; written++) {
        if (written === writesBeforeKill) {
          const kill = Promise.withResolvers<unknown>();
          setTimeout(() => kill.resolve(sim.end('SIGKILL')), (round * 3) % 11);
          killed = kill.promise;
        }
        const line = `AT+TCDEVINFOSET=1,"PID","dev-${n + 1}","${secretOf(n + 1)}"`;
        const acknowledgement = terminal.ask(line, /TCDEVINFOSET:OK\r\n/).then(
          () => true,
          () => false,
        );
        if (!(await Promise.race([acknowledgement, killed?.then(() => false) ?? acknowledgement]))) break;
        n++;
        acknowledged = n;
      }
      await killed;
      const record = flashRecord.parse(
        JSON.parse(await readFile(join(folder.path, `${String(mac)}.json`), 'utf8')),
      );
      // Either the last one acknowledged, or the one under way whose reply the kill swallowed.
      const held = Number(record.identity?.deviceName.slice('dev-'.length) ?? 0);
      expect([acknowledged, acknowledged + 1]).toContain(held);
      expect(record.identityWrites).toBe(held);
      expect(record.identityWrites).toBeGreaterThanOrEqual(writes);
      if (held > 0) expect(record.identity?.secretSha256).toBe(sha256(secretOf(held)));
      n = held;
      acknowledged = held;
      writes = record.identityWrites;
    }
    expect(n).toBeGreaterThan(3);
    for (const name of await readdir(folder.path)) {
      const content = await readFile(join(folder.path, name), 'latin1');
      for (let each = 1; each <= n; each++) expect(content.includes(secretOf(each))).toBe(false);
    }
  });
});
