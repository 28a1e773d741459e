import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLibc, openPty } from '../../../../../simulator/pty/index.ts';
import {
  createPortHolders,
  namesOf,
  type PortHolder,
} from '../../../../../station/devices/drivers/serial/port-holders.ts';
import { createSerialPorts } from '../../../../../station/devices/drivers/serial/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { until } from '../../../../support/until.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

const SETTINGS = { baudRate: 115_200 };

describe('who has a port open', () => {
  it('is reported by name and process id, without this program and the other end of a pseudo-terminal', async () => {
    using dir = tempDir('proc');
    const program = (pid: number, name: string, ...files: string[]): void => {
      mkdirSync(join(dir.path, String(pid), 'fd'), { recursive: true });
      writeFileSync(join(dir.path, String(pid), 'comm'), `${name}\n`);
      for (const [fd, file] of files.entries())
        symlinkSync(file, join(dir.path, String(pid), 'fd', String(fd)));
    };
    program(process.pid, 'gongwei', '/dev/ttyUSB7');
    program(41, 'minicom', '/dev/null', '/dev/ttyUSB7');
    program(7, 'logger', 'pipe:[1]', '/dev/ttyUSB7');
    program(8, 'other', '/dev/ttyUSB70');
    program(9, 'sim', '/dev/pts/991', '/dev/ptmx');
    program(10, 'cat', '/dev/pts/991');
    const holders = createPortHolders(dir.path);
    const [usb, pty, none] = await Promise.all(
      ['/dev/ttyUSB7', '/dev/pts/991', '/dev/ttyUSB1'].map((path) => holders.of(path)),
    );
    expect(namesOf(usb ?? [])).toBe('logger (process 7), minicom (process 41)');
    expect(namesOf(pty ?? [])).toBe('cat (process 10)');
    expect(none).toEqual([]);
    // That nobody had it open may be known from before; that somebody had may not.
    expect(await holders.of('/dev/ttyUSB1', 60_000)).toEqual([]);
    rmSync(join(dir.path, '41'), { recursive: true });
    expect(namesOf(await holders.of('/dev/ttyUSB7', 60_000))).toBe('logger (process 7)');
    expect(await createPortHolders(join(dir.path, 'nothing')).of('/dev/ttyUSB7')).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'ends the work on a port that another program reads too',
    async () => {
      const pair = openPty(loadLibc());
      const cat = spawn('cat', [pair.path], { stdio: 'ignore' });
      try {
        const holders = createPortHolders();
        await until(async () => (await holders.of(pair.path)).length > 0, 'cat to open the port');
        const ports = createSerialPorts();
        await using link = await ports.open(pair.path, SETTINGS, NEVER_ABORTED);
        const lost = await new Promise((resolve) => link.onLost(resolve));
        const named = { code: 'port-busy', details: { port: pair.path, holder: `cat (process ${cat.pid})` } };
        expect(lost).toMatchObject({ ...named, message: `cat (process ${cat.pid}) has ${pair.path} open` });
        expect(await faultOf(() => link.write(Buffer.from('x'), NEVER_ABORTED))).toMatchObject({
          code: 'port-busy',
        });
        expect(await ports.findOtherHolders?.(pair.path)).toMatchObject(named);
      } finally {
        cat.kill('SIGKILL');
        pair.close();
      }
    },
  );
});

it('work on a port ends when another program opens it later', async () => {
  const pair = openPty(loadLibc());
  const found: PortHolder[] = [];
  let looks = 0;
  const of = (): Promise<PortHolder[]> => {
    looks += 1;
    return Promise.resolve([...found]);
  };
  try {
    await using link = await createSerialPorts({ of }).open(pair.path, SETTINGS, NEVER_ABORTED);
    const lost = new Promise((resolve) => link.onLost(resolve));
    await until(() => looks > 0, 'a look that finds nobody');
    await link.write(Buffer.from('x'), NEVER_ABORTED);
    found.push({ pid: 7, name: 'minicom' });
    expect(await lost).toMatchObject({ code: 'port-busy', message: /^minicom \(process 7\) has/ });
  } finally {
    pair.close();
  }
});

describe('a port that takes no bytes', () => {
  it('is left when the signal says so, and closes', async () => {
    const pair = openPty(loadLibc());
    try {
      const link = await createSerialPorts().open(pair.path, SETTINGS, NEVER_ABORTED);
      const stop = new AbortController();
      const sent = faultOf(() => link.write(Buffer.alloc(200_000, 'x'), stop.signal));
      const second = faultOf(() => link.write(Buffer.from('y'), AbortSignal.abort(new Error('over'))));
      expect(await second).toMatchObject({ code: 'cancelled' });
      stop.abort();
      expect(await sent).toMatchObject({ code: 'cancelled' });
      await link[Symbol.asyncDispose]();
    } finally {
      pair.close();
    }
  });
});
