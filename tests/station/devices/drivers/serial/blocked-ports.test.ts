import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAX_SLOTS } from '../../../../../shared/domain/slots.ts';
import { loadLibc, openPty } from '../../../../../simulator/pty/index.ts';
import { tempDir } from '../../../../support/temp-dir.ts';

const CHILD = join(import.meta.dirname, 'blocked-ports-child.ts');

it.runIf(process.platform !== 'win32')(
  'sends to blocked ports on all slots of a station end, and the ports close',
  async () => {
    using dir = tempDir('blocked-ports');
    const fifo = join(dir.path, 'fifo');
    execFileSync('mkfifo', [fifo]);
    using opened = new DisposableStack();
    const libc = loadLibc();
    const paths = Array.from(
      { length: MAX_SLOTS },
      () => opened.adopt(openPty(libc), (pty) => pty.close()).path,
    );
    // `vitest.config.ts` gives its processes the variables of `scripts/setup/run-in-place.mjs`.
    const child = spawn(process.execPath, [CHILD, fifo, ...paths], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    opened.defer(() => void child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(line.toString())).toEqual({ ended: MAX_SLOTS, flushes: MAX_SLOTS });
    expect(await exited).toEqual([0, null]);
  },
);
