import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStationDatabaseForReading } from '#station';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';
import { TcpFixture } from './support/tcp-fixture.ts';
import { describedRecipe } from '../kit/recipes.ts';
import { COMMAND_LINE, startCommand } from '../kit/command-line.ts';

const dir = tempDir('stopped-run');
const data = join(dir.path, 'station');
const fixture = new TcpFixture();
let run: string[];

beforeAll(async () => {
  const port = await fixture.listen();
  const file = join(dir.path, 'silent.yaml');
  writeFileSync(
    file,
    describedRecipe(`- { verb: request, text: Q1, end: lf, expect: 'A1=(\\d+)', withinMs: 50000 }`),
  );
  await invoke('batch', 'create', '--recipe', file, '--quantity', '9', '--name', 'silent', '--data', data);
  run = ['run', '--data', data, '--batch', 'silent', '--slot', port, '--units', '1', '--json'];
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

/** How the last run ended, as it is recorded. */
function lastRun(): object | undefined {
  const database = openStationDatabaseForReading(data);
  try {
    return database.runSearch.find({ limit: 1 })[0];
  } finally {
    database.close();
  }
}

async function untilAsked(): Promise<void> {
  await expect.poll(() => fixture.asked.includes('Q1')).toBe(true);
  fixture.asked.length = 0;
}

describe('a run whose terminal is closed', () => {
  it('stops in good order when the terminal is closed', async () => {
    fixture.plan.push({ mac: 'AABBCCDDEE01', silentFrom: 1 });
    await using running = startCommand(run);
    await untilAsked();
    running.signal('SIGHUP');
    const { status, events } = await running.ended;
    expect(status).toBe(1);
    expect(events.at(-1)).toEqual({ event: 'batch.progress', done: 1, passed: 0 });
    expect(lastRun()).toMatchObject({ outcome: 'ABORTED', failure: { details: { by: 'SIGHUP' } } });
  });

  it('stops in good order when each parent process passes on the same Ctrl-C', async () => {
    fixture.plan.push({ mac: 'AABBCCDDEE03', silentFrom: 1 });
    await using running = startCommand(run);
    await untilAsked();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) running.signal(signal);
    const { status, events } = await running.ended;
    expect(status).toBe(1);
    expect(events.at(-1)).toEqual({ event: 'batch.progress', done: 1, passed: 0 });
    expect(lastRun()).toMatchObject({ outcome: 'ABORTED' });
  });

  it('continues when one of its pipes or sockets breaks with SIGPIPE', async () => {
    fixture.plan.push({ mac: 'AABBCCDDEE04', silentFrom: 1 });
    await using running = startCommand(run);
    await untilAsked();
    running.signal('SIGPIPE');
    fixture.say('A1=1');
    const { status } = await running.ended;
    expect(status).toBe(0);
    expect(lastRun()).toMatchObject({ outcome: 'PASS' });
  });

  it('stops in good order when its output is closed', async () => {
    fixture.plan.push({ mac: 'AABBCCDDEE02', silentFrom: 1 });
    const child = spawn(process.execPath, [COMMAND_LINE, ...run], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(child, 'close');
    try {
      await once(child.stdout, 'data');
      child.stdout.destroy();
      const [status] = (await ended) as [number | null];
      expect(status).toBe(1);
    } finally {
      child.kill('SIGKILL');
    }
    expect(lastRun()).toMatchObject({ outcome: 'ABORTED', failure: { details: { by: 'output-closed' } } });
  });
});
