import { expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../../station/core/platform/index.ts';
import { filterEcho } from '../../../../station/devices/serial-io/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

/** A port whose other end is the test. */
function bus() {
  const sent: string[] = [];
  const received: string[] = [];
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let notifyLost: (fault: Fault) => void = () => undefined;
  const port: DevicePort = {
    path: 'port',
    write: (bytes) => Promise.resolve(void sent.push(Buffer.from(bytes).toString())),
    onData: (next) => void (listener = next),
    onLost: (listener) => void (notifyLost = listener),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const clock = manualClock();
  const filtered = filterEcho(port, clock, 115_200);
  filtered.onData((bytes) => void received.push(Buffer.from(bytes).toString('latin1')));
  return {
    clock,
    sent,
    received,
    say: (text: string) => listener?.(Buffer.from(text, 'latin1')),
    lose: (fault: Fault) => notifyLost(fault),
    /** How a send ends: `sent`, or the code of its fault. */
    send: async (text: string, signal: AbortSignal = NEVER_ABORTED): Promise<string> => {
      const done = filtered.write(Buffer.from(text), signal).then(
        () => 'sent',
        (error: unknown) => (error instanceof Fault ? error.code : String(error)),
      );
      await clock.pass(0);
      return done;
    },
  };
}

it('an echo that comes after its time is not the answer to the next send', async () => {
  const { send, say, received, sent, clock } = bus();
  const first = send('V?');
  await clock.pass(0);
  await clock.pass(1100);
  expect(await first).toBe('echo-missing');
  expect(await send('V?')).toBe('echo-missing');
  expect(sent).toEqual(['V?']);
  say('V?');
  const next = send('V?');
  await clock.pass(0);
  say('V?V=1');
  expect(await next).toBe('sent');
  expect(received).toEqual(['V=1']);
});

it('the echo of a send whose step is over is taken off all the same', async () => {
  const { send, say, received, clock } = bus();
  const over = new AbortController();
  const first = send('V?', over.signal);
  await clock.pass(0);
  say('V');
  over.abort(new Fault('timeout', 'the step is over'));
  expect(await first).toBe('timeout');
  say('?READY');
  expect(received).toEqual(['READY']);
});

it('a send waits until the unit has said what it says, which is no answer to it', async () => {
  const { send, say, received, sent, clock } = bus();
  say('V=1\r\n');
  const asked = send('V?');
  await clock.pass(0);
  say('OK');
  await clock.pass(20);
  expect(sent).toEqual([]);
  await clock.pass(20);
  expect(sent).toEqual(['V?']);
  say('V?V=2');
  expect(await asked).toBe('sent');
  expect(received).toEqual(['V=1\r\n', 'V=2']);
  // A unit that never stops does not keep the station from sending.
  const flooded = send('STOP');
  for (let n = 0; n < 60 && sent.length < 2; n++) {
    say('log');
    await clock.pass(20);
  }
  say('STOP');
  expect(await flooded).toBe('sent');
});

it('sends at the same time go one after the other', async () => {
  const { send, say, received, sent, clock } = bus();
  const both = [send('A'), send('B')];
  await clock.pass(0);
  expect(sent).toEqual(['A']);
  say('A');
  await clock.pass(0);
  say('Bb');
  expect(await Promise.all(both)).toEqual(['sent', 'sent']);
  expect(received).toEqual(['b']);
});

it('a glitch in front of the echo is left out, also where the echo begins like it', async () => {
  const { send, say, received, clock } = bus();
  for (const [text, back] of [
    ['\u007f\0A', '\xff\0\u007f\0A+'],
    ['\0\0A', '\0\0\0A+'],
  ] as const) {
    const done = send(text);
    await clock.pass(0);
    await clock.pass(20);
    say(back);
    expect(await done).toBe('sent');
    expect(received.splice(0)).toEqual(['+']);
  }
});

it('a port that is lost meanwhile is told as that', async () => {
  const { send, lose, clock } = bus();
  const done = send('V?');
  await clock.pass(0);
  lose(new Fault('port-lost', 'pulled'));
  expect(await done).toBe('port-lost');
});
