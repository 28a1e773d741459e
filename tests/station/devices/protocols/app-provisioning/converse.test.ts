import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { createNodePlatform } from '#station';
import {
  deviceInfoReply,
  errorReply,
  readAppCommand,
} from '../../../../../simulator/parts/at/app-conversation.ts';
import { ModuleLog } from '../../../../../simulator/parts/at/module-log.ts';
import type { Clock, DevicePort } from '../../../../../station/core/platform/index.ts';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { converse, queryLog } from '../../../../../station/devices/protocols/app-provisioning/index.ts';
import { JsonObjects } from '../../../../../station/devices/protocols/app-provisioning/json-objects.ts';
import {
  codesOfLog,
  encodeGiven,
  escapedInJson,
  readUnitAnswer,
} from '../../../../../station/devices/protocols/app-provisioning/messages.ts';
import { createUdpPorts } from '../../../../../station/devices/drivers/udp/index.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

const GIVEN = { kind: 'network', ssid: 'line', password: 'p,w"d\\12', token: 'v3_0123456789abcdef' } as const;

/** A clock whose pauses are over at once, in which a peer has had its turn. */
const clock = { monotonicMs: () => 0, sleep: () => Promise.resolve() } as unknown as Clock;

/** A peer that answers the datagram of this number; `sent` has all that came. */
function peer(answer: (bytes: Uint8Array, number: number) => Uint8Array | null) {
  const sent: Uint8Array[] = [];
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const port = {
    path: 'udp://192.168.4.1:8266',
    write: (bytes: Uint8Array) => {
      sent.push(bytes);
      const reply = answer(bytes, sent.length);
      if (reply !== null) listener?.(reply);
      return Promise.resolve();
    },
    onData: (next: typeof listener) => void (listener = next),
  } as unknown as DevicePort;
  return { port, sent };
}

describe('the conversation of an app with a module', () => {
  it('passes on what a hostile unit says as bounded lines without secrets', async () => {
    const { password } = GIVEN;
    const told: string[] = [];
    const log = `\u202e\n${password} ${'x'.repeat(5000)} ${password} (10, 2)`;
    const error = (deviceReply: string, text: string): Uint8Array =>
      Buffer.from(JSON.stringify({ cmdType: 2, deviceReply, log: text }));
    const errors = Array.from({ length: 40 }, (_, n) => error('Previous_Error', `${n}${log}`));
    const { port } = peer(() => Buffer.concat([...errors, error('Current_Error', log)]));
    const mask = new SecretMask();
    const options = { clock, mask, onPreviousError: (text: string) => void told.push(text) };
    const fault = await faultOf(() => converse(port, GIVEN, options, NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'provisioning-refused', details: { code: '10, 2' } });
    expect(told).toHaveLength(5);
    for (const text of [...told, fault.message]) {
      expect(text.length).toBeLessThan(700);
      expect(text).not.toMatch(/[\u202e\n]/);
      expect(text).not.toContain(password);
    }
    const { port: other } = peer(() => error('Current_Error', log));
    const said = await queryLog(other, { clock, mask, given: GIVEN }, NEVER_ABORTED);
    expect(said).toMatch(/^…x+ \*\*\* \(10, 2\)$/);
  });

  it('repeats its message until an answer comes, when datagrams are lost', async () => {
    const { port, sent } = peer((_, number) => (number < 3 ? null : deviceInfoReply('CS0SLTKSYA', 'dev1')));
    const mask = new SecretMask();
    const said = await converse(
      port,
      GIVEN,
      { clock, mask, onPreviousError: () => undefined },
      NEVER_ABORTED,
    );
    expect(said).toEqual({ productId: 'CS0SLTKSYA', deviceName: 'dev1', sends: 3 });
    expect(sent.map((bytes) => Buffer.from(bytes).toString())).toEqual(
      Array(3).fill('{"cmdType":1,"ssid":"line","password":"p,w\\"d\\\\12","token":"v3_0123456789abcdef"}'),
    );
    expect(mask.maskText(Buffer.from(sent[0] ?? []).toString())).toBe(
      '{"cmdType":1,"ssid":"***","password":"***","token":"***"}',
    );
  });

  it('ends after five messages without an answer', async () => {
    const { port, sent } = peer(() => null);
    const options = { clock, mask: new SecretMask(), onPreviousError: () => undefined };
    expect(await faultOf(() => converse(port, GIVEN, options, NEVER_ABORTED))).toMatchObject({
      code: 'device-silent',
    });
    expect(sent).toHaveLength(5);
  });

  it('goes on after an error of an earlier provisioning, and ends with one of its own', async () => {
    const told: string[] = [];
    const { port } = peer((_, number) =>
      number === 1
        ? errorReply('Previous_Error', { code: 10, subCode: 2 })
        : errorReply('Current_Error', { code: 2, subCode: 201 }),
    );
    const options = { clock, mask: new SecretMask(), onPreviousError: (log: string) => void told.push(log) };
    expect(await faultOf(() => converse(port, GIVEN, options, NEVER_ABORTED))).toMatchObject({
      code: 'provisioning-refused',
      details: { code: '2, 201', 'meaning.zh-CN': 'App 发来的指令有误：消息不是有效的 JSON' },
    });
    expect(told).toEqual(['ESP WIFI connect error! (10, 2)']);
  });

  it('gives way to a stop', async () => {
    const stop = new AbortController();
    const reason = new Fault('cancelled', 'stopped');
    const { port } = peer(() => {
      stop.abort(reason);
      return null;
    });
    const options = { clock, mask: new SecretMask(), onPreviousError: () => undefined };
    expect(await faultOf(() => converse(port, GIVEN, options, stop.signal))).toBe(reason);
  });

  it('is over UDP: one message is one datagram, and an address without a peer loses it', async () => {
    const { clock: real } = createNodePlatform('/nowhere');
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    socket.on('message', (bytes, from) => {
      const answer = readAppCommand(bytes)?.kind === 'network' ? deviceInfoReply('P', 'D') : new Uint8Array();
      socket.send(answer, from.port, from.address);
    });
    await using opened = await createUdpPorts().open(`udp://127.0.0.1:${port}`, {} as never, NEVER_ABORTED);
    const options = { clock: real, mask: new SecretMask(), onPreviousError: () => undefined };
    expect(await converse(opened, GIVEN, options, NEVER_ABORTED)).toMatchObject({
      deviceName: 'D',
      sends: 1,
    });
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    await opened.write(Buffer.from('x'), NEVER_ABORTED);
    await opened.write(Buffer.from('y'), NEVER_ABORTED);
  });

  it.each(['udp://', 'udp://host', 'tcp://h:1x'])('refuses the address %s', async (path) => {
    expect(await faultOf(() => createUdpPorts().open(path, {} as never, NEVER_ABORTED))).toMatchObject({
      code: 'bad-input',
    });
  });
});

describe('the log of a module', () => {
  const given = { ...GIVEN, password: 'p,w"d\\and-a-long-rest-of-it' };
  const asked = async (answer: Uint8Array | null, mask = new SecretMask()): Promise<string | null> => {
    const { port, sent } = peer(() => answer);
    const { token, ssid, password } = given;
    // As `converse` has done before.
    mask.protect([token, ssid, password, escapedInJson(password)]);
    const log = await queryLog(port, { clock, mask, given }, NEVER_ABORTED);
    expect(sent.map((bytes) => Buffer.from(bytes).toString())).toEqual(['{"cmdType":3}']);
    return log;
  };

  it('is read as the protocol has it, and is none without an answer', async () => {
    expect(await asked(errorReply('Previous_Error', { code: 10, subCode: 2 }))).toBe(
      'ESP WIFI connect error! (10, 2)',
    );
    expect(await asked(null)).toBeNull();
  });

  it('is read as published firmware sends it, twice as text, without the secrets and their cut ends', async () => {
    const log = new ModuleLog(() => 81_234);
    const { ssid, password, token } = given;
    log.write('udp_server_task(626)', Buffer.from(encodeGiven(given)).toString());
    for (const padding of ['', 'x'.repeat(30), 'x'.repeat(60)])
      log.write('app_handle_recv_data(513)', `SSID:${ssid}${padding}|PSW:${password}|TOKEN:${token}`);
    log.write('app_handle_recv_data(519)', 'wifi_sta_connect failed: 2');
    const text = log.take();
    const mask = new SecretMask();
    const read = await asked(Buffer.concat([text, text]), mask);
    expect(read).toContain(
      '81234|udp_server_task(626): {"cmdType":1,"ssid":"***","password":"***","token":"***',
    );
    expect(read).toContain('wifi_sta_connect failed: 2');
    expect(read?.match(/wifi_sta_connect/g)).toHaveLength(1);
    for (const secret of [password, token])
      for (const piece of [secret.slice(0, 4), secret.slice(1, 6), secret.slice(-4)]) {
        expect(read).not.toContain(piece);
        expect(Buffer.from(mask.maskBytes(text)).toString()).not.toContain(piece);
      }
  });
});

describe('its messages', () => {
  it('are read by another implementation as what was meant, for arbitrary texts', () => {
    const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.string({ unit: 'grapheme' }), text, (ssid, password, token) => {
        expect(readAppCommand(encodeGiven({ kind: 'network', ssid, password, token }))).toEqual({
          kind: 'network',
          ssid,
          password,
          token,
        });
        expect(readAppCommand(encodeGiven({ kind: 'token', token }))).toEqual({ kind: 'token', token });
        expect(readUnitAnswer(Buffer.from(deviceInfoReply(ssid, token)).toString())).toEqual({
          kind: 'info',
          productId: ssid,
          deviceName: token,
        });
      }),
    );
  });

  it.each([
    [
      '{"cmdType":2,"productId":"P","deviceName":"D","protoVersion":"2.0"}',
      { kind: 'info', deviceName: 'D' },
    ],
    [
      '{"cmdType":2,"deviceReply":"Current_Error","log":"ESP WIFI connect error! (10, 2)"}',
      { kind: 'error', isPrevious: false, log: 'ESP WIFI connect error! (10, 2)' },
    ],
    ['{"cmdType":2,"deviceReply":"Previous_Error","log":"x"}', { kind: 'error', isPrevious: true }],
    ['{"cmdType":1,"ssid":"x"}', null],
    ['{"cmdType":2}', null],
    ['[]', null],
    ['nonsense', null],
  ])('are understood: %s', (json, read) => {
    if (read === null) expect(readUnitAnswer(json)).toBeNull();
    else expect(readUnitAnswer(json)).toMatchObject(read);
  });

  it('name their codes at the end', () => {
    expect(codesOfLog('ESP WIFI connect error! (10, 2)')).toEqual({ code: 10, subCode: 2 });
    expect(codesOfLog('no codes')).toBeNull();
  });

  it('are whole whatever pieces they come in, between anything that is none', () => {
    const object = fc
      .dictionary(fc.string(), fc.oneof(fc.string(), fc.integer()))
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(
        fc.array(object),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (objects, sizes) => {
          const bytes = Buffer.from(objects.join('\r\n }" '));
          const reader = new JsonObjects();
          const found: string[] = [];
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const size = sizes[n % sizes.length] ?? 1;
            found.push(...reader.push(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(found).toEqual(objects);
        },
      ),
    );
  });
});
