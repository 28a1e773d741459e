import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../../../station/core/platform/index.ts';
import { PortEvents } from '../../../../../station/devices/drivers/port-events.ts';
import { createEspProtocol } from '../../../../../station/devices/protocols/esp/index.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { EspSocket } from './esp-socket.ts';
import { type EspScript, ScriptedEsp } from './scripted-esp.ts';

/** Waits end at once, after whatever is under way. */
const clock: Clock = {
  nowMs: () => 0,
  monotonicMs: () => performance.now(),
  sleep: async (_ms, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
};
const FIRST = 'ESP-ROM:esp32c3\r\napp started\r\n';

/** Flashes a chip, and returns what the next listener of the port gets. */
async function afterFlash(script: EspScript, boot: string | null = null): Promise<string> {
  const chip = new ScriptedEsp(script);
  const port = new EspSocket(chip);
  if (boot !== null) port.boot = () => boot;
  const image = { name: 'app.bin', offset: 0x1_0000, bytes: Buffer.alloc(5000, 'app ') };
  const job = {
    chip: 'esp32c3',
    images: [image],
    updater: null,
    baudRate: 115_200,
    portBaudRate: 115_200,
    verify: 'auto',
    clock,
    trace: () => undefined,
  } as const;
  await createEspProtocol().flash(port, job, () => undefined, NEVER_ABORTED);
  expect(chip.flash.subarray(0x1_0000, 0x1_0000 + 5000).equals(image.bytes)).toBe(true);
  const heard: Uint8Array[] = [];
  port.onData((bytes) => heard.push(bytes));
  return Buffer.concat(heard).toString();
}

describe('the first line of a flashed application is for the next reader', () => {
  it('when it comes before the port has confirmed the reset', async () => {
    expect(await afterFlash({}, FIRST)).toBe(FIRST);
  });

  it('when it comes in one piece with the reply to FLASH_END', async () => {
    expect(await afterFlash({ hasLines: false, onEnd: { says: FIRST } })).toBe(FIRST);
  });

  it('when it comes in place of that reply', async () => {
    expect(await afterFlash({ hasLines: false, onEnd: { says: FIRST, replies: false } })).toBe(FIRST);
  });
});

it('bytes that were given back come before those that came since', () => {
  const events = new PortEvents(100);
  events.receive(Buffer.from('later '));
  events.unread(Buffer.from('first '));
  events.receive(Buffer.from('last'));
  const heard: Uint8Array[] = [];
  events.onData((bytes) => heard.push(bytes));
  expect(Buffer.concat(heard).toString()).toBe('first later last');
});
