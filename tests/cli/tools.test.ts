import { expect, it } from 'vitest';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

it('station tools lists, adds and removes the programs that recipes may run', async () => {
  using dir = tempDir('tools');
  const tools = (...args: string[]) => invoke('station', 'tools', ...args, '--data', dir.path);
  const added = await tools('add', '--name', 'sh', '--path', '/bin/sh');
  expect(added.stdout).toMatch(/^sh is \/bin\/sh, SHA-256 [0-9a-f]{64}\n$/);
  const { events } = await tools('list', '--json');
  expect(events[0]).toMatchObject({ event: 'tool', name: 'sh', path: '/bin/sh' });
  expect((await tools('add', '--name', 'none', '--path', `${dir.path}/none`)).status).not.toBe(0);
  expect((await tools('remove', '--name', 'sh')).status).toBe(0);
  expect((await tools('list')).stdout).toBe('no program is listed\n');
  const { events: refused } = await tools('remove', '--name', 'sh', '--json');
  expect(refused.at(-1)).toMatchObject({ event: 'error', code: 'tool-missing' });
});
