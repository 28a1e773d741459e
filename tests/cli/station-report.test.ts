import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

it('schedules reports from a terminal, lists and removes them', async () => {
  using dir = tempDir('station-report');
  const data = join(dir.path, 'data');
  const folder = join(dir.path, 'out');
  mkdirSync(folder);
  const command = (...args: string[]): ReturnType<typeof invoke> =>
    invoke('station', ...args, '--data', data, '--json');
  await command('configure', '--station', 'L3-07');
  const add = (...args: string[]): ReturnType<typeof invoke> =>
    command('report', 'add', '--format', 'xlsx', '--folder', folder, ...args);
  const added = await add('--at', 'shift-end', '--times', '08:00,20:00');
  expect(added).toMatchObject({ status: 0 });
  const { scheduleId } = JSON.parse(added.stdout) as { scheduleId: string };
  expect(readdirSync(folder)).toEqual([]);
  const listed = await command('report', 'list');
  expect(JSON.parse(listed.stdout)).toMatchObject({
    event: 'report.schedule',
    scheduleId,
    at: 'shift-end',
    times: ['08:00', '20:00'],
    format: 'xlsx',
    folder,
  });
  for (const wrong of [
    ['--at', 'shift-end'],
    ['--at', 'batch-closed', '--times', '08:00'],
    ['--at', 'batch-closed', '--decimal', ','],
  ])
    expect(await add(...wrong), wrong.join(' ')).toMatchObject({ status: 2 });
  expect(await command('report', 'remove', 'nothing')).toMatchObject({ status: 2 });
  expect(await command('report', 'remove', scheduleId.slice(0, 30))).toMatchObject({ status: 0 });
  expect((await command('report', 'list')).stdout).toBe('');
});
