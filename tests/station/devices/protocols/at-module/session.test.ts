import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import type { DeviceSession } from '../../../../../station/devices/protocols/index.ts';
import { openAtModule } from '../../../../../station/devices/protocols/at-module/index.ts';
import { createNodePlatform } from '#station';
import { faultOf } from '../../../../support/fault-of.ts';
import { scriptedLink, type ScriptedLink } from './scripted-link.ts';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

const { clock } = createNodePlatform('/nowhere');
const TRIPLE = { productId: 'CS0SLTKSYA', deviceName: 'dev1', deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==' };

function session(
  link: ScriptedLink,
  mask: SecretMask = new SecretMask(),
  commandTimeoutMs = 150,
): DeviceSession {
  return openAtModule(link, { clock, commandTimeoutMs, region: null, mask });
}

/** The dialogue that the command set's document prints, line by line, region and all. */
const DOCUMENTED: Readonly<Record<string, string>> = {
  AT: '\r\nOK\r\n',
  ATE0: '\r\nOK\r\n',
  'AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","IyXmUW5sU/q1vnb5yzTkeQ==","ap-guangzhou"':
    '\r\nOK\r\n\r\n+TCDEVINFOSET:OK\r\n',
  'AT+TCDEVINFOSET?': '\r\n+TCDEVINFOSET:1,"CS0SLTKSYA","dev1",60,"ap-guangzhou"\r\n\r\nOK\r\n',
  'AT+TCMQTTCONN=1,5000,240,1,1': '\r\nOK\r\n\r\n+TCMQTTCONN:OK\r\n',
  'AT+TCMQTTSTATE?': '\r\n+TCMQTTSTATE: 1\r\n\r\nOK\r\n',
  'AT+TCMQTTDISCONN': '\r\n+TCMQTTDISCON,2\r\n\r\nOK\r\n',
  'AT+TCMODULE':
    'Module HW name: ESP8266\r\nModule FW version: QCloud_AT_ESP8266_v3.2.1\r\nModule Mac addr: a2:b7:16:ca:2c:1d\r\nModule FW compiled time: Nov 21 2026\r\nModule Flash size: 2MB\r\n\r\nOK\r\n',
};
const documented = (line: string): string => DOCUMENTED[line] ?? '\r\nERROR\r\n';

describe('the documented dialogue', () => {
  it('burns, reads back and logs in', async () => {
    const link = scriptedLink(documented);
    const device = session(link);
    expect(await device.identify(NEVER_ABORTED)).toEqual({
      chipId: 'A2B716CA2C1D',
      model: 'ESP8266',
      firmwareVersion: 'QCloud_AT_ESP8266_v3.2.1',
    });
    await device.writeIdentity(TRIPLE, NEVER_ABORTED);
    expect(await device.readIdentity(TRIPLE, NEVER_ABORTED)).toEqual({
      kind: 'holds',
      name: { productId: 'CS0SLTKSYA', deviceName: 'dev1' },
      secretMatches: true,
    });
    await device.goOnline(NEVER_ABORTED);
    await device.goOffline(NEVER_ABORTED);
    // Each line is as the document has it, and none is sent twice.
    expect(link.received).toEqual([
      'AT',
      'ATE0',
      'AT+TCMODULE',
      'AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","IyXmUW5sU/q1vnb5yzTkeQ==","ap-guangzhou"',
      'AT+TCDEVINFOSET?',
      'AT+TCMQTTCONN=1,5000,240,1,1',
      'AT+TCMQTTSTATE?',
      'AT+TCMQTTDISCONN',
    ]);
  });

  it('detects another secret by its checksum', async () => {
    const other = { ...TRIPLE, deviceSecret: 'ZHNkIGRzZCA=' };
    expect(await session(scriptedLink(documented)).readIdentity(other, NEVER_ABORTED)).toMatchObject({
      secretMatches: false,
    });
  });

  it('is the same in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (sizes) => {
        const link = scriptedLink((line) => {
          const reply = documented(line);
          queueMicrotask(() => {
            for (let at = 0, n = 0; at < reply.length; n++) {
              const size = sizes[n % sizes.length] ?? 1;
              link.say(reply.slice(at, at + size));
              at += size;
            }
          });
          return null;
        });
        const device = session(link);
        expect((await device.identify(NEVER_ABORTED)).chipId).toBe('A2B716CA2C1D');
        expect(await device.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a module with arbitrary output', () => {
  it('ends each question with an answer or a fault of the unit, never with a defect', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, ends) => {
        const text = Buffer.from(bytes).toString('latin1') + (ends ? '\r\nOK\r\n' : '\r\n+CME ERROR:210\r\n');
        const device = session(
          scriptedLink((line) => (line.startsWith('AT+') ? text : 'OK\r\n')),
          undefined,
          20,
        );
        for (const ask of [
          () => device.identify(NEVER_ABORTED),
          () => device.readIdentity(TRIPLE, NEVER_ABORTED),
          () => device.prepareWrite(NEVER_ABORTED),
        ]) {
          try {
            await ask();
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
            expect((error as Fault).class).toBe('unit');
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff'])('is not told from others by %s', async (mac) => {
    const device = session(scriptedLink((line) => documented(line).replace('a2:b7:16:ca:2c:1d', mac)));
    expect(await faultOf(() => device.identify(NEVER_ABORTED))).toMatchObject({ code: 'device-garbled' });
  });
});

describe('an answer that comes late', () => {
  it('is not taken for the answer to the next question', async () => {
    let greetings = 0;
    const link = scriptedLink((line) => {
      // The first greeting is answered only after the second one was sent, as a slow module does.
      if (line === 'AT') return ++greetings === 1 ? null : '\r\nOK\r\n';
      if (line === 'ATE0') return '\r\nOK\r\n\r\nOK\r\n';
      return documented(line);
    });
    const device = session(link);
    expect((await device.identify(NEVER_ABORTED)).chipId).toBe('A2B716CA2C1D');
    expect(await device.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({
      kind: 'holds',
      secretMatches: true,
    });
  });

  it('of a module that is busy is waited for, and not forever', async () => {
    let busy = 2;
    const link = scriptedLink((line) => {
      if (line.startsWith('AT+TCMODULE') && busy-- > 0) return 'ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n';
      if (line.startsWith('AT+TCDEVINFOSET=')) return 'busy p...\r\n';
      return documented(line);
    });
    const device = session(link, undefined, 5000);
    expect((await device.identify(NEVER_ABORTED)).chipId).toBe('A2B716CA2C1D');
    expect(link.received.filter((line) => line === 'AT+TCMODULE')).toHaveLength(3);
    const impatient = session(link, undefined, 400);
    expect(await faultOf(() => impatient.writeIdentity(TRIPLE, NEVER_ABORTED))).toMatchObject({
      code: 'device-rejected',
      details: { code: 200 },
    });
  });
});

describe('a wire that does not take bytes', () => {
  it('is silence after the time limit, and gives way to a stop at once', async () => {
    const device = session(scriptedLink(() => null, { deaf: true }));
    const stop = AbortSignal.timeout(20);
    const reason = new Fault('cancelled', 'stopped');
    const controller = new AbortController();
    stop.addEventListener('abort', () => controller.abort(reason));
    expect(await faultOf(() => device.identify(controller.signal))).toBe(reason);
  });
});

describe('a port that is lost while it takes no bytes', () => {
  it('is what the fault names, at once, and not the silence of the unit', async () => {
    const link = scriptedLink(() => null, { deaf: true });
    // The test would end by its own limit before this one.
    const device = session(link, new SecretMask(), 3_600_000);
    const lost = new Fault('port-lost', 'the cable was pulled');
    const asked = faultOf(() => device.identify(NEVER_ABORTED));
    // The greeting is under way.
    await nextTurn();
    link.lose(lost);
    expect(await asked).toBe(lost);
  });
});

describe('an answer that does not come', () => {
  it.each([
    ['other text', () => '1: start\r\n2: st', 'only this came: "1: start\\n2: st"'],
    ['the echo', (line: string) => `${line}\r\n`, 'only what was sent came back (echo)'],
    ['half of the echo', (line: string) => line, 'only what was sent came back (echo)'],
  ] as const)('is told with what came: %s', async (_what, answer, told) => {
    const device = session(scriptedLink((line) => (line === 'AT+X' ? answer(line) : 'OK\r\n')));
    const { message } = await faultOf(() => device.command('AT+X', { timeoutMs: 60 }, NEVER_ABORTED));
    expect(message).toMatch(/^no answer to AT\+X on \S+ in 60 ms: /);
    expect(message.endsWith(told)).toBe(true);
  });

  it('shows no part of a secret', async () => {
    const device = session(
      scriptedLink((line) => (line.includes(TRIPLE.deviceSecret) ? line.slice(0, -22) : 'OK\r\n')),
    );
    const { message } = await faultOf(() => device.writeIdentity(TRIPLE, NEVER_ABORTED));
    expect(message).toMatch(/^no answer to/);
    expect(message).not.toContain(TRIPLE.deviceSecret.slice(0, 4));
  });
});

describe('a secret on its way into a module', () => {
  it('is announced before it is sent, and shows in no fault and no answer', async () => {
    const { deviceSecret } = TRIPLE;
    const mask = new SecretMask();
    const link = scriptedLink((line) => {
      if (!line.includes(deviceSecret))
        return line === 'AT+ECHO' ? `${deviceSecret} again\r\nOK\r\n` : 'OK\r\n';
      expect(mask.maskText(deviceSecret)).toBe('***');
      // The echo, glued to an error by a module that loses its line end.
      return `noise${line}ERROR\r\n`;
    });
    const device = session(link, mask);
    const fault = await faultOf(() => device.writeIdentity(TRIPLE, NEVER_ABORTED));
    expect(JSON.stringify([fault.message, fault.hint, fault.details])).not.toContain(deviceSecret);
    const late = await device.command('AT+ECHO', { timeoutMs: 150 }, NEVER_ABORTED);
    expect(late).toEqual(['*** again']);
  });

  it('is refused before anything is sent when the module could never take it', async () => {
    const link = scriptedLink(documented);
    const device = session(link);
    for (const tooLong of [
      { ...TRIPLE, productId: 'x'.repeat(11) },
      { ...TRIPLE, deviceName: 'x'.repeat(49) },
      { ...TRIPLE, deviceSecret: 'x'.repeat(45) },
    ])
      expect(await faultOf(() => device.checkWritable(tooLong))).toMatchObject({ code: 'bad-input' });
    device.checkWritable(TRIPLE);
    expect(link.received).toEqual([]);
  });
});
