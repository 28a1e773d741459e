import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ActiveFaults, type UnitFault } from '../../../../simulator/faults/index.ts';
import { OtaMemory, UpdateAgent } from '../../../../simulator/parts/ota/index.ts';
import type { DeviceContext } from '../../../../simulator/profiles/profile.ts';

const CONTENT = Buffer.alloc(100_000, 'firmware');
const MD5 = createHash('md5').update(CONTENT).digest('hex');

/** One update with a server of Node's own, which notes the ranges that were asked for. */
async function update(
  fault: UnitFault,
  memory = new OtaMemory(),
): Promise<{ ranges: unknown[]; said: string[] }> {
  const [ranges, said]: [unknown[], string[]] = [[], []];
  const server = createServer((incoming, answer) => {
    ranges.push(incoming.headers.range ?? null);
    const from = Number(/^bytes=(\d+)-$/.exec(incoming.headers.range ?? '')?.[1] ?? 0);
    answer.writeHead(from === 0 ? 200 : 206);
    answer.end(CONTENT.subarray(from));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fw`;
  const faults = new ActiveFaults([fault]);
  const context = { faults, wait: () => Promise.resolve() } as unknown as DeviceContext;
  const connection = {
    subscribe: () => Promise.resolve(true),
    publish(_topic: string, payload: Uint8Array) {
      const { report } = JSON.parse(Buffer.from(payload).toString('utf8')) as {
        report: { progress: { state: string; percent?: string; result_code: string } };
      };
      const { state, percent, result_code: code } = report.progress;
      said.push([state, percent ?? code].join(' '));
      return Promise.resolve(true);
    },
  };
  const power = new AbortController();
  const listener = { onWhole: () => said.push('whole'), onPowerLost: () => power.abort() };
  const agent = new UpdateAgent(context, memory, connection, listener, power.signal);
  const order = { type: 'update_firmware', version: '2', url, md5sum: MD5, file_size: CONTENT.length };
  await agent.onMessage({ productId: 'P', deviceName: 'd' }, Buffer.from(JSON.stringify(order)));
  await new Promise((resolve) => server.close(resolve));
  return { ranges, said };
}

it('continues a broken download with the range that is missing', async () => {
  const { ranges, said } = await update({
    fault: 'ota-fails',
    by: 'connection-lost',
    atPercent: 60,
    times: 1,
  });
  expect(ranges).toEqual([null, 'bytes=60000-']);
  expect(said.slice(-3)).toEqual(['burning 0', 'done 0', 'whole']);
});

it('keeps what it has downloaded without a supply, and continues with the next order', async () => {
  const memory = new OtaMemory();
  const fault: UnitFault = { fault: 'ota-fails', by: 'power-lost', atPercent: 60, times: 1 };
  expect((await update(fault, memory)).ranges).toEqual([null]);
  expect(memory.cached?.bytes).toHaveLength(60_000);
  const rest = await update({ fault: 'echo-on' }, memory);
  expect(rest.ranges).toEqual(['bytes=60000-']);
  expect(rest.said.at(-1)).toBe('whole');
  expect(memory.isWhole).toBe(true);
});
