import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { abortFault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../station/core/platform/index.ts';
import { createTcpPorts } from '../../../station/devices/drivers/tcp/index.ts';
import { createRelayBoards } from '../../../station/devices/protocols/index.ts';
import { filterEcho } from '../../../station/devices/serial-io/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

const SETTINGS = { baudRate: 9600 };

/** A port that takes no bytes: a write ends by its signal only. */
function blockedPort(): DevicePort & { readonly writes: string[]; isClosed: boolean } {
  const writes: string[] = [];
  return {
    path: 'port',
    writes,
    isClosed: false,
    write: (bytes, signal) =>
      new Promise((_resolve, reject) => {
        writes.push(Buffer.from(bytes).toString('latin1'));
        signal.addEventListener('abort', () => reject(abortFault(signal)), { once: true });
      }),
    onData: () => undefined,
    onLost: () => undefined,
    [Symbol.asyncDispose]() {
      this.isClosed = true;
      return Promise.resolve();
    },
  };
}

it('a write over TCP to a peer that does not read is ended by its signal, and the port closes', async () => {
  const server = createServer((socket) => void socket.pause().on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  {
    await using opened = await createTcpPorts().open(`tcp://127.0.0.1:${port}`, SETTINGS, NEVER_ABORTED);
    const stop = new AbortController();
    const written = faultOf(() => opened.write(Buffer.alloc(64 * 1024 * 1024), stop.signal));
    stop.abort();
    expect(await written).toMatchObject({ code: 'cancelled' });
  }
  server.close();
});

it('a send that waits for the send before it is ended by its own signal', async () => {
  const port = blockedPort();
  const filtered = filterEcho(port, manualClock(), 115_200);
  const first = new AbortController();
  const second = new AbortController();
  const blocked = faultOf(() => filtered.write(Buffer.from('first'), first.signal));
  const waiting = faultOf(() => filtered.write(Buffer.from('second'), second.signal));
  second.abort();
  expect(await waiting).toMatchObject({ code: 'cancelled' });
  first.abort();
  expect(await blocked).toMatchObject({ code: 'cancelled' });
  expect(port.writes).toEqual(['first']);
});

it('a relay board that takes no bytes is not configured, after its own limit', async () => {
  const clock = manualClock();
  const port = blockedPort();
  const boards = createRelayBoards({ open: () => Promise.resolve(port) }, clock);
  const used = faultOf(() =>
    boards.use('board', 'lcus', (board) => board.setRelay(1, true, NEVER_ABORTED), NEVER_ABORTED),
  );
  await expect.poll(() => port.writes.length).toBe(1);
  await clock.pass(1000);
  expect(await used).toMatchObject({ code: 'not-configured', details: { command: 'relay 1 on' } });
  expect(port.isClosed).toBe(true);
});

it('a slot that waits for a relay board in use is ended by its own signal', async () => {
  const boards = createRelayBoards({ open: () => Promise.resolve(blockedPort()) }, manualClock());
  const first = new AbortController();
  const holding = faultOf(() =>
    boards.use('board', 'numato', (board) => board.setRelay(1, true, first.signal), first.signal),
  );
  const second = new AbortController();
  const waiting = faultOf(() => boards.use('board', 'numato', () => Promise.resolve(1), second.signal));
  second.abort();
  expect(await waiting).toMatchObject({ code: 'cancelled' });
  first.abort();
  expect(await holding).toMatchObject({ code: 'cancelled' });
});
