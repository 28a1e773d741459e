import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteBuffer } from '#shared/codec/byte-buffer.ts';
import { createTcpPorts } from '../../../../station/devices/drivers/tcp/index.ts';
import type { DevicePort } from '../../../../station/core/platform/index.ts';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import { AtChannel } from '../../../../station/devices/protocols/at-module/at-channel.ts';
import { SerialIo } from '../../../../station/devices/serial-io/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const MB = 1024 ** 2;

/** A port at whose other end the test is. */
function port(): DevicePort & { say(bytes: Uint8Array): void } {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  return {
    path: 'port',
    say: (bytes) => listener?.(bytes),
    write: () => Promise.resolve(),
    onData: (next) => void (listener = next),
    onLost: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

describe('a unit that sends without end', () => {
  it('before anybody listens leaves the last of it, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.integer({ min: 1, max: 50 }),
        (chunks, limitBytes) => {
          const backlog = createByteBuffer(limitBytes);
          for (const chunk of chunks) {
            backlog.push(chunk);
            expect(backlog.length).toBeLessThanOrEqual(limitBytes);
          }
          const all = Buffer.concat(chunks);
          expect(
            Buffer.concat(backlog.take()).equals(all.subarray(Math.max(0, all.length - limitBytes))),
          ).toBe(true);
          expect(backlog.length).toBe(0);
        },
      ),
    );
  });

  it('and whose steps only look is not kept for a protocol that never listens', () => {
    const unit = port();
    const io = new SerialIo(unit, { clock: manualClock(), mask: new SecretMask(), framing: null });
    const chunk = Buffer.alloc(65_536, 'noise without a line end ');
    for (let said = 0; said < 8 * MB; said += chunk.length) unit.say(chunk);
    unit.say(Buffer.from('the end'));
    let kept = Buffer.alloc(0);
    io.port.onData((bytes) => (kept = Buffer.concat([kept, bytes])));
    expect(kept.length).toBeLessThanOrEqual(65_536);
    expect(kept.toString().endsWith('the end')).toBe(true);
    expect(io.received.text.length).toBeLessThanOrEqual(16_384);
    expect(io.receivedBytes).toBe(8 * MB + 7);
  });

  it('in answer to a command has the first and the last of its lines in the answer', async () => {
    const unit = port();
    const channel = new AtChannel(unit, { clock: manualClock(), mask: new SecretMask() });
    const answer = channel.exchange('AT+X', { timeoutMs: 1000, answer: /^\+X:/ }, NEVER_ABORTED);
    unit.say(Buffer.from('+X: 1\r\n'));
    const lines = Buffer.from('a line of noise\r\n'.repeat(4000));
    for (let n = 0; n < 20; n += 1) unit.say(lines);
    unit.say(Buffer.from('the last line\r\nOK\r\n'));
    const kept = await answer;
    expect(kept.at(0)).toBe('+X: 1');
    expect(kept.at(-1)).toBe('the last line');
    expect(kept.join('').length).toBeLessThanOrEqual(16_384);
  });

  it('over TCP waits itself until it is listened to, and then loses nothing', async () => {
    const WHOLE = 16 * MB;
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: number } = server.address() as AddressInfo;
    const settings = { baudRate: 115_200 };
    await using link = await createTcpPorts().open(`tcp://127.0.0.1:${number}`, settings, NEVER_ABORTED);
    const [unit] = sockets.length > 0 ? sockets : ((await once(server, 'connection')) as Socket[]);
    let left = 0;
    for (let said = 0; said < WHOLE; said += MB) unit?.write(Buffer.alloc(MB, said / MB), () => (left += MB));

    // Time for whoever reads without end: so many round trips of another connection.
    const beside = connect(number, '127.0.0.1');
    await once(beside, 'connect');
    while (sockets.length < 2) await once(server, 'connection');
    sockets[1]?.on('data', (bytes) => sockets[1]?.write(bytes));
    for (let trip = 0; trip < 1000; trip += 1) {
      beside.write('.');
      await once(beside, 'data');
    }
    expect(left).toBeLessThan(WHOLE);

    let heard = 0;
    const sizes = new Map<number, number>();
    const whole = Promise.withResolvers<undefined>();
    link.onData((bytes) => {
      heard += bytes.length;
      for (let at = 0; at < bytes.length; at += 1)
        sizes.set(bytes[at] ?? 0, (sizes.get(bytes[at] ?? 0) ?? 0) + 1);
      if (heard === WHOLE) whole.resolve(undefined);
    });
    await whole.promise;
    expect([...sizes]).toEqual(Array.from({ length: 16 }, (_, n) => [n, MB]));
    for (const socket of [...sockets, beside]) socket.destroy();
    server.close();
  });
});
