import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BleCentral, BleConnection } from '../../../../station/core/platform/index.ts';
import { Recorder, readRecording, recordingFile } from '../../../../station/execution/recording/index.ts';
import { wrapBle } from '../../../../station/execution/recording/wrap-ble.ts';
import { traces } from '../../../journey/traces.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { memoryDir } from '../../../support/temp-dir.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const FORMS = [
  Buffer.from(SECRET),
  Buffer.from(SECRET, 'base64'),
  Buffer.from(Buffer.from(SECRET).toString('hex')),
  Buffer.from(Buffer.from(SECRET, 'base64').toString('hex').toUpperCase()),
];
const { signal } = new AbortController();
const limits = { timeoutMs: 1000, signal };

/** A unit that says over Bluetooth what it was told, in pieces of so many bytes. */
function echo(size: number): BleCentral {
  const listeners: ((value: Uint8Array) => void)[] = [];
  let last: Uint8Array = new Uint8Array();
  const link: BleConnection = {
    address: 'AA:BB:CC:DD:EE:01',
    services: () => Promise.resolve(['FFF0']),
    characteristics: () => Promise.resolve([]),
    rssi: () => Promise.resolve(-40),
    mtu: () => Promise.resolve(23),
    onLost: () => undefined,
    read: () => Promise.resolve(last),
    write(_service, _characteristic, bytes) {
      last = bytes;
      for (let at = 0; at < bytes.length; at += size)
        for (const listener of listeners) listener(bytes.subarray(at, at + size));
      return Promise.resolve();
    },
    subscribe(_service, _characteristic, listener) {
      listeners.push(listener);
      return Promise.resolve({ [Symbol.dispose]: () => undefined });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return {
    ready: () => Promise.resolve(),
    scan: () => Promise.resolve(true),
    find: () => Promise.resolve({ address: '', asked: [] }),
    take: () => Promise.reject(new Error('not asked for')),
    connect: () => Promise.resolve(link),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

describe('a secret in a recording', () => {
  it('over Bluetooth is masked in every form, in pieces, echoed and read back', async () => {
    using dir = memoryDir();
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FORMS),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 24 }),
        fc.uint8Array({ maxLength: 6 }),
        async (form, mtu, size, before) => {
          const file = recordingFile(dir.path, `run${n++}`);
          {
            using recorder = new Recorder(file, {}, manualClock());
            recorder.mask.protect([SECRET]);
            const ble = wrapBle(recorder, echo(size));
            await using link = await ble.connect('AA:BB:CC:DD:EE:01', limits);
            await link.subscribe('FFF0', 'FFF2', () => undefined, limits);
            const message = Buffer.concat([before, form]);
            for (let at = 0; at < message.length; at += mtu)
              await link.write('FFF0', 'FFF1', message.subarray(at, at + mtu), { ...limits, response: true });
            await link.write('FFF0', 'FFF1', message, { ...limits, response: false });
            await link.read('FFF0', 'FFF1', limits);
            recorder.comment(`the secret is ${SECRET}`);
            recorder.input('kind', 'key', () => ({ deep: [`<${SECRET}>`] }));
          }
          const text = readFileSync(file);
          for (const { bytes } of traces(SECRET)) expect(text.includes(bytes)).toBe(false);
          // All that was written is there, and is as long as it was.
          const written = [...readRecording(file).entries.values()].flatMap((entry) =>
            entry.type === 'request' && entry.stream === '>FFF0/FFF1' ? [entry.bytes ?? ''] : [],
          );
          const length = before.length + form.length;
          expect(written.join('').length).toBe(2 * length);
          expect(written.join('').slice(before.length, length)).toBe('*'.repeat(form.length));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('whose end never came is masked too, and what came when is kept', async () => {
    using dir = memoryDir();
    const file = recordingFile(dir.path, 'run');
    const clock = manualClock();
    {
      using recorder = new Recorder(file, {}, clock);
      recorder.mask.protect([SECRET]);
      const heard: ((bytes: Uint8Array) => void)[] = [];
      const link = recorder.wrapUnitPort({
        path: '/dev/wire',
        write: () => Promise.resolve(),
        onData: (listener) => void (listener !== null && heard.push(listener)),
        onLost: () => undefined,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
      link.onData(() => undefined);
      const say = (text: string): void => heard[0]?.(Buffer.from(text));
      // "I" may be the beginning of the secret: it is held back, and belongs to its chunk all the same.
      say('OK\r\nI');
      await clock.pass(500);
      recorder.beginStep('next');
      say('D=7\r\n');
      await clock.pass(500);
      say(`echo ${SECRET.slice(0, 20)}`);
    }
    const entries = [...readRecording(file).entries.values()];
    const heard = entries.flatMap((entry) => (entry.type === 'rx' ? [[entry.atMs, entry.bytes]] : []));
    expect(heard).toEqual([
      [0, 'OK\r\nI'],
      [500, 'D=7\r\n'],
      [1000, `echo ${'*'.repeat(20)}`],
    ]);
    expect(entries.map(({ type }) => type)).toEqual(['rx', 'step', 'rx', 'rx', 'masked']);
  });
});
