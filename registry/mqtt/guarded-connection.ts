import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { ConnectionEnded, isUnknownVersion, PacketTooLong, ControlWithdrawn } from './connection-ended.ts';
import { createPacketSizeGuard } from './packet-size-guard.ts';

/** CONNACK "unacceptable protocol version" (MQTT 3.1.1, 3.1.2.2). */
const UNACCEPTABLE_VERSION = Buffer.of(0x20, 2, 0, 1);

/**
 * Wraps a socket and ends it when a packet longer than `maxPacketBytes` begins.
 * @param tcp the TCP socket below a TLS socket
 */
export function guardConnection(socket: Socket, maxPacketBytes: number, tcp: Socket = socket): Duplex {
  const guard = createPacketSizeGuard(maxPacketBytes);
  const guarded = new Duplex({
    read: () => void socket.resume(),
    write(chunk: Uint8Array, _encoding, done) {
      writeOut(socket, chunk, done);
    },
    writev(chunks, done) {
      // aedes writes a packet in many pieces; one write sends one segment.
      writeOut(socket, Buffer.concat(chunks.map(({ chunk }) => chunk as Uint8Array)), done);
    },
    final: (done) => void socket.end(done),
    destroy(error, done) {
      // A reset drops unsent bytes; an orderly close would send them later.
      if (error instanceof ControlWithdrawn) tcp.resetAndDestroy();
      // The parser fails before the broker can answer.
      if (error !== null && isUnknownVersion(error)) socket.end(UNACCEPTABLE_VERSION);
      else socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Uint8Array) => {
    if (!guard.accept(chunk))
      guarded.destroy(new PacketTooLong(`a packet is longer than ${maxPacketBytes} bytes`));
    else if (!guarded.push(chunk)) socket.pause();
  });
  socket.on('end', () => guarded.push(null));
  socket.on('error', (error) => guarded.destroy(error));
  socket.on('close', () => {
    // After an orderly close the broker reads the rest, and destroys the stream itself.
    if (!socket.readableEnded) guarded.destroy();
  });
  return guarded;
}

function writeOut(socket: Socket, bytes: Uint8Array, done: (error?: Error | null) => void): void {
  if (socket.destroyed) return done(new ConnectionEnded('the connection is closed'));
  socket.write(bytes, (error) => done(error ?? null));
}
