import { expect, it } from 'vitest';
import type { Clock } from '../../../../../station/core/platform/index.ts';
import { createNodeClock } from '../../../../../station/devices/drivers/node/clock.ts';
import { createSerialPorts } from '../../../../../station/devices/drivers/serial/index.ts';
import { createTcpPorts } from '../../../../../station/devices/drivers/tcp/index.ts';
import { withEspFlash } from '../../../../../station/devices/protocols/esp/index.ts';
import { TestSimulator } from '../../../../kit/test-simulator.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { soon } from '../../../../support/patience.ts';
import { until } from '../../../../support/until.ts';

const SETTINGS = { baudRate: 115_200 };
const node: Clock = createNodeClock();
/** Waits for a loader that is not there take a fifth of their time. */
const clock: Clock = {
  nowMs: () => node.nowMs(),
  monotonicMs: () => 5 * node.monotonicMs(),
  sleep: (ms, signal) => node.sleep(ms / 5, signal),
};
const OPTIONS = { chip: 'auto', baudRate: 460_800, portBaudRate: 115_200, trace: () => undefined } as const;

it('a unit without a loader takes the next command: nothing of the attempt is left in its line buffer', async () => {
  await using simulator = await TestSimulator.start({ timeScale: 0 });
  {
    await using _terminal = await simulator.talkTo(1);
  }
  const signal = soon();
  await using port = await createSerialPorts().open(simulator.pathOf(1), SETTINGS, signal);
  const work = (): Promise<unknown> =>
    withEspFlash(port, { ...OPTIONS, clock }, () => Promise.reject(new Error('no loader')), signal);
  expect(await faultOf(work)).toMatchObject({ code: 'device-silent' });
  let answer = '';
  port.onData((bytes) => (answer += Buffer.from(bytes).toString('latin1')));
  await port.write(Buffer.from('AT\r\n'), signal);
  await until(() => /OK|ERROR/.test(answer), 'an answer');
  expect(answer).toMatch(/OK/);
});

it('a port without control lines keeps the loader for the next visit, until the last one', async () => {
  await using simulator = await TestSimulator.start({ profile: 'esp32c3', tcp: true, timeScale: 0 });
  const signal = soon();
  await using port = await createTcpPorts().open(simulator.pathOf(1), SETTINGS, signal);
  const visit = (useStub: boolean, isLast: boolean): Promise<string> =>
    withEspFlash(
      port,
      { ...OPTIONS, clock, useStub, isLast },
      async (memory) => {
        expect(await memory.read(0x9000, 4)).toEqual(new Uint8Array(4).fill(0xff));
        return memory.chipId;
      },
      signal,
    );
  const chipId = await visit(false, false);
  expect(await visit(true, false)).toBe(chipId);
  expect(await visit(true, true)).toBe(chipId);
  expect((await faultOf(() => visit(true, true))).code).toBe('device-silent');
});
