import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { createNodePlatform } from '#station';
import { parseParameters } from '../../../../../simulator/parts/at/parse-command.ts';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { openAtModule } from '../../../../../station/devices/protocols/at-module/index.ts';
import { escapeParameter } from '../../../../../station/devices/protocols/at-module/replies.ts';
import {
  readAccessPoint,
  readAddress,
  readMode,
  readServer,
  readVerdict,
} from '../../../../../station/devices/protocols/at-module/wifi-replies.ts';
import type { ModuleWifi } from '../../../../../station/devices/protocols/module-wifi.ts';
import type { SimulatorOptions } from '#simulator';
import { TestSimulator } from '../../../../kit/test-simulator.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { scriptedLink } from './scripted-link.ts';

const platform = createNodePlatform('/nowhere');
const SERIAL = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flowControl: 'none' } as const;
const JOIN = { withinMs: 5_000, replaceStored: false };
/** Every character that must be escaped, and one of three bytes. */
const LINE = { ssid: 'wi"fi, \\ 线', password: 'p,w"d\\12' };

/** The Wi-Fi of a simulated module through the station's driver, and its mask. */
async function moduleOf(simulator: TestSimulator, slot: number) {
  const port = await platform.devicePorts.open(simulator.pathOf(slot), SERIAL as never, NEVER_ABORTED);
  const mask = new SecretMask();
  const session = openAtModule(port, { clock: platform.clock, commandTimeoutMs: 2_000, region: null, mask });
  const { wifi } = session;
  if (wifi === undefined) throw new Error('a module has Wi-Fi');
  const ask = (line: string): Promise<string[]> => session.command(line, { timeoutMs: 2_000 }, NEVER_ABORTED);
  return { wifi, mask, ask, [Symbol.asyncDispose]: () => port[Symbol.asyncDispose]() };
}

function start(options: Partial<SimulatorOptions> = {}): Promise<TestSimulator> {
  return TestSimulator.start({ timeScale: 0.01, wifi: [LINE], dialect: 'per-unit', ...options } as never);
}

describe('a module in a run', () => {
  it('joins a network in either dialect, is pointed elsewhere, and is left with what it had', async () => {
    await using simulator = await start({
      count: 2,
      faults: { units: { 1: [{ fault: 'no-wifi' }], 2: [{ fault: 'no-wifi' }] } },
    });
    for (const slot of [1, 2]) {
      await using module = await moduleOf(simulator, slot);
      await module.ask('AT+CWMODE=2');
      const joined = await module.wifi.join(LINE, JOIN, NEVER_ABORTED);
      expect(joined).toMatchObject({ ssid: LINE.ssid, rssiDbm: -48, isStored: false });
      expect(joined.address).toMatch(/^192\.168\.4\.\d+$/);
      expect(module.mask.maskText(`${LINE.password} ${escapeParameter(LINE.password)}`)).toBe('*** ***');
      await module.wifi.pointTo('127.0.0.1', NEVER_ABORTED);
      expect(readServer(await module.ask('AT+TCMQTTSRV?'))).toEqual({ host: '127.0.0.1' });
      await module.wifi.leaveAsFound(NEVER_ABORTED);
      expect(readMode(await module.ask('AT+CWMODE?'))).toBe(2);
      expect(readAccessPoint(await module.ask('AT+CWJAP?'))).toBe('none');
      expect(readServer(await module.ask('AT+TCMQTTSRV?'))).toBe('none');
    }
  });

  it('has its own network and server again', async () => {
    await using simulator = await start({ wifi: [LINE, { ssid: 'GW-LINE' }] } as never);
    await using module = await moduleOf(simulator, 1);
    await module.ask('AT+TCMQTTSRV="10.0.0.9"');
    await module.wifi.pointTo('127.0.0.1', NEVER_ABORTED);
    await module.wifi.join(LINE, JOIN, NEVER_ABORTED);
    await module.wifi.leaveAsFound(NEVER_ABORTED);
    expect(readAccessPoint(await module.ask('AT+CWJAP?'))).toMatchObject({ ssid: 'GW-LINE' });
    expect(readServer(await module.ask('AT+TCMQTTSRV?'))).toEqual({ host: '10.0.0.9' });
  });

  it.each([
    ['wrong password', { ...LINE, password: 'another-one' }, { code: 2, 'meaning.zh-CN': 'Wi-Fi 密码错误' }],
    ['no such network', { ...LINE, ssid: 'elsewhere' }, { code: 3, 'meaning.zh-CN': '找不到该 Wi-Fi' }],
  ])('says why it does not join: %s', async (_, network, details) => {
    await using simulator = await start();
    await using module = await moduleOf(simulator, 1);
    const fault = await faultOf(() => module.wifi.join(network, JOIN, NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'provisioning-refused', details: { stage: 'join', ...details } });
    expect(JSON.stringify([fault.message, fault.hint, fault.details])).not.toContain('another-one');
  });

  it('is not joined to a network that has no address for it', async () => {
    await using simulator = await start({ wifi: [{ ...LINE, dhcpMs: null }] } as never);
    await using module = await moduleOf(simulator, 1);
    expect(await faultOf(() => module.wifi.join(LINE, JOIN, NEVER_ABORTED))).toMatchObject({
      code: 'provisioning-refused',
      details: { code: 1 },
    });
  });

  it('keeps its stored network where its firmware stores each that it joins', async () => {
    await using simulator = await start({
      wifi: [LINE, { ssid: 'GW-LINE' }],
      faults: { units: { 1: [{ fault: 'stores-network' }] } },
    } as never);
    await using module = await moduleOf(simulator, 1);
    const refused = await faultOf(() => module.wifi.join(LINE, JOIN, NEVER_ABORTED));
    expect(refused.message).toContain('would lose GW-LINE');
    expect(readAccessPoint(await module.ask('AT+CWJAP?'))).toMatchObject({ ssid: 'GW-LINE' });
    const replaced = await module.wifi.join(LINE, { ...JOIN, replaceStored: true }, NEVER_ABORTED);
    expect(replaced.isStored).toBe(true);
    // The network that it had cannot be given back; the network of the line does not stay.
    await module.wifi.leaveAsFound(NEVER_ABORTED);
    expect(readAccessPoint(await module.ask('AT+CWJAP?'))).toBe('none');
  });

  it('does not answer in time: what was asked of it is told without its password', async () => {
    const link = scriptedLink((line) =>
      line.startsWith('AT+CWJAP_CUR=') ? null : line === 'AT+CWMODE?' ? '+CWMODE:1\r\nOK\r\n' : 'OK\r\n',
    );
    const { wifi } = openAtModule(link, {
      clock: platform.clock,
      commandTimeoutMs: 200,
      region: null,
      mask: new SecretMask(),
    });
    const fault = await faultOf(() =>
      (wifi as ModuleWifi).join(LINE, { ...JOIN, withinMs: 60 }, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'provisioning-timeout', details: { timeoutMs: 60 } });
    expect(link.received.at(-1)).toBe(
      `AT+CWJAP_CUR="${Buffer.from('wi\\"fi\\, \\\\ 线').toString('latin1')}","p\\,w\\"d\\\\12"`,
    );
  });

  it('that is not as it was found is told', async () => {
    let mode = 2;
    const link = scriptedLink((line) => {
      if (line === 'AT+CWMODE_CUR=1') mode = 1;
      return line === 'AT+CWMODE?' ? `+CWMODE:${mode}\r\nOK\r\n` : 'OK\r\n';
    });
    const { wifi } = openAtModule(link, {
      clock: platform.clock,
      commandTimeoutMs: 200,
      region: null,
      mask: new SecretMask(),
    });
    await (wifi as ModuleWifi).join(LINE, JOIN, NEVER_ABORTED);
    expect(await faultOf(() => (wifi as ModuleWifi).leaveAsFound(NEVER_ABORTED))).toMatchObject({
      code: 'provisioning-refused',
      details: { stage: 'restore', expected: '2', received: '1' },
    });
  });
});

describe('the escape of a parameter', () => {
  it('is read by another implementation as what was meant, for arbitrary texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (texts) => {
        const line = texts.map((text) => `"${escapeParameter(text)}"`).join(',');
        expect(parseParameters(line)).toEqual(texts.map((text) => ({ kind: 'text', text })));
      }),
    );
  });
});

describe('the replies about Wi-Fi', () => {
  it.each([
    ['+CWJAP:"line","a2:b7:00:00:00:01",6,-48', { ssid: 'line', rssiDbm: -48 }],
    ['+CWJAP_CUR:"line","a2:b7:00:00:00:01",6,-48,0', { ssid: 'line', rssiDbm: -48 }],
    ['+CWJAP: "a,b","a2:b7:00:00:00:01",11', { ssid: 'a,b', rssiDbm: null }],
    ['+CWJAP:"wi"fi, \\ ","a2:b7:00:00:00:01",6,-48', { ssid: 'wi"fi, \\ ', rssiDbm: -48 }],
    ['No AP', 'none'],
    ['+CWJAP:', null],
    ['busy', null],
  ])('name the access point: %j', (line, read) => {
    expect(readAccessPoint(['', line])).toEqual(read);
  });

  it('name mode, address and server, with and without a blank', () => {
    expect(['+CWMODE:1', '+CWMODE_CUR: 3', '+CWMODE:7'].map((line) => readMode([line]))).toEqual([
      1,
      3,
      null,
    ]);
    expect(
      ['+CIPSTA:ip:"10.0.0.2"', '+CIPSTA_CUR: ip: "10.0.0.3"', '+CIPSTA:ip:"0.0.0.0"', 'x'].map((line) =>
        readAddress([line]),
      ),
    ).toEqual(['10.0.0.2', '10.0.0.3', null, null]);
    expect(
      ['+TCMQTTSRV:NULL', '+TCMQTTSRV: "h"', '+TCMQTTSRV:10.1.1.1'].map((line) => readServer([line])),
    ).toEqual(['none', { host: 'h' }, { host: '10.1.1.1' }]);
  });

  it.each([
    ['+TCSAP:WIFI_CONNECT_SUCCESS', { kind: 'joined' }],
    ['+TCSAP: WIFI_CONNECT_SUCCESS', { kind: 'joined' }],
    ['+TCSAP:WIFI_CONNECT_FAILED,10,2', { kind: 'failed', code: 10, subCode: 2 }],
    ['+TCSAP:WIFI_CONNECT_FAILED, 2, 201', { kind: 'failed', code: 2, subCode: 201 }],
    ['+TCSAP:FAIL,202', { kind: 'failed', code: 202, subCode: null }],
    ['+TCSAP:FAIL202', { kind: 'failed', code: 202, subCode: null }],
    ['+TCSTARTSMART:FAIL,202', { kind: 'failed', code: 202, subCode: null }],
  ])('say how a provisioning ended: %j', (line, verdict) => {
    expect(readVerdict(line)).toMatchObject(verdict);
  });

  it.each(['+TCSAP:OK', 'OK', '+TCSAP:WIFI_CONNECT', '+TCMQTTCONN:FAIL,202'])(
    'say nothing of it: %j',
    (line) => {
      expect(readVerdict(line)).toBeNull();
    },
  );

  it('make no defect of arbitrary lines', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('+CWJAP:', '+TCSAP:', '+CIPSTA:ip:', '+TCMQTTSRV:', ''),
        (text, head) => {
          const lines = [head + text];
          for (const read of [readAccessPoint, readAddress, readMode, readServer])
            expect(() => read(lines)).not.toThrow();
          expect(() => readVerdict(lines[0] ?? '')).not.toThrow(Fault);
        },
      ),
    );
  });
});
