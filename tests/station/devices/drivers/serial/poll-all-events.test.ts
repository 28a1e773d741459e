import { once } from 'node:events';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { SerialPort } from 'serialport';
import { describe, expect, it } from 'vitest';
import { loadLibc, openPty } from '../../../../../simulator/pty/index.ts';
import { createSerialPorts } from '../../../../../station/devices/drivers/serial/index.ts';
import { pollAllEvents } from '../../../../../station/devices/drivers/serial/poll-all-events.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { until } from '../../../../support/until.ts';

/** More than the buffers of a pseudo-terminal and of its master take. */
const LONG = Buffer.alloc(512 * 1024, 7);

describe.skipIf(hostSystem().ptysMissing !== null)('a port that is written and read at once', () => {
  it('hears the unit while the unit takes no bytes', async () => {
    const pair = openPty(loadLibc());
    try {
      await using port = await createSerialPorts({ of: () => Promise.resolve([]) }).open(
        pair.path,
        { baudRate: 921_600 },
        NEVER_ABORTED,
      );
      const heard: number[] = [];
      port.onData((bytes) => heard.push(...bytes));
      const written = port.write(LONG, NEVER_ABORTED);
      for (let byte = 1; byte <= 20; byte++) {
        pair.master.write(Uint8Array.of(byte));
        await until(() => heard.length === byte, `byte ${byte}`);
      }
      pair.master.resume();
      await written;
    } finally {
      pair.close();
    }
  });

  it('goes on with a write that waited for room when a read began to wait', async () => {
    const pair = openPty(loadLibc());
    const port = new SerialPort({ path: pair.path, baudRate: 921_600, autoOpen: false });
    try {
      port.open();
      await once(port, 'open');
      pollAllEvents(port);
      const poller = (port.port as unknown as { poller: NodeJS.EventEmitter }).poller;
      const written = new Promise((resolve) => port.write(LONG, resolve));
      await until(() => poller.listenerCount('writable') > 0, 'a write that waits');
      port.resume();
      await until(() => poller.listenerCount('readable') > 0, 'a read that waits');
      pair.master.resume();
      expect(await written).toBeFalsy();
    } finally {
      await new Promise((resolve) => port.close(resolve));
      pair.close();
    }
  });
});
