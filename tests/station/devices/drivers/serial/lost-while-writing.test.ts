import { EventEmitter } from 'node:events';
import type { SerialPort } from 'serialport';
import { expect, it } from 'vitest';
import { OpenSerialPort } from '../../../../../station/devices/drivers/serial/open-serial-port.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

/** A port of the bindings that takes bytes and never reports that they have left the computer. */
class UndrainedPort extends EventEmitter {
  readonly path = 'COM7';
  isOpen = true;
  flushed = 0;
  write(_bytes: Uint8Array, done: (error?: Error) => void): void {
    done();
  }
  drain(): void {
    this.emit('draining');
  }
  flushes = true;
  flush(done: () => void): void {
    this.flushed += 1;
    if (this.flushes) done();
  }
  close(done: () => void): void {
    this.isOpen = false;
    done();
  }
}

it('a write ends with the loss of its port, also when the bindings never report its end', async () => {
  const bindings = new UndrainedPort();
  await using port = new OpenSerialPort(bindings as unknown as SerialPort, { of: () => Promise.resolve([]) });
  bindings.once('draining', () => bindings.emit('close', new Error('the adapter was removed')));
  const fault = await faultOf(() => port.write(Uint8Array.of(1), NEVER_ABORTED));
  expect(fault).toMatchObject({ code: 'port-lost' });
  expect(bindings).toMatchObject({ flushed: 1, isOpen: false });
  expect(await faultOf(() => port.write(Uint8Array.of(1), NEVER_ABORTED))).toBe(fault);
});

it('a write ends with its signal, and the port closes, also when the bindings never report the end of a flush', async () => {
  const bindings = new UndrainedPort();
  bindings.flushes = false;
  const port = new OpenSerialPort(bindings as unknown as SerialPort, { of: () => Promise.resolve([]) });
  const stop = new AbortController();
  bindings.once('draining', () => stop.abort());
  expect(await faultOf(() => port.write(Uint8Array.of(1), stop.signal))).toMatchObject({ code: 'cancelled' });
  await port[Symbol.asyncDispose]();
  expect(bindings).toMatchObject({ flushed: 2, isOpen: false });
});
