import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRealLine, removeEndedSampleLine } from '../../../cli/sample-line/end-sample-line.ts';
import { openStation } from '../../kit/station.ts';
import { faultOf } from '../../support/fault-of.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** Ends a sample line in a process that is killed before it closes its station. */
async function endAndKill(dir: string, user?: string): Promise<void> {
  const args = [
    join(import.meta.dirname, 'ended-child.ts'),
    sampleOf(dir),
    ...(user === undefined ? [] : [user]),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('the child ended by itself'))),
  ]);
  child.kill('SIGKILL');
  await ended;
}

const sampleOf = (dir: string): string => join(dir, 'sample-line', 'station');
const optionsOf = (dir: string) => ({ data: dir }) as Parameters<typeof removeEndedSampleLine>[0];

describe('a sample line that was ended by an engineer, and killed', () => {
  test('is removed by the next start', async () => {
    using dir = tempDir('ended');
    await endAndKill(dir.path);
    expect(await removeEndedSampleLine(optionsOf(dir.path))).toBe('removed');
    expect(existsSync(join(dir.path, 'sample-line'))).toBe(false);
    expect(isRealLine(dir.path)).toBe(true);
    expect(await removeEndedSampleLine(optionsOf(dir.path))).toBe('none');
  });

  test('is kept when real data was made meanwhile, and ended again later', async () => {
    using dir = tempDir('ended');
    await endAndKill(dir.path, '王芳');
    expect(await removeEndedSampleLine(optionsOf(dir.path))).toBe('kept');
    expect(isRealLine(dir.path)).toBe(false);
    const station = await openStation(sampleOf(dir.path), { sampleLine: true });
    expect(station.access.users().map(({ name }) => name)).toContain('王芳');
    station.access.remove('王芳', { role: 'engineer', user: 'sample-engineer' });
    await station.close();
    expect(await removeEndedSampleLine(optionsOf(dir.path))).toBe('none');
    await endAndKill(dir.path);
    expect(await removeEndedSampleLine(optionsOf(dir.path))).toBe('removed');
  });

  test('is not removed while another process works in it, nor when its data cannot be read', async () => {
    using dir = tempDir('ended');
    await endAndKill(dir.path);
    {
      const station = await openStation(sampleOf(dir.path), { sampleLine: true });
      expect((await faultOf(() => removeEndedSampleLine(optionsOf(dir.path)))).code).toBe('data-busy');
      await station.close();
    }
    writeFileSync(join(sampleOf(dir.path), 'station.db'), 'no database '.repeat(1000));
    expect((await faultOf(() => removeEndedSampleLine(optionsOf(dir.path)))).code).toBe('database-corrupt');
    expect(existsSync(join(sampleOf(dir.path), 'station.db'))).toBe(true);
  });

  test('goes on with the removal that a kill cut off', async () => {
    using dir = tempDir('ended');
    await endAndKill(dir.path);
    // As it is after the kill: moved aside, and partly removed.
    writeFileSync(join(dir.path, 'real-line'), '\n');
    renameSync(join(dir.path, 'sample-line'), join(dir.path, 'sample-line.removed'));
    expect(await removeEndedSampleLine(optionsOf(dir.path))).toBe('removed');
    expect(existsSync(join(dir.path, 'sample-line.removed'))).toBe(false);
    // A sample line that is opened later is another one.
    mkdirSync(sampleOf(dir.path), { recursive: true });
    expect(await removeEndedSampleLine(optionsOf(dir.path))).toBe('none');
    expect(existsSync(sampleOf(dir.path))).toBe(true);
  });
});
