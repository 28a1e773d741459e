/**
 * Sends to ports that take no bytes, ends all sends by a signal, and closes the ports: `blocked-ports-child.ts FIFO PORT…`.
 * A pty never blocks a drain, so that here a drain opens a FIFO: it holds a thread of Node's pool, as `tcdrain(3)` does.
 * Prints a line with the numbers of ended sends and of flushes.
 */
import { open, openSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { createSerialPorts } from '../../../../../station/devices/drivers/serial/index.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

const [fifo = '', ...paths] = process.argv.slice(2);
const stop = new AbortController();
let [drains, flushes] = [0, 0];
SerialPort.prototype.drain = (done) => {
  open(fifo, 'r', (error) => done?.(error));
  drains += 1;
  if (drains === paths.length) stop.abort();
};
const flush = SerialPort.prototype.flush;
SerialPort.prototype.flush = function (done) {
  flush.call(this, (error) => {
    flushes += 1;
    // Ends all drains.
    if (flushes === paths.length) openSync(fifo, 'r+');
    done?.(error);
  });
};

const ports = createSerialPorts();
const opened = await Promise.all(paths.map((path) => ports.open(path, { baudRate: 115_200 }, NEVER_ABORTED)));
const sends = opened.map((port) => port.write(Uint8Array.of(1), stop.signal));
const ended = await Promise.allSettled(sends);
process.stdout.write(`${JSON.stringify({ ended: ended.length, flushes })}\n`);
await Promise.all(opened.map((port) => port[Symbol.asyncDispose]()));
process.exit(0);
