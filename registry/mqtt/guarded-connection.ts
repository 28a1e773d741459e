import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { ConnectionEnded, isUnknownVersion, PacketTooLong, ControlWithdrawn } from './connection-ended.ts';
import { createPacketSizeGuard } from './packet-size-guard.ts';

/** CONNACK "unacceptable protocol version" (MQTT 3.1.1, 3.1.2.2). */
const UNACCEPTABLE_VERSION = Buffer.of(0x20, 2, 0, 1);

/**
 * A socket that ends itself when the device starts a packet longer than `maxPacketBytes`.
 * @param wire the TCP connection below, when `socket` is a TLS connection.
 */
export function guardConnection(socket: Socket, maxPacketBytes: number, wire: Socket = socket): Duplex {
  const guard = createPacketSizeGuard(maxPacketBytes);
  const guarded = new Duplex({
    read: () => void socket.resume(),
    write(chunk: Uint8Array, _encoding, done) {
      writeOut(socket, chunk, done);
    },
    writev(chunks, done) {
      // One packet is written in many pieces: let it leave in one segment.
      writeOut(socket, Buffer.concat(chunks.map(({ chunk }) => chunk as Uint8Array)), done);
    },
    final: (done) => void socket.end(done),
    destroy(error, done) {
      // A reset throws away what the system still holds for a peer that is out of reach; an orderly end would send it.
      if (error instanceof ControlWithdrawn) wire.resetAndDestroy();
      // The parser gives up before the broker could answer.
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
    // After an orderly end the broker still has to read what came last, and destroys this itself.
    if (!socket.readableEnded) guarded.destroy();
  });
  return guarded;
}

function writeOut(socket: Socket, bytes: Uint8Array, done: (error?: Error | null) => void): void {
  if (socket.destroyed) return done(new ConnectionEnded('the connection is closed'));
  socket.write(bytes, (error) => done(error ?? null));
}
