import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../../../station/core/platform/index.ts';
import { StoredData } from '../../../../../station/devices/protocols/at-module/stored-data.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { VirtualClock } from '../../../../support/virtual-clock.ts';

/** A module that answers each command with these pieces. */
function module(answer: (command: string) => readonly Uint8Array[]) {
  const written: string[] = [];
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let onLost: (fault: Fault) => void = () => undefined;
  const port = {
    path: 'port',
    write: (bytes: Uint8Array) => {
      const command = Buffer.from(bytes).toString();
      written.push(command);
      for (const piece of answer(command)) listener?.(piece);
      return Promise.resolve();
    },
    onData: (next: typeof listener) => void (listener = next),
    onLost: (next: typeof onLost) => void (onLost = next),
  } as unknown as DevicePort;
  return { port, written, lose: () => onLost(new Fault('port-lost', 'gone')) };
}

async function ask<T>(
  answer: string | readonly Uint8Array[],
  what: (data: StoredData) => Promise<T>,
): Promise<T> {
  using clock = new VirtualClock();
  const pieces = typeof answer === 'string' ? [Buffer.from(answer, 'latin1')] : answer;
  using data = new StoredData(module(() => pieces).port, clock);
  return await what(data);
}

const MD5 = '93412d9ab8f3039caed9667a1d151e86';
const INFO = `+TCFWINFO:"2.0.0",516360,"${MD5}",716800`;

describe('the firmware that a module has stored for its host', () => {
  it.each([
    ['as published firmware says it', `AT+TCFWINFO?\r\nOK\r\n${INFO}\r\n`],
    ['with the OK last', `\r\n${INFO}\r\n\r\nOK\r\n`],
    ['with a blank and without the room', `+TCFWINFO: "2.0.0",516360,"${MD5.toUpperCase()}"\r\nOK\r\n`],
  ])('is told %s', async (_, answer) => {
    const info = { version: '2.0.0', bytes: 516_360, md5: MD5 };
    expect(await ask(answer, (data) => data.info(NEVER_ABORTED))).toEqual(info);
  });

  const content = fc.uint8Array({ minLength: 1, maxLength: 60 });
  const size = fc.integer({ min: 1, max: 9 });
  it.each([
    ['bytes, as published firmware sends it', (bytes: Buffer) => bytes],
    ['digits, as the document prints it', (bytes: Buffer) => Buffer.from(bytes.toString('hex'))],
  ])('is read as %s, whatever it contains and wherever it is cut', async (_, form) => {
    await fc.assert(
      fc.asyncProperty(content, size, fc.boolean(), async (bytes, step, isFirst) => {
        const body = [
          Buffer.from(`+TCREADFWDATA:${bytes.length},`),
          form(Buffer.from(bytes)),
          Buffer.from('\r\n'),
        ];
        const ok = Buffer.from('OK\r\n');
        const sent = Buffer.concat(isFirst ? [ok, ...body] : [...body, ok]);
        const pieces = Array.from({ length: Math.ceil(sent.length / step) }, (__, at) =>
          sent.subarray(at * step, (at + 1) * step),
        );
        const read = await ask(pieces, (data) => data.block(60, NEVER_ABORTED));
        expect(Buffer.from(read)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['+CME ERROR:205\r\n', 'device-rejected', 'error 205'],
    ['ERR CODE:0x01090000\r\n\r\nERROR\r\n', 'device-rejected', 'ERROR'],
    ['OK\r\n+TCREADFWDATA:8,1234567', 'device-silent', 'AT+TCREADFWDATA=8'],
  ])('is refused: %j', async (answer, code, words) => {
    const fault = await faultOf(() => ask(answer, (data) => data.block(8, NEVER_ABORTED)));
    expect([fault.code, fault.message]).toEqual([code, expect.stringContaining(words)]);
  });

  it.each([
    'OK\r\n+TCREADFWDATA:9,123456789\r\n',
    'OK\r\n+TCREADFWDATA:0,\r\n',
    'OK\r\n+TCREADFWDATA:2,abxyz',
    'OK\r\n+TCREADFWDATA:2,abcdef\r\n',
  ])('has no such block: %j', async (answer) => {
    expect(await ask(answer, (data) => data.block(8, NEVER_ABORTED))).toEqual(new Uint8Array());
  });

  it.each(['+CME ERROR:200\r\n', 'ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n'])(
    'is asked for again while the module is busy: %j',
    async (busy) => {
      using clock = new VirtualClock();
      const answers = [busy, busy, 'OK\r\n+TCREADFWDATA:2,ab\r\n'];
      const unit = module(() => [Buffer.from(answers.shift() ?? '')]);
      using data = new StoredData(unit.port, clock);
      expect(Buffer.from(await data.block(8, NEVER_ABORTED)).toString()).toBe('ab');
      expect(unit.written).toHaveLength(3);
    },
  );

  it('ends with the port and with the run', async () => {
    using clock = new VirtualClock();
    const unit = module(() => []);
    using data = new StoredData(unit.port, clock);
    const asked = data.block(8, NEVER_ABORTED);
    unit.lose();
    expect((await faultOf(() => asked)).code).toBe('port-lost');
    const reason = new Fault('cancelled', 'stopped');
    expect(await faultOf(() => data.info(AbortSignal.abort(reason)))).toBe(reason);
    expect(unit.written).toEqual(['AT+TCREADFWDATA=8\r\n']);
  });
});
