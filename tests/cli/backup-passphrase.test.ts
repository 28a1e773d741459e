import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { readPassphrase } from '../../cli/read-passphrase.ts';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

vi.mock('../../cli/read-passphrase.ts', () => ({ readPassphrase: vi.fn() }));

const dir = tempDir('passphrase');
afterAll(() => dir[Symbol.dispose]());

it.each([
  ['that is too short', 'eleven here', 'bad-input'],
  ['of a station that is not there', 'a passphrase that is long enough', 'not-found'],
])('the passphrase of a backup %s is wiped', async (_what, words, code) => {
  const passphrase = Buffer.from(words);
  vi.mocked(readPassphrase).mockResolvedValue(passphrase);
  const to = join(dir.path, 'usb');
  const args = ['backup', '--data', join(dir.path, 'none'), '--to', to, '--with-key', '--json'];
  expect(await invoke(...args)).toMatchObject({ status: 2, events: [{ event: 'error', code }] });
  expect(passphrase).toEqual(Buffer.alloc(words.length));
  expect(existsSync(to)).toBe(false);
});
