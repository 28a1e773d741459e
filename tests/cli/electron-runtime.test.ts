import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchElectron, findElectron } from '../../cli/electron-runtime.ts';
import { tempDir } from '../support/temp-dir.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';

const EXECUTABLE =
  process.platform === 'win32'
    ? 'electron.exe'
    : process.platform === 'darwin'
      ? 'Electron.app/Contents/MacOS/Electron'
      : 'electron';

/** Electron's package as npm installs it, with an installer that does as told. */
function electronPackage(installer: string | null) {
  const dir = tempDir('electron');
  if (installer !== null) writeFileSync(join(dir.path, 'install.js'), installer);
  const executable = join(dir.path, 'dist', EXECUTABLE);
  const said: string[] = [];
  return {
    dir,
    executable,
    said,
    install: () => {
      mkdirSync(dirname(executable), { recursive: true });
      writeFileSync(executable, '');
    },
    fetch: (env: NodeJS.ProcessEnv = {}, signal = NEVER_ABORTED) =>
      fetchElectron((line) => said.push(line), signal, dir.path, env),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

const WORKING = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  const { dirname, join } = require('node:path');
  const file = join(__dirname, 'dist', ${JSON.stringify(EXECUTABLE)});
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
`;

test('a present runtime is used without a message', async () => {
  using setup = electronPackage('throw new Error("not to be run")');
  setup.install();
  expect(await setup.fetch()).toEqual({ kind: 'found', executable: setup.executable });
  expect(setup.said).toEqual([]);
});

test('a missing runtime is downloaded, after a message of one line', async () => {
  using setup = electronPackage(WORKING);
  expect(findElectron(setup.dir.path, {})).toMatchObject({ kind: 'missing' });
  expect(await setup.fetch()).toEqual({ kind: 'found', executable: setup.executable });
  expect(setup.said).toHaveLength(1);
  expect(setup.said[0]).toMatch(/^downloading Electron's runtime[^\n]+browser[^\n]+$/);
});

test('a download that fails is a reason, not a fault', async () => {
  using setup = electronPackage('process.exit(1)');
  expect(await setup.fetch()).toEqual({ kind: 'missing', reason: 'its runtime could not be downloaded' });
});

test('a download that hangs ends when it is stopped', async () => {
  using setup = electronPackage('setInterval(() => undefined, 1000)');
  const stop = new AbortController();
  const fetched = setup.fetch({}, stop.signal);
  stop.abort();
  expect(await fetched).toMatchObject({ kind: 'missing' });
});

test('nothing is downloaded if this is forbidden, or another path is given', async () => {
  using setup = electronPackage(WORKING);
  expect(await setup.fetch({ ELECTRON_SKIP_BINARY_DOWNLOAD: '1' })).toMatchObject({
    kind: 'missing',
    reason: expect.stringContaining('ELECTRON_SKIP_BINARY_DOWNLOAD') as string,
  });
  const elsewhere = join(setup.dir.path, 'elsewhere');
  expect(await setup.fetch({ ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toEqual({
    kind: 'missing',
    reason: `there is no executable in ${elsewhere}`,
  });
  expect(setup.said).toEqual([]);
});

test('without its package there is nothing to download', async () => {
  using setup = electronPackage(null);
  expect(await fetchElectron(() => undefined, NEVER_ABORTED, join(setup.dir.path, 'no'), {})).toEqual({
    kind: 'missing',
    reason: 'its package is not installed',
  });
});
