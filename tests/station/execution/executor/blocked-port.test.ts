import { afterEach, describe, expect, it } from 'vitest';
import { findRecording, formatTranscript, readRecording, type RunResult } from '#station';
import { stoppedBy } from '../../../../station/execution/slots/index.ts';
import { startStation, type TestStation, nextRunEvent } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits } from '../../../kit/units.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

/** More than the kernel buffers of a pty whose other end is not read. */
const MORE_THAN_KERNEL_BUFFERS = '55'.repeat(2000);
const SENDS = Array.from({ length: 128 }, (_, n) => n + 1);

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

/** A station with a unit that stops reading its port when it gets `STOP`; a step then sends until the port is full. */
async function startBlocked(flowControl: string, more: string): Promise<TestStation<ScriptedUnits>> {
  const steps = `- { verb: request, name: stop, text: STOP, expect: '^OK' }
- { verb: send, name: stuck, hex: '${MORE_THAN_KERNEL_BUFFERS}', forEach: { n: [${SENDS.join(', ')}] }${more} }`;
  const recipe = describedRecipe(steps).replace(
    'baudRate: 115200',
    `baudRate: 115200, flowControl: ${flowControl}`,
  );
  const started = await startStation({
    units: scripted([
      (bytes, say) => {
        if (!bytes.includes('STOP')) return;
        say('OK\r\n');
        setup?.units.ptys[0]?.master.pause();
      },
    ]),
    recipe,
  });
  setup = started;
  return started;
}

/** Resolves when a send has not ended for some time, because the port takes no more bytes. */
async function untilBlocked({ station }: TestStation<ScriptedUnits>): Promise<void> {
  let sends = 0;
  const unsubscribe = station.onRunEvent((_slot, event) => {
    if (event.kind === 'step' && event.step.name.startsWith('stuck')) sends += 1;
  });
  let before = -1;
  await expect
    .poll(
      () => {
        const isSame = sends > 0 && sends === before;
        before = sends;
        return isSame;
      },
      { interval: 300 },
    )
    .toBe(true);
  unsubscribe();
}

function lastFault({ dir }: TestStation<ScriptedUnits>, { runId }: RunResult): string {
  const transcript = [...formatTranscript(readRecording(findRecording(`${dir}/station`, runId)))];
  return transcript.find((text) => text.includes('not sent:')) ?? '';
}

describe.each(['none', 'rts-cts'])('a send to a port that takes no bytes, flow control %s', (flowControl) => {
  it('is ended by the limit of its step', async () => {
    const blocked = await startBlocked(flowControl, ', timeoutMs: 300');
    const result = await blocked.run();
    expect(result).toMatchObject({ outcome: 'TIMEOUT', failure: { code: 'timeout' } });
    expect(result.failure?.message).toMatch(/^step stuck\..* did not end in 300 ms$/);
    expect(lastFault(blocked, result)).toContain('did not end in 300 ms (timeout)');
  });

  it('is ended by the stop of the operator', async () => {
    const blocked = await startBlocked(flowControl, '');
    const running = blocked.run();
    await nextRunEvent(blocked.station, 1, 'step', ({ step }) => step.name.startsWith('stuck'));
    await untilBlocked(blocked);
    blocked.station.slots.stop(1, stoppedBy('operator'));
    const result = await running;
    expect(result).toMatchObject({
      outcome: 'ABORTED',
      failure: { code: 'cancelled', message: 'stopped by the operator' },
    });
    expect(lastFault(blocked, result)).toContain('stopped by the operator (cancelled)');
  });

  it('is ended by the close of the station, and the port closes', async () => {
    const blocked = await startBlocked(flowControl, '');
    const ended = blocked.station
      .startUnit({ batchId: blocked.batchId, serialNumber: 'SN1', operator: 'Li', slot: 1 })
      .finished.catch((error: unknown) => error as RunResult);
    await nextRunEvent(blocked.station, 1, 'step', ({ step }) => step.name.startsWith('stuck'));
    await untilBlocked(blocked);
    await blocked.station.close();
    expect(await ended).toMatchObject({ outcome: 'ABORTED', failure: { code: 'cancelled' } });
  });
});
