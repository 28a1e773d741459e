import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../../station/core/platform/index.ts';
import { lendable } from '../../../../station/devices/drivers/lendable-port.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

interface FakePort extends DevicePort {
  readonly sent: string[];
  isClosed: boolean;
  say(text: string): void;
  lose(fault: Fault): void;
}

function fakePort(path: string): FakePort {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let onLost: (fault: Fault) => void = () => undefined;
  return {
    path,
    sent: [],
    isClosed: false,
    write(bytes) {
      this.sent.push(Buffer.from(bytes).toString());
      return Promise.resolve();
    },
    onData: (next) => void (listener = next),
    onLost: (next) => void (onLost = next),
    setControlLines: () => Promise.resolve(),
    say: (text) => listener?.(Buffer.from(text)),
    lose: (fault) => onLost(fault),
    [Symbol.asyncDispose]() {
      this.isClosed = true;
      return Promise.resolve();
    },
  };
}

const LOST = new Fault('port-lost', 'the cable was pulled');

describe('a port that is lent', () => {
  it('is closed meanwhile, and comes back with its listeners, also under another path', async () => {
    const [first, second] = [fakePort('/dev/ttyUSB0'), fakePort('/dev/ttyUSB1')];
    const port = lendable(first, () => Promise.resolve(second));
    const heard: string[] = [];
    const lost: string[] = [];
    port.onData((bytes) => heard.push(Buffer.from(bytes).toString()));
    port.onLost(({ code }) => lost.push(code));
    first.say('before');
    const result = await port.lend?.(async (path) => {
      expect([path, first.isClosed]).toEqual(['/dev/ttyUSB0', true]);
      // The end of the closed port is no loss, and nobody else writes meanwhile.
      first.lose(LOST);
      expect(await faultOf(() => port.write(Buffer.from('x'), NEVER_ABORTED))).toMatchObject({
        code: 'port-busy',
      });
      return 7;
    });
    expect(result).toBe(7);
    second.say('after');
    await port.write(Buffer.from('AT'), NEVER_ABORTED);
    expect(heard).toEqual(['before', 'after']);
    expect(second.sent).toEqual(['AT']);
    expect(port.path).toBe('/dev/ttyUSB1');
    expect(lost).toEqual([]);
    second.lose(LOST);
    expect(lost).toEqual(['port-lost']);
    expect(port.setBaudRate).toBeUndefined();
    expect(port.setControlLines).toBeDefined();
  });

  it('comes back when its user fails, and after some attempts', async () => {
    const second = fakePort('/dev/ttyUSB0');
    let attempts = 0;
    const port = lendable(fakePort('/dev/ttyUSB0'), () => {
      attempts += 1;
      return attempts < 3
        ? Promise.reject(new Fault('port-missing', 'it is not there yet'))
        : Promise.resolve(second);
    });
    const failed = faultOf(async () => port.lend?.(() => Promise.reject(new Fault('tool-failed', 'no'))));
    expect(await failed).toMatchObject({ code: 'tool-failed' });
    await port.write(Buffer.from('AT'), NEVER_ABORTED);
    expect(second.sent).toEqual(['AT']);
    await port[Symbol.asyncDispose]();
    expect(second.isClosed).toBe(true);
  });

  it('that is closed meanwhile is not waited for', async () => {
    const port = lendable(fakePort('/dev/ttyUSB0'), (closing) =>
      closing.aborted
        ? Promise.reject(closing.reason as Fault)
        : Promise.reject(new Fault('port-missing', 'gone')),
    );
    await port.lend?.(async () => {
      await port[Symbol.asyncDispose]();
    });
  });
});
