import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../../../../simulator/parts/boot/index.ts';
import { receiveXmodem, WANT_CRC } from '../../../../../simulator/parts/xmodem/index.ts';
import { loadLibc, openPty } from '../../../../../simulator/pty/index.ts';
import { createNodeClock } from '../../../../../station/devices/drivers/node/clock.ts';
import { createSerialPorts } from '../../../../../station/devices/drivers/serial/index.ts';
import { PortReader } from '../../../../../station/devices/protocols/flashing/port-reader.ts';
import { sendXmodem } from '../../../../../station/devices/protocols/xmodem/send-xmodem.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { PATIENCE_MS, soon } from '../../../../support/patience.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { until } from '../../../../support/until.ts';

const RX = '/usr/bin/rx';
const SX = '/usr/bin/sx';

/**
 * A program at the unit's end of a serial line. It is connected by pipes: at its end it would discard what it has sent to
 * a pseudo-terminal and nobody has read yet.
 */
function onLine(command: string, args: readonly string[], cwd: string, line: Duplex): ChildProcess {
  const program = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  program.stdin.on('error', () => undefined);
  line.on('data', (bytes: Buffer) => program.stdin.write(bytes));
  program.stdout.on('data', (bytes: Buffer) => line.write(bytes));
  return program;
}

/** 1A at the end would be removed as filling. */
const content = (length: number): Buffer => Buffer.concat([randomBytes(length - 1), Buffer.of(0x55)]);

describe.skipIf(!existsSync(RX))('lrzsz', () => {
  it.each([
    [1, 'long'],
    [128, 'short'],
    [1_024, 'long'],
    [3_000, 'long'],
    [3_100, 'short'],
    [300_000, 'short'],
  ] as const)(
    'rx receives %i bytes (%s tail) over serial ports',
    async (length, tail) => {
      using stack = new DisposableStack();
      const dir = stack.use(tempDir('rx'));
      const line = stack.adopt(openPty(loadLibc()), (pty) => pty.close());
      const bytes = content(length);
      const clock = createNodeClock();
      await using port = await createSerialPorts().open(line.path, { baudRate: 921_600 }, soon());
      using reader = new PortReader(port, clock);
      // It refuses a path.
      const rx = onLine(RX, ['-c', '-q', 'received'], dir.path, line.master);
      const exited = once(rx, 'exit');
      const transfer = { port, reader, bytes, tail, startTimeoutMs: PATIENCE_MS, trace: () => undefined };
      await sendXmodem(
        { ...transfer, nowMs: () => clock.monotonicMs(), onSent: () => undefined },
        NEVER_ABORTED,
      );
      expect(await exited).toEqual([0, null]);
      const received = readFileSync(join(dir.path, 'received'));
      expect(received.subarray(0, length).equals(bytes)).toBe(true);
      expect(received.subarray(length).every((byte) => byte === 0x1a)).toBe(true);
    },
    PATIENCE_MS,
  );

  it.each([
    ['in blocks of 128 bytes', []],
    ['in blocks of 1024 bytes', ['-k']],
  ])(
    'sx sends to the simulated receiver %s',
    async (_, options) => {
      using stack = new DisposableStack();
      const dir = stack.use(tempDir('sx'));
      const bytes = content(70_000);
      writeFileSync(join(dir.path, 'firmware'), bytes);
      const queue = new ByteQueue();
      const sx = spawn(SX, [...options, '-q', 'firmware'], {
        cwd: dir.path,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const exited = once(sx, 'exit');
      sx.stdout.on('data', (received: Buffer) => queue.push(received));
      const send = (sent: Uint8Array): void => void sx.stdin.write(sent);
      const hash = createHash('sha256');
      let left = bytes.length;
      const store = (offset: number, data: Uint8Array): Promise<boolean> => {
        hash.update(data.subarray(0, left));
        left -= Math.min(left, data.length);
        return Promise.resolve(offset < bytes.length);
      };
      const signal = soon();
      const asking = stack.adopt(
        setInterval(() => send(WANT_CRC), 100),
        clearInterval,
      );
      await until(() => queue.length > 0, 'the first block');
      clearInterval(asking);
      expect(await receiveXmodem({ queue, send, store }, signal)).toBe('complete');
      expect(await exited).toEqual([0, null]);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    },
    PATIENCE_MS,
  );
});
