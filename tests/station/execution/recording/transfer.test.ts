import { expect, it } from 'vitest';
import type { Clock, DevicePort } from '../../../../station/core/platform/index.ts';
import { runTransfer } from '../../../../station/devices/protocols/flashing/index.ts';
import { SerialIo } from '../../../../station/devices/serial-io/index.ts';
import {
  type Json,
  readRecording,
  Recorder,
  recordingFile,
} from '../../../../station/execution/recording/index.ts';
import { ReplayIo } from '../../../../station/execution/replay/replay-io.ts';
import { Fault } from '../../../../shared/domain/fault.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { memoryDir } from '../../../support/temp-dir.ts';

const clock: Clock = { nowMs: () => 0, monotonicMs: () => 12.34, sleep: () => Promise.resolve() };

/** A port that keeps what is sent, and its speeds. */
function wire(): DevicePort & {
  say(text: string): void;
  readonly speeds: number[];
  readonly sent: string[];
} {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const speeds: number[] = [];
  const sent: string[] = [];
  return {
    path: '/dev/wire',
    speeds,
    sent,
    say: (text) => listener?.(Buffer.from(text)),
    write: (bytes) => Promise.resolve(void sent.push(Buffer.from(bytes).toString())),
    onData: (next) => void (listener = next),
    onLost: () => undefined,
    setBaudRate: (rate) => Promise.resolve(void speeds.push(rate)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Sends and receives bytes that no recording may have, and reports progress twice. */
function flash(port: DevicePort, progress: Json[], calls: string[] = []): Promise<Json> {
  return runTransfer(
    port,
    {
      name: 'flash esp32c3',
      clock,
      onProgress: (step: Json) => void progress.push(step),
      work: async (raw, tools) => {
        calls.push('work');
        let heard = '';
        raw.onData((bytes) => (heard += Buffer.from(bytes).toString()));
        await raw.setBaudRate?.(921_600);
        await raw.write(Buffer.from('IMAGE BYTES'), NEVER_ABORTED);
        tools.trace('sync');
        tools.progress({ done: 1 });
        tools.clock.nowMs();
        tools.progress({ done: 2 });
        return { heard, ok: true };
      },
    },
    NEVER_ABORTED,
  );
}

it('an operation that has the port for itself is one request of the recording, without its bytes', async () => {
  using dir = memoryDir();
  const file = recordingFile(dir.path, 'run');
  const link = wire();
  const progress: Json[] = [];
  let after = '';
  {
    using recorder = new Recorder(file, { runId: 'r' }, clock);
    const serial = new SerialIo(recorder.wrapUnitPort(link), {
      clock: recorder.clock,
      mask: recorder.mask,
      framing: null,
    });
    serial.port.onData((bytes) => (after += Buffer.from(bytes).toString()));
    expect(await flash(serial.port, progress)).toEqual({ heard: '', ok: true });
    link.say('BOOT');
    recorder.recordOutcome({ outcome: 'PASS', failure: null });
  }
  expect(progress).toEqual([{ done: 1 }, { done: 2 }]);
  expect(link).toMatchObject({ sent: ['IMAGE BYTES'], speeds: [921_600] });
  // The listener of before is back.
  expect(after).toBe('BOOT');
  const recording = readRecording(file);
  const entries = [...recording.entries.values()];
  expect(entries.map(({ type }) => type)).toEqual([
    'request',
    'comment',
    'notification',
    'notification',
    'reply',
    'rx',
    'outcome',
  ]);
  expect(JSON.stringify(entries)).not.toContain('IMAGE');
});

it('a replay performs nothing, and returns the recorded progress and result or fault', async () => {
  using dir = memoryDir();
  const file = recordingFile(dir.path, 'run');
  const lost = new Fault('device-silent', 'the unit does not answer', { hint: 'Check it.' });
  {
    using recorder = new Recorder(file, { runId: 'r' }, clock);
    const port = recorder.wrapUnitPort(wire());
    await flash(port, []);
    const failing = port.transfer?.(
      'erase',
      () => Promise.reject(lost),
      () => undefined,
      NEVER_ABORTED,
    );
    await expect(failing).rejects.toBe(lost);
    recorder.recordOutcome({ outcome: 'FAIL', failure: null });
  }
  using replay = new ReplayIo(readRecording(file), clock);
  const port = replay.wrapPort(0, '/dev/wire');
  const progress: Json[] = [];
  const calls: string[] = [];
  let isOver = false;
  const run = (async () => {
    expect(await flash(port, progress, calls)).toEqual({ heard: '', ok: true });
    const failing = port.transfer?.(
      'erase',
      () => Promise.resolve(null),
      () => undefined,
      NEVER_ABORTED,
    );
    expect(await faultOf(() => failing ?? Promise.resolve())).toMatchObject({ code: 'device-silent' });
    replay.recordOutcome({ outcome: 'FAIL', failure: null });
    isOver = true;
  })();
  await replay.scheduler.run(() => isOver);
  await run;
  expect({ progress, calls }).toEqual({ progress: [{ done: 1 }, { done: 2 }], calls: [] });
  expect(replay.result.differences).toEqual([]);
});
