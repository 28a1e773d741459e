import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import {
  CHUNK_BYTES,
  type FileSource,
  receiveUpload,
  sendUpload,
  type StoreUpload,
  WINDOW_BYTES,
} from '#shared/files/index.ts';
import type { Transport } from '#shared/rpc/index.ts';
import { openFileConnection } from './file-connection.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

const MIB = 1024 * 1024;
const noDefect = (error: unknown): string => {
  throw error;
};

/** A file whose every byte follows from its place. */
function pattern(sizeBytes: number): FileSource & { asked: number[] } {
  const asked: number[] = [];
  const read = (at: number, length: number): Promise<Uint8Array> => {
    asked.push(length);
    return Promise.resolve(Uint8Array.from({ length }, (_, index) => (at + index) % 251));
  };
  return { name: '固件.zip', sizeBytes, read, asked };
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

/** A receiver that tells how it ended. */
function watched(take: StoreUpload): { take: StoreUpload; ended: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  return {
    ended: promise,
    async take(...args) {
      const done = take(...args);
      done.then(resolve, resolve);
      return done;
    },
  };
}

describe('a file over a separate port', () => {
  test('of 80 MB arrives completely, with at most one window in transit and no byte before the request', async () => {
    using connection = openFileConnection();
    const sizeBytes = 80 * MIB;
    const piece = Buffer.alloc(CHUNK_BYTES, 'gongwei ');
    let sent = 0;
    let worked = 0;
    let maxInFlight = 0;
    const [offered, wanted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const hash = createHash('sha256');
    receiveUpload(
      connection.station,
      async (name, announced, source) => {
        offered.resolve();
        await wanted.promise;
        for await (const chunk of source) {
          maxInFlight = Math.max(maxInFlight, sent - worked);
          hash.update(chunk);
          // Whoever writes to a disk takes a turn for each piece.
          await new Promise((resolve) => setImmediate(resolve));
          worked += chunk.length;
        }
        return { fileId: 'id-1', name, sizeBytes: announced };
      },
      noDefect,
    );
    const progress: number[] = [];
    const file: FileSource = {
      name: 'big.zip',
      sizeBytes,
      read: (_at, length) => {
        sent += length;
        return Promise.resolve(piece.subarray(0, length));
      },
    };
    const done = sendUpload(connection.page, file, (bytes) => progress.push(bytes), NEVER_ABORTED);
    // Who sends without being asked has sent before its offer is here.
    await offered.promise;
    expect(sent).toBe(0);
    wanted.resolve();
    expect(await done).toEqual({ fileId: 'id-1', name: 'big.zip', sizeBytes });
    expect(maxInFlight).toBeLessThanOrEqual(WINDOW_BYTES);
    expect(progress.at(-1)).toBe(sizeBytes);
    const whole = createHash('sha256');
    for (let at = 0; at < sizeBytes; at += CHUNK_BYTES) whole.update(piece);
    expect(hash.digest('hex')).toBe(whole.digest('hex'));
  });

  test('of any length is the same at the other end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(5), fc.nat(2 * WINDOW_BYTES), fc.constantFrom(CHUNK_BYTES, WINDOW_BYTES)),
        async (sizeBytes) => {
          using connection = openFileConnection();
          let came: Buffer | null = null;
          receiveUpload(
            connection.station,
            async (name, announced, source) => {
              came = await collect(source);
              return { fileId: 'x', name, sizeBytes: announced };
            },
            noDefect,
          );
          const file = pattern(sizeBytes);
          await sendUpload(connection.page, file, () => undefined, NEVER_ABORTED);
          expect(
            Buffer.compare(came ?? Buffer.of(1), Buffer.from(await pattern(sizeBytes).read(0, sizeBytes))),
          ).toBe(0);
          expect(Math.max(0, ...file.asked)).toBeLessThanOrEqual(CHUNK_BYTES);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('that is refused is not sent', async () => {
    using connection = openFileConnection();
    receiveUpload(
      connection.station,
      () => Promise.reject(new Fault('forbidden', 'operator may not bring files', { hint: 'Sign in.' })),
      noDefect,
    );
    const file = pattern(10 * MIB);
    const sent = sendUpload(connection.page, file, () => undefined, NEVER_ABORTED);
    await expect(sent).rejects.toMatchObject({ code: 'forbidden', hint: 'Sign in.' });
    expect(file.asked).toEqual([]);
  });

  test('is aborted with the receiver’s message when its disk is full', async () => {
    using connection = openFileConnection();
    receiveUpload(
      connection.station,
      async (_name, _size, source) => {
        for await (const _ of source) throw new Fault('disk-full', 'no room');
        throw new Error('nothing came');
      },
      noDefect,
    );
    const sent = sendUpload(connection.page, pattern(50 * MIB), () => undefined, NEVER_ABORTED);
    await expect(sent).rejects.toMatchObject({ code: 'disk-full' });
  });

  test('a defect shows only a correlation id', async () => {
    using connection = openFileConnection();
    const defects: unknown[] = [];
    const broken = new Error('/secret/path');
    receiveUpload(
      connection.station,
      () => Promise.reject(broken),
      (error) => (defects.push(error), 'c-17'),
    );
    const fault = await sendUpload(connection.page, pattern(1), () => undefined, NEVER_ABORTED).catch(
      (error: unknown) => error,
    );
    expect(fault).toMatchObject({ code: 'internal' });
    expect(String(fault)).toContain('c-17');
    expect(String(fault)).not.toContain('secret');
    expect(defects).toEqual([broken]);
  });

  test('that is cancelled ends on both sides', async () => {
    using connection = openFileConnection();
    const { take, ended } = watched(async (_name, _size, source, signal) => {
      await collect(source);
      throwIfAborted(signal);
      throw new Error('it came whole');
    });
    receiveUpload(connection.station, take, noDefect);
    const stop = new AbortController();
    const onProgress = (bytes: number): void => {
      if (bytes > 3 * MIB) stop.abort();
    };
    const sent = sendUpload(connection.page, pattern(200 * MIB), onProgress, stop.signal);
    await expect(sent).rejects.toMatchObject({ code: 'cancelled' });
    expect(await ended).toMatchObject({ code: 'disconnected' });
  });

  test('whose station ends is reported as lost', async () => {
    using connection = openFileConnection();
    receiveUpload(
      connection.station,
      async (_name, _size, source) => {
        for await (const _ of source) connection.station.close();
        throw new Error('it ended');
      },
      () => 'c-1',
    );
    const sent = sendUpload(connection.page, pattern(50 * MIB), () => undefined, NEVER_ABORTED);
    await expect(sent).rejects.toMatchObject({ code: 'disconnected', hint: 'Upload it again.' });
  });

  test('that becomes unreadable ends on both sides', async () => {
    using connection = openFileConnection();
    const { take, ended } = watched(async (_name, _size, source) => {
      await collect(source);
      throw new Error('it came whole');
    });
    receiveUpload(connection.station, take, noDefect);
    const file = {
      ...pattern(5 * MIB),
      read: () => Promise.reject(new Fault('file-missing', 'gone')),
    };
    await expect(sendUpload(connection.page, file, () => undefined, NEVER_ABORTED)).rejects.toMatchObject({
      code: 'file-missing',
    });
    expect(await ended).toMatchObject({ code: 'disconnected' });
  });

  test('without further data is given up', async () => {
    using connection = openFileConnection();
    const { take, ended } = watched(async (_name, _size, source) => {
      await collect(source);
      throw new Error('it came whole');
    });
    receiveUpload(connection.station, take, noDefect, 50);
    connection.page.send({ t: 'offer', name: 'a', sizeBytes: 10 });
    expect(await ended).toMatchObject({ code: 'timeout' });
  });
});

describe('a sender that violates the protocol is disconnected, and its file is discarded', () => {
  const offer = { t: 'offer', name: 'a', sizeBytes: 2 * MIB };
  const bytes = (length: number): object => ({ t: 'bytes', bytes: new Uint8Array(length) });
  test.each<[string, readonly unknown[]]>([
    ['more than was allowed', [offer, bytes(WINDOW_BYTES), bytes(1)]],
    ['one piece larger than the window', [offer, bytes(WINDOW_BYTES + 1)]],
    ['a second offer', [offer, offer]],
    ['more after the end', [offer, { t: 'end' }, bytes(1)]],
    ['what is no frame', [offer, 'bytes']],
    ['text for bytes', [offer, { t: 'bytes', bytes: 'abc' }]],
    ['a size that is none', [{ t: 'offer', name: 'a', sizeBytes: -1 }]],
    ['a name without end', [{ t: 'offer', name: 'a'.repeat(1001), sizeBytes: 1 }]],
    ['bytes before an offer', [bytes(1)]],
    ['an end before an offer', [{ t: 'end' }]],
  ])('%s', async (_, frames) => {
    using connection = openFileConnection();
    const began = watched(async (_name, _size, source, signal) => {
      // A slow disk: nothing is worked off before the end has come.
      const first = source[Symbol.asyncIterator]();
      await first.next();
      if (!signal.aborted) await once(signal as EventTarget, 'abort');
      return first.next() as never;
    });
    receiveUpload(connection.station, began.take, noDefect);
    const closed = new Promise<void>((resolve) => connection.page.onClose(resolve));
    await speak(connection.page, frames);
    await closed;
    // After its end a file is whole, whatever comes then.
    const whole = frames.some((frame) => JSON.stringify(frame) === '{"t":"end"}');
    if (frames[0] === offer && !whole) expect(await began.ended).toMatchObject({ code: 'disconnected' });
  });

  /** What comes after the offer waits until it is wanted, as a good sender's bytes do. */
  async function speak(page: Transport, [first, ...rest]: readonly unknown[]): Promise<void> {
    const wanted = new Promise<void>((resolve) => page.onMessage(() => resolve()));
    page.send(first);
    if (rest.length > 0) await wanted;
    for (const frame of rest) page.send(frame);
  }
});
