import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '#shared/codec/json-value.ts';
import { Recorder, readRecording, recordingFile } from '../../../../station/execution/recording/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { memoryDir } from '../../../support/temp-dir.ts';

const KNOWN = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const FOUND = 'Zm9yZWlnbiBzZWNyZXQhIQ==';

/** Records a dialogue; returns the text of the file, and what is recorded as received. */
function record(work: (recorder: Recorder, say: (text: string) => void) => void): {
  readonly file: string;
  readonly received: string;
  readonly masked: Json;
} {
  using dir = memoryDir();
  const path = recordingFile(dir.path, 'run');
  {
    using recorder = new Recorder(path, {}, manualClock());
    recorder.mask.protect([KNOWN]);
    let hear: (bytes: Uint8Array) => void = () => undefined;
    const port = recorder.wrapUnitPort({
      path: '/dev/wire',
      write: () => Promise.resolve(),
      onData: (listener) => void (hear = listener ?? hear),
      onLost: () => undefined,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
    port.onData(() => undefined);
    work(recorder, (text) => hear(Buffer.from(text)));
  }
  const entries = [...readRecording(path).entries.values()];
  return {
    file: readFileSync(path, 'utf8'),
    received: entries.map((entry) => (entry.type === 'rx' ? (entry.bytes ?? '') : '')).join(''),
    masked: entries.flatMap((entry) => (entry.type === 'masked' ? [entry.form] : [])),
  };
}

describe('bytes that are held', () => {
  it('are recorded with the secret that was found in them masked, and so is what comes later', () => {
    const { file, received } = record(({ mask }, say) => {
      say('boot\r\nIyX');
      const held = mask.hold();
      say(`mU\r\nID ${FOUND.slice(0, 7)}`);
      say(`${FOUND.slice(7)}\r\n`);
      mask.protectBytes([Buffer.from(FOUND)]);
      say(`${KNOWN} after\r\n`);
      held.release();
      say(`later ${FOUND}\r\n`);
    });
    const stars = '*'.repeat(24);
    expect(received).toBe(`boot\r\nIyXmU\r\nID ${stars}\r\n${stars} after\r\nlater ${stars}\r\n`);
    expect(file).not.toContain(FOUND.slice(0, 7));
  });

  it('are asterisks when nobody knows what they are, and when the recording ends first', () => {
    for (const isDiscarded of [true, false]) {
      const { file, received } = record(({ mask }, say) => {
        say('boot\r\n');
        const held = mask.hold();
        say(`I? ${FOUND}\r\n`);
        if (isDiscarded) held.discard();
        held.release();
      });
      if (isDiscarded) expect(received).toBe(`boot\r\n${'*'.repeat(27)}\r\n`);
      else expect(received).toBe(`boot\r\nI? ${FOUND}\r\n`);
      expect(file.includes(FOUND)).toBe(!isDiscarded);
    }
    const ended = record(({ mask }, say) => {
      mask.hold();
      say(FOUND);
    });
    expect(ended.received).toBe('*'.repeat(24));
  });

  it('do not move what is known of the stream: forms are named at their places', () => {
    const { masked } = record(({ mask }, say) => {
      const held = mask.hold();
      say('xx');
      held.discard();
      say(`${KNOWN}\r\n`);
      mask.protectBytes([new Uint8Array(0), Buffer.from(FOUND)]);
      say(`${FOUND}\r\n`);
    });
    // Seven forms of the known secret, four empty places, then the bytes that were found.
    expect(masked).toEqual([0, 11]);
  });
});
