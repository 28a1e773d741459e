import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStationDatabaseForReading } from '#station';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';
import { TcpFixture } from './support/tcp-fixture.ts';
import { describedRecipe } from '../kit/recipes.ts';
import { startCommand } from '../kit/command-line.ts';

const steps = (withinMs: number): string =>
  [1, 2, 3]
    .map(
      (n) =>
        `- { verb: request, name: q${n}, text: Q${n}, end: lf, expect: 'A${n}=(\\d+)', withinMs: ${withinMs} }`,
    )
    .join('\n');

const dir = tempDir('resumed-run');
const first = new TcpFixture();
const second = new TcpFixture();
const units = [first, second];
const mac = (n: number): string => `AABBCCDDEE${n}`;
const data = join(dir.path, 'station');
let ports: string[];
const slots = (): string[] => ports.flatMap((port) => ['--slot', port]);

async function batch(name: string, quantity: number, top: string, withinMs: number): Promise<void> {
  const file = join(dir.path, `${name}.yaml`);
  const recipe = describedRecipe(steps(withinMs), { top });
  writeFileSync(file, recipe.replace("'.+', example: SN1", String.raw`'SN\d{6}', example: SN000001`));
  const order = ['--recipe', file, '--quantity', String(quantity), '--name', name, '--data', data];
  expect(await invoke('batch', 'create', ...order)).toMatchObject({ status: 0, stderr: '' });
}
function list(name: string, ...serials: readonly string[]): string {
  const file = join(dir.path, name);
  writeFileSync(file, `${serials.join('\n')}\n`);
  return file;
}
const run = (name: string, ...more: string[]): string[] =>
  ['run', '--data', data, '--batch', name, ...slots(), '--json', ...more]; // prettier-ignore

beforeAll(async () => {
  ports = await Promise.all(units.map((unit) => unit.listen()));
  await batch('goes-on', 9, 'resume: true', 20_000);
  await batch('two', 2, '', 3000);
  await batch('ends', 9, '', 20_000);
});
afterAll(async () => {
  await Promise.all(units.map((unit) => unit[Symbol.asyncDispose]()));
  dir[Symbol.dispose]();
});

describe('the same run command after it was killed', () => {
  it('resumes the interrupted unit, leaves out units that passed, and counts', async () => {
    first.plan.push({ mac: mac(11), silentFrom: 2 });
    second.plan.push({ mac: mac(12) }, { mac: mac(13), silentFrom: 3 });
    const serials = list('serials.txt', 'SN000001', 'SN000002', 'SN000003');
    let cutOff = '';
    {
      await using killed = startCommand(run('goes-on', '--serials', serials));
      const done = await killed.event('run.finished');
      expect(done).toMatchObject({ slot: 2, serialNumber: 'SN000002', outcome: 'PASS' });
      const started = await killed.event('run.started', (event) => event['slot'] === 1);
      cutOff = String(started['run']);
      await expect.poll(() => first.asked.includes('Q2')).toBe(true);
      await expect.poll(() => second.asked.filter((text) => text === 'Q3').length).toBe(2);
      killed.signal('SIGKILL');
      await killed.ended;
    }
    first.asked.length = 0;
    // A command that only looks takes nothing up, and ends nothing.
    const before = await invoke('runs', '--data', data, '--json', '--outcome', 'running');
    expect(before.events.map((event) => event['serialNumber'])).toEqual(['SN000003', 'SN000001']);
    // Neither does one that is refused before its first unit, though slot 2 is not among its slots.
    const nowhere = ['run', '--data', data, '--batch', 'goes-on', '--serials', serials, '--json', '--slot'];
    expect((await invoke(...nowhere, 'tcp://127.0.0.1:1')).status).toBe(3);
    expect((await invoke(...nowhere, ...ports.slice(0, 1), '--answer', 'q9=pass')).status).toBe(2);

    const again = await invoke(...run('goes-on', '--serials', serials));
    expect(again.status).toBe(0);
    expect(again.events.filter(({ event }) => event === 'run.resumed')).toHaveLength(2);
    expect(again.events.find(({ event }) => event === 'serials.skipped')).toMatchObject({
      serials: ['SN000002'],
    });
    const finished = again.events.filter(({ event }) => event === 'run.finished');
    expect(finished.map((event) => [event['serialNumber'], event['outcome']]).sort()).toEqual([
      ['SN000001', 'PASS'],
      ['SN000003', 'PASS'],
    ]);
    expect(finished.map((event) => event['run'])).toContain(cutOff);
    expect(again.events.at(-1)).toEqual({ event: 'batch.progress', done: 2, passed: 2 });
    // The first step of the first unit had passed before.
    expect(first.asked).not.toContain('Q1');
    const database = openStationDatabaseForReading(data);
    try {
      expect(database.runSearch.find({ limit: 9 }).map(({ outcome }) => outcome)).toEqual([
        'PASS',
        'PASS',
        'PASS',
      ]);
    } finally {
      database.close();
    }
  });

  it('leaves out units that passed, also if the recipe does not resume', async () => {
    first.plan.push({ mac: mac(51) }, { mac: mac(52), silentFrom: 2 });
    const serials = list('no-resume.txt', 'SN000051', 'SN000052');
    const order = ['run', '--data', data, '--batch', 'ends', '--slot', ports[0] ?? '', '--json'];
    {
      await using killed = startCommand([...order, '--serials', serials]);
      await killed.event('run.phase', (event) => event['slot'] === 1 && event['phase'] === 'test');
      await killed.event('run.finished');
      first.asked.length = 0;
      await expect.poll(() => first.asked.includes('Q2')).toBe(true);
      killed.signal('SIGKILL');
      await killed.ended;
    }
    first.plan.push({ mac: mac(52) });
    const again = await invoke(...order, '--serials', serials);
    expect(again.status).toBe(0);
    expect(again.events.find(({ event }) => event === 'serials.skipped')).toMatchObject({
      serials: ['SN000051'],
    });
    expect(again.events.at(-1)).toEqual({ event: 'batch.progress', done: 1, passed: 1 });
    // Nothing is left that a crash cut off: the list is given again by mistake.
    expect((await invoke(...order, '--serials', serials)).status).toBe(2);
  });

  it('refuses a list whose units have passed, if no run was interrupted, and reports each line', async () => {
    const serials = list('passed.txt', 'SN000001', 'SN000009', 'SN000009', 'SNX');
    const { status, events } = await invoke(...run('goes-on', '--serials', serials));
    expect(status).toBe(2);
    expect(events).toHaveLength(1);
    expect(String(events[0]?.['message'])).toBe(
      'line 1: SN000001 has passed in this batch already; line 3: SN000009 is listed twice, first in line 2; ' +
        'line 4: "SNX" is not a serial number of this recipe',
    );
  });
});

describe('a batch that is full', () => {
  it('waits for units that may not pass, and lists the serial numbers that were not run', async () => {
    // The unit on slot 2 does not pass at first, so that its place is free for the third serial number.
    first.plan.push({ mac: mac(21) }, { mac: mac(22) }, { mac: mac(23) });
    second.plan.push({ mac: mac(31), silentFrom: 3 }, { mac: mac(32) }, { mac: mac(33) });
    const serials = list('five.txt', ...[1, 2, 3, 4, 5].map((n) => `SN00004${n}`));
    const ended = invoke(...run('two', '--serials', serials));
    const { status, events } = await ended;
    expect(status).toBe(1);
    const outcomes = events.filter(({ event }) => event === 'run.finished').map((event) => event['outcome']);
    expect(outcomes.filter((outcome) => outcome === 'PASS')).toHaveLength(2);
    const notRun = events.find(({ event }) => event === 'serials.not-run');
    expect(notRun).toMatchObject({ because: 'batch-complete' });
    expect((notRun?.['serials'] as string[]).length + outcomes.length).toBe(5);
    expect(events.at(-1)).toEqual({ event: 'batch.progress', done: outcomes.length, passed: 2 });
  });

  it('lists every serial number if it was full before, and ends 1', async () => {
    const { status, events } = await invoke(...run('two', '--serials', list('late.txt', 'SN000007')));
    expect(status).toBe(1);
    expect(events).toEqual([
      { event: 'serials.not-run', serials: ['SN000007'], because: 'batch-complete' },
      { event: 'batch.progress', done: 0, passed: 0 },
    ]);
  });
});
