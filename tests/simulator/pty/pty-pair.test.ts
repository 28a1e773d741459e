import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';

import { SerialPort } from 'serialport';
import { describe, expect, it } from 'vitest';

import { loadLibc, openPty, reopenPty, type PtyPair } from '../../../simulator/pty/index.ts';
import { until } from '../../support/until.ts';

const libc = loadLibc();

function open(path: string, baudRate = 115_200): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  // A pair that is closed under an open port is an error to whatever the port has under way.
  port.on('error', () => undefined);
  return new Promise((resolve, reject) => port.open((error) => (error ? reject(error) : resolve(port))));
}

function close(port: SerialPort): Promise<void> {
  return new Promise((resolve) => port.close(() => resolve()));
}

function collect(source: NodeJS.ReadableStream, count: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < count) return;
      source.removeListener('data', take);
      resolve(Buffer.concat(chunks));
    };
    source.on('data', take);
  });
}

function withPty(test: (pty: PtyPair) => Promise<void>): () => Promise<void> {
  return async () => {
    const pty = openPty(libc);
    try {
      await test(pty);
    } finally {
      pty.close();
    }
  };
}

describe('a pty pair, with the real serialport binding as its user', () => {
  it(
    'transmits every byte value unchanged in both directions',
    withPty(async (pty) => {
      const port = await open(pty.path);
      const every = Buffer.concat([
        Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
        randomBytes(2_048),
      ]);
      const atStation = collect(port, every.length);
      pty.master.write(every);
      expect((await atStation).equals(every)).toBe(true);
      const atUnit = collect(pty.master, every.length);
      port.write(every);
      expect((await atUnit).equals(every)).toBe(true);
      await close(port);
    }),
  );

  it(
    'stays when the station closes and opens again, two hundred times',
    withPty(async (pty) => {
      pty.master.on('data', (chunk: Buffer) => pty.master.write(chunk));
      for (let cycle = 0; cycle < 200; cycle++) {
        const port = await open(pty.path);
        const echoed = collect(port, 4);
        port.write(`c${String(cycle).padStart(3, '0')}`);
        expect((await echoed).toString()).toBe(`c${String(cycle).padStart(3, '0')}`);
        await close(port);
      }
    }),
  );

  it(
    'passes a station only the bytes that were sent after it opened the port',
    withPty(async (pty) => {
      pty.master.write('before');
      await expect.poll(() => pty.unreadBytes()).toBe(6);
      const port = await open(pty.path);
      const heard = collect(port, 5);
      pty.master.write('after');
      expect((await heard).toString()).toBe('after');
      await close(port);
    }),
  );

  it(
    'reports the rate that the station has set, also an unusual one',
    withPty(async (pty) => {
      for (const baudRate of [9_600, 115_200, 460_800, 921_600, 74_880]) {
        const port = await open(pty.path, baudRate);
        expect(pty.stationBaudRate()).toBe(baudRate);
        await close(port);
      }
    }),
  );

  it('disappears when it is closed, and comes back under the same path', async () => {
    const pty = openPty(libc);
    const port = await open(pty.path);
    port.on('error', () => undefined);
    pty.close();
    expect(existsSync(pty.path)).toBe(false);
    // serialport sees a hang-up when it writes.
    const error = await new Promise<unknown>((resolve) => port.write('x', resolve));
    expect(error).toBeInstanceOf(Error);
    await close(port);
    // Another program may have taken the number at this very moment.
    const again = await until(() => {
      const pair = reopenPty(libc, pty.path);
      if (pair.path === pty.path) return pair;
      pair.close();
      return undefined;
    }, `the number of ${pty.path}`);
    again.close();
  });

  it('keeps its number while its cable is unplugged, and has no path', async () => {
    const pty = openPty(libc);
    const port = await open(pty.path);
    port.on('error', () => undefined);
    const name = pty.unplug();
    expect(existsSync(pty.path)).toBe(false);
    const error = await new Promise<unknown>((resolve) => port.write('x', resolve));
    expect(error).toBeInstanceOf(Error);
    await close(port);
    const other = reopenPty(libc, pty.path);
    expect(other.path).not.toBe(pty.path);
    other.close();
    name[Symbol.dispose]();
  });
});
