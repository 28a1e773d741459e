import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DevicePort, Clock } from '../../../../station/core/platform/index.ts';
import {
  Recorder,
  type Entry,
  type Header,
  readRecording,
  recordingFile,
} from '../../../../station/execution/recording/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { memoryDir, tempDir } from '../../../support/temp-dir.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const clock: Clock = { nowMs: () => 0, monotonicMs: () => 12.34, sleep: () => Promise.resolve() };

/** A wire that says back whatever a test tells it to. */
function wire(): DevicePort & { readonly sent: Buffer[]; say(bytes: Uint8Array): void } {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const sent: Buffer[] = [];
  return {
    path: '/dev/wire',
    sent,
    say: (bytes) => listener?.(bytes),
    write: (bytes) => Promise.resolve(void sent.push(Buffer.from(bytes))),
    onData: (next) => void (listener = next),
    onLost: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function read(file: string): { header: Header; entries: Entry[] } {
  const { header, entries } = readRecording(file);
  return { header, entries: [...entries.values()] };
}

const bytesOf = (entries: readonly Entry[], type: 'tx' | 'rx'): Buffer =>
  Buffer.concat(
    entries.map((entry) => Buffer.from(entry.type === type ? (entry.bytes ?? '') : '', 'latin1')),
  );

describe('the flight recorder', () => {
  it('records every byte of both directions, in any pieces', async () => {
    using dir = memoryDir();
    let n = 0;
    const chunk = fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(fc.array(chunk), async (chunks) => {
        const file = recordingFile(dir.path, `run${n++}`);
        const link = wire();
        const heard: Buffer[] = [];
        {
          using recorder = new Recorder(file, { runId: 'r', slot: 1 }, clock);
          const recorded = recorder.wrapUnitPort(link);
          recorded.onData((bytes) => heard.push(Buffer.from(bytes)));
          for (const [out, bytes] of chunks) {
            if (out) await recorded.write(bytes, NEVER_ABORTED);
            else link.say(bytes);
          }
        }
        const { header, entries } = read(file);
        expect(header).toEqual({ gongwei: 'recording/3', runId: 'r', slot: 1 });
        // The record is what the device and the station saw.
        expect(bytesOf(entries, 'tx').equals(Buffer.concat(link.sent))).toBe(true);
        expect(bytesOf(entries, 'rx').equals(Buffer.concat(heard))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('never contains a secret, in any pieces; other bytes are unchanged', async () => {
    using dir = memoryDir();
    let n = 0;
    const secret = 'IyXmUW5sU/q1vnb5yzTkeQ==';
    const text = `AT+TCDEVINFOSET=1,"P","d","${secret}"\r\n`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), async (sizes) => {
        const file = recordingFile(dir.path, `run${n++}`);
        const link = wire();
        {
          using recorder = new Recorder(file, {}, clock);
          recorder.mask.protect([secret]);
          const recorded = recorder.wrapUnitPort(link);
          recorded.onData(() => undefined);
          for (let at = 0, k = 0; at < text.length; k++) {
            const piece = Buffer.from(text.slice(at, at + (sizes[k % sizes.length] ?? 1)));
            await recorded.write(piece, NEVER_ABORTED);
            link.say(piece);
            at += piece.length;
          }
          recorder.beginStep('between');
        }
        expect(readFileSync(file, 'utf8')).not.toContain(secret);
        const { entries } = read(file);
        const masked = text.replace(secret, '*'.repeat(secret.length));
        expect(bytesOf(entries, 'tx').toString()).toBe(masked);
        expect(bytesOf(entries, 'rx').toString()).toBe(masked);
        // The device itself got all of it.
        expect(Buffer.concat(link.sent).toString()).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('of a unit that sends without end is truncated at its limit and marked, while the run continues', async () => {
    using dir = memoryDir();
    const file = recordingFile(dir.path, 'run');
    const link = wire();
    const chunk = Buffer.alloc(65_536, 'unit says a lot\r\n');
    const MB = 1024 ** 2;
    const secret = 'IyXmUW5sU/q1vnb5yzTkeQ==';
    let heard = 0;
    {
      using recorder = new Recorder(file, { runId: 'r' }, clock);
      const recorded = recorder.wrapUnitPort(link);
      recorded.onData((bytes) => (heard += bytes.length));
      recorder.beginPhase('test');
      for (let sent = 0; sent < 40 * MB; sent += chunk.length) link.say(chunk);
      recorder.mask.protect([secret]);
      recorder.beginStep('next');
      await recorded.write(Buffer.from('AT\r\n'), NEVER_ABORTED);
      recorder.comment('not kept');
      await recorder.request({ kind: 'ble', key: 'rssi' }, () => Promise.resolve({ value: 1 }));
      recorder.beginStep(secret);
      recorder.recordOutcome({ outcome: 'FAIL', failure: null });
      recorder.requireWritten();
    }
    expect(heard).toBe(40 * MB);
    expect(link.sent.map(String)).toEqual(['AT\r\n']);
    expect(statSync(file).size).toBeGreaterThan(16 * MB);
    expect(statSync(file).size).toBeLessThan(17 * MB);
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
    const { entries } = read(file);
    const end = entries.findIndex(({ type }) => type === 'truncated');
    expect(bytesOf(entries.slice(0, end), 'rx').toString()).toMatch(/^(unit says a lot\r\n)+/);
    expect(entries.slice(end).map(({ type }) => type)).toEqual(['truncated', 'step', 'step', 'outcome']);
    expect(readRecording(file)).toMatchObject({ cutOff: false, completeUntilMs: 0 });
  });

  it('has the bytes that it held back before it was truncated', async () => {
    using dir = memoryDir();
    const file = recordingFile(dir.path, 'run');
    const link = wire();
    // The bytes that this base64 text encodes begin with a line feed, as the end of a command may.
    const secret = Buffer.from([0x0a, ...Array.from({ length: 15 }, (_, i) => 0x80 + i)]).toString('base64');
    using recorder = new Recorder(file, { runId: 'r' }, clock);
    recorder.mask.protect([secret]);
    const recorded = recorder.wrapUnitPort(link);
    recorded.onData(() => undefined);
    await recorded.write(Buffer.from('AT+GMR\r\n'), NEVER_ABORTED);
    for (let written = 0; written < 18; written++) recorder.comment('-'.repeat(1024 ** 2));
    recorder.requireWritten();
    expect(bytesOf(read(file).entries, 'tx').toString()).toBe('AT+GMR\r\n');
  });

  it('is readable by its owner only, and is never written over', async () => {
    using dir = tempDir();
    const file = recordingFile(dir.path, 'run');
    new Recorder(file, {}, clock)[Symbol.dispose]();
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await faultOf(() => new Recorder(file, {}, clock))).toMatchObject({ code: 'file-denied' });
    expect(read(file).header).toEqual({ gongwei: 'recording/3' });
  });

  it('that cannot be made is a fault with a file and a way out', async () => {
    using dir = tempDir();
    writeFileSync(join(dir.path, 'recordings'), 'a file in the way');
    const fault = await faultOf(() => new Recorder(recordingFile(dir.path, 'run'), {}, clock));
    expect(fault.code).toBe('file-denied');
    expect(fault.hint).not.toBeNull();
    expect(existsSync(recordingFile(dir.path, 'run'))).toBe(false);
  });
});
