import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '#shared/codec/json-value.ts';
import type { ByteRange, Decision } from '../../../../station/core/secret-mask/index.ts';
import { Recorder, readRecording, recordingFile } from '../../../../station/execution/recording/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { memoryDir } from '../../../support/temp-dir.ts';

const KNOWN = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const FOUND = 'Zm9yZWlnbiBzZWNyZXQhIQ==';
const STARS = '*'.repeat(24);

/** A guard that keeps everything until the test decides. */
interface Told {
  decide(count: number, withheld?: readonly ByteRange[]): void;
}

/** Records a dialogue; returns the text of the file, and what is recorded as received. */
function record(work: (recorder: Recorder, say: (text: string) => void, told: Told) => void): {
  readonly file: string;
  readonly received: string;
  readonly masked: Json;
  readonly comments: readonly string[];
} {
  using dir = memoryDir();
  const path = recordingFile(dir.path, 'run');
  {
    using recorder = new Recorder(path, {}, manualClock());
    recorder.mask.protect([KNOWN]);
    const decision = (count: number, withheld: readonly ByteRange[]): Decision => ({
      count,
      withheld,
      why: 'a test says so',
    });
    let kept = 0;
    recorder.mask.setGuard({
      receive(bytes) {
        kept += bytes.length;
        return decision(0, []);
      },
      receiveValue: () => undefined,
      finish: () => recorder.mask.decide(decision(kept, kept === 0 ? [] : [{ from: 0, to: kept }])),
    });
    let hear: (bytes: Uint8Array) => void = () => undefined;
    const port = recorder.wrapUnitPort({
      path: '/dev/wire',
      write: () => Promise.resolve(),
      onData: (listener) => void (hear = listener ?? hear),
      onLost: () => undefined,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
    port.onData(() => undefined);
    work(recorder, (text) => hear(Buffer.from(text)), {
      decide(count, withheld = []) {
        kept = Math.max(0, kept - count);
        recorder.mask.decide(decision(count, withheld));
      },
    });
  }
  const entries = [...readRecording(path).entries.values()];
  return {
    file: readFileSync(path, 'utf8'),
    received: entries.map((entry) => (entry.type === 'rx' ? (entry.bytes ?? '') : '')).join(''),
    masked: entries.flatMap((entry) => (entry.type === 'masked' ? [entry.form] : [])),
    comments: entries.flatMap((entry) => (entry.type === 'comment' ? [entry.text] : [])),
  };
}

describe('bytes that are held', () => {
  it('are recorded with the secret that was found in them masked, and so is what comes later', () => {
    const { file, received } = record(({ mask }, say, told) => {
      say('boot\r\nIyX');
      say(`mU\r\nID ${FOUND.slice(0, 7)}`);
      told.decide(9);
      say(`${FOUND.slice(7)}\r\n`);
      mask.conceal(Buffer.from(FOUND));
      say(`${KNOWN} after\r\n`);
      told.decide(Infinity);
      say(`later ${FOUND}\r\n`);
      told.decide(Infinity);
    });
    expect(received).toBe(`boot\r\nIyXmU\r\nID ${STARS}\r\n${STARS} after\r\nlater ${STARS}\r\n`);
    expect(file).not.toContain(FOUND.slice(0, 7));
  });

  it('are asterisks where nobody knows what they are, and when the recording ends first', () => {
    const { received, comments, file } = record((_, say, told) => {
      say(`boot\r\nI? ${FOUND}\r\nready\r\n`);
      told.decide(Infinity, [{ from: 6, to: 35 }]);
    });
    expect(received).toBe(`boot\r\n${'*'.repeat(27)}\r\nready\r\n`);
    expect(comments).toEqual(['29 received bytes are withheld: a test says so']);
    expect(file).not.toContain(FOUND.slice(0, 7));
    expect(record((_, say) => say(FOUND)).received).toBe(STARS);
  });

  it('do not move what is known of the stream: forms are named at their places', () => {
    const { masked, received } = record(({ mask }, say, told) => {
      say('xx');
      told.decide(1, [{ from: 0, to: 1 }]);
      mask.conceal(Buffer.from('concealed'));
      say(`${KNOWN}\r\nconcealed `);
      mask.protectBytes([new Uint8Array(0), Buffer.from(FOUND)]);
      told.decide(Infinity);
      say(`${FOUND}\r\n`);
      told.decide(Infinity);
    });
    // Seven forms of the known secret, four empty places, then the bytes that were found; a concealed one has no place.
    expect(masked).toEqual([0, 11]);
    expect(received).toBe(`*x${STARS}\r\n********* ${STARS}\r\n`);
  });

  it('over Bluetooth are recorded value by value', async () => {
    for (const isKnown of [true, false]) {
      using dir = memoryDir();
      const path = recordingFile(dir.path, 'run');
      {
        using recorder = new Recorder(path, {}, manualClock());
        const hold = recorder.mask.hold();
        await recorder.request({ kind: 'ble', key: 'read', stream: 'A/B' }, (notify) => {
          notify({ bytes: Buffer.from(`KEY ${FOUND}`) });
          return Promise.resolve({ bytes: Buffer.from('ID') });
        });
        if (isKnown) hold.release((value) => value.length === 2);
        hold.discard();
      }
      const file = readFileSync(path, 'utf8');
      expect(file.includes('"ID"')).toBe(isKnown);
      expect(file).not.toContain(FOUND.slice(0, 7));
    }
  });
});
