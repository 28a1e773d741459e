import { describe, expect, it } from 'vitest';

import { TestSimulator } from '../../../kit/test-simulator.ts';
import { TestBroker } from '../../support/broker.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import type { Terminal } from '../../../kit/terminal.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const KNOWN = new Map([['CS0SLTKSYAdev1', SECRET]]);
const CONNECT = 'AT+TCMQTTCONN=1,5000,240,1,0';

async function burn(terminal: Terminal, secret = SECRET): Promise<void> {
  await terminal.ask(`AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","${secret}"`, /TCDEVINFOSET:.*OK\r\n/);
}

async function online(simulator: TestSimulator): Promise<Terminal> {
  const terminal = await simulator.talkTo();
  await burn(terminal);
  await terminal.ask(CONNECT, /TCMQTTCONN:OK\r\n/);
  return terminal;
}

describe('an AT module and its cloud', () => {
  it("serves Tencent's host drivers: their commands in their order, with the replies that they look for", async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await simulator.talkTo();
    const down = '$thing/down/property/CS0SLTKSYA/dev1';
    const report =
      '{\\"method\\":\\"report\\"\\,\\"clientToken\\":\\"1\\"\\,\\"params\\":{\\"power_switch\\":1}}';
    // module_api_inf.c of tencentyun/qcloud-iot-sdk-tencent-at-based, esp8266_tencent_firmware.c of OpenAtomFoundation/TobudOS.
    const dialogue: readonly (readonly [string, RegExp])[] = [
      ['ATE0', /OK\r\n/],
      ['AT+GMR', /OK\r\n/],
      ['AT+CWJAP="line 2.4G","12345678"', /WIFI CONNECTED\r\n[^]*OK\r\n/],
      [`AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","${SECRET}"`, /\+TCDEVINFOSET:OK\r\n/],
      ['AT+TCMQTTCONN=1,5000,240,1,1', /\+TCMQTTCONN:OK\r\n/],
      ['AT+TCMQTTSTATE?', /\+TCMQTTSTATE:1\r\n[^]*OK\r\n/],
      [`AT+TCMQTTSUB="${down}",0`, /\+TCMQTTSUB:OK\r\n/],
      [`AT+TCMQTTPUB="$thing/up/property/CS0SLTKSYA/dev1",0,"${report}"`, /\+TCMQTTPUB:OK\r\n/],
      [`AT+TCMQTTUNSUB="${down}"`, /\+TCMQTTUNSUB:OK\r\n/],
      ['AT+TCMQTTDISCONN', /OK\r\n/],
    ];
    for (const [command, reply] of dialogue) expect(await terminal.ask(command, reply)).toMatch(reply);
    const heard = await broker.hears(({ payload }) => payload.includes('"clientToken":"1"'));
    expect(JSON.parse(heard.payload)).toMatchObject({ method: 'report', params: { power_switch: 1 } });
  });

  it('logs in with what was burned and reports its properties', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await simulator.talkTo();
    await burn(terminal);
    expect(await terminal.ask('AT+TCMQTTSTATE?')).toBe('+TCMQTTSTATE:0\r\n\r\nOK\r\n');
    expect(await terminal.ask(CONNECT, /TCMQTTCONN:.*\r\n/)).toBe('OK\r\n+TCMQTTCONN:OK\r\n');
    expect(await terminal.ask('AT+TCMQTTSTATE?')).toBe('+TCMQTTSTATE:1\r\n\r\nOK\r\n');
    expect(broker.logins).toHaveLength(1);
    expect(broker.logins[0]).toMatchObject({ clientId: 'CS0SLTKSYAdev1', accepted: true });
    expect(broker.logins[0]?.username).toMatch(/^CS0SLTKSYAdev1;12010126;[A-Za-z0-9]{5};\d{10}$/);
    const report = await broker.hears(({ topic }) => topic === '$thing/up/property/CS0SLTKSYA/dev1');
    expect(JSON.parse(report.payload)).toMatchObject({ method: 'report', params: { power_switch: 0 } });
  });

  it('replies 101 when the cloud refuses it or is unreachable, and 207 without an identity', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask(CONNECT, /TCMQTTCONN:.*\r\n/)).toBe('OK\r\n+TCMQTTCONN:FAIL,207\r\n');
    await burn(terminal, 'AAAAAAAAAAAAAAAAAAAAAA==');
    expect(await terminal.ask(CONNECT, /TCMQTTCONN:.*\r\n/)).toBe('OK\r\n+TCMQTTCONN:FAIL,101\r\n');
    expect(broker.logins.map(({ accepted }) => accepted)).toEqual([false]);
    expect(await terminal.ask('AT+TCMQTTSTATE?')).toContain('+TCMQTTSTATE:0\r\n');
    // Refused is not running: it can be burned again.
    await burn(terminal);
    await using nowhere = await TestSimulator.start();
    await using other = await nowhere.talkTo();
    await burn(other);
    expect(await other.ask(CONNECT, /TCMQTTCONN:.*\r\n/)).toBe('OK\r\n+TCMQTTCONN:FAIL,101\r\n');
  });

  it('refuses changes of its identity while it is connected, and accepts them after a disconnect', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await online(simulator);
    expect(await terminal.ask('AT+TCDEVINFOSET=1,"A","b","c2VjcmV0"')).toBe('+CME ERROR:208\r\n');
    expect(await terminal.ask('AT+TCRESTORE')).toBe('+CME ERROR:208\r\n');
    expect(await terminal.ask(CONNECT)).toBe('+CME ERROR:208\r\n');
    expect(await terminal.ask('AT+TCMQTTDISCONN')).toBe('+TCMQTTDISCON,2\r\n\r\nOK\r\n');
    expect(await terminal.ask('AT+TCMQTTDISCONN')).toBe('+CME ERROR:208\r\n');
    await expect.poll(() => broker.connections).toBe(0);
    await terminal.ask('AT+TCRESTORE', /ready\r\n/);
  });

  it('checks the parameters of a login', async () => {
    await using simulator = await TestSimulator.start();
    await using terminal = await simulator.talkTo();
    for (const list of [
      '0,5000,240,1,1',
      '1,999,240,1,1',
      '1,10001,240,1,1',
      '1,5000,59,1,1',
      '1,5000,240,2,1',
      '1,5000',
    ]) {
      expect(await terminal.ask(`AT+TCMQTTCONN=${list}`), list).toBe('+CME ERROR:204\r\n');
    }
    expect(await terminal.ask('AT+TCMQTTCONN?')).toBe('+CME ERROR:208\r\n');
  });

  it('publishes, subscribes, and passes on received messages', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await online(simulator);
    const escaped = '{\\"action\\":\\"test\\"\\,\\"n\\":1}';
    expect(await terminal.ask(`AT+TCMQTTPUB="CS0SLTKSYA/dev1/data",1,"${escaped}"`, /PUB:.*\r\n/)).toBe(
      'OK\r\n+TCMQTTPUB:OK\r\n',
    );
    const heard = await broker.hears(({ topic }) => topic === 'CS0SLTKSYA/dev1/data');
    expect(heard.payload).toBe('{"action":"test","n":1}');
    await terminal.ask('AT+TCMQTTSUB="CS0SLTKSYA/dev1/control",0', /SUB:OK\r\n/);
    expect(await terminal.ask('AT+TCMQTTSUB?')).toBe('+TCMQTTSUB:"CS0SLTKSYA/dev1/control",0\r\n\r\nOK\r\n');
    await broker.publish('CS0SLTKSYA/dev1/control', 'say "hi"');
    await terminal.expect(/^\+TCMQTTRCVPUB:"CS0SLTKSYA\/dev1\/control",8,"say "hi""\r\n/);
    expect(await terminal.ask('AT+TCMQTTSUB="forbidden/x",0', /SUB:.*\r\n/)).toBe(
      'OK\r\n+TCMQTTSUB:FAIL,-108\r\n',
    );
    await terminal.ask('AT+TCMQTTUNSUB="CS0SLTKSYA/dev1/control"', /UNSUB:OK\r\n/);
    expect(await terminal.ask('AT+TCMQTTSUB?')).toBe('\r\nOK\r\n');
    for (let n = 1; n <= 10; n++) await terminal.ask(`AT+TCMQTTSUB="t/${n}",0`, /SUB:OK\r\n/);
    expect(await terminal.ask('AT+TCMQTTSUB="t/11",0', /SUB:.*\r\n/)).toContain('+TCMQTTSUB:FAIL,206');
  });

  it('publishes long payloads raw after a prompt, and cancels at +++', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url, timeScale: 0.2 });
    await using terminal = await online(simulator);
    const long = JSON.stringify({ text: 'x'.repeat(1_500) });
    await terminal.ask(`AT+TCMQTTPUBRAW="t/raw",1,${long.length}`, /^OK\r\n>\r\n/);
    await terminal.write(`${long}\r\nAT\r\n`);
    await terminal.expect(/\+TCMQTTPUBRAW:OK\r\n/);
    expect((await broker.hears(({ topic }) => topic === 't/raw')).payload).toBe(long);
    const escaped = '{\\"a\\":1\\,\\"b\\":2}';
    await terminal.ask(`AT+TCMQTTPUBL="t/long",0,${escaped.length}`, />\r\n/);
    await terminal.write(`${escaped}\r\n`);
    await terminal.expect(/\+TCMQTTPUBL:OK\r\n/);
    expect((await broker.hears(({ topic }) => topic === 't/long')).payload).toBe('{"a":1,"b":2}');
    await terminal.ask('AT+TCMQTTPUBL="t/never",0,100', />\r\n/);
    await terminal.write('half of it+++\r\n');
    await terminal.expect(/^\+CME ERROR:204\r\n/);
    await terminal.ask('AT+TCMQTTPUBL="t/short",0,4', />\r\n/);
    await terminal.write('longer\r\n');
    await terminal.expect(/^\+CME ERROR:204\r\n/);
    expect(await terminal.ask('AT+TCMQTTPUBL="t",0,2049')).toContain('204');
    expect(broker.heard.map(({ topic }) => topic)).not.toContain('t/never');
  });

  it('executes control requests of the cloud and reports the new state', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await online(simulator);
    await broker.hears(({ payload }) => payload.includes('"report"'));
    const control = { method: 'control', clientToken: 'c-1', params: { power_switch: 1, no_such: 9 } };
    await broker.publish('$thing/down/property/CS0SLTKSYA/dev1', JSON.stringify(control));
    const reply = await broker.hears(({ payload }) => payload.includes('control_reply'));
    expect(JSON.parse(reply.payload)).toMatchObject({ clientToken: 'c-1', code: 0 });
    const report = await broker.hears(({ payload }) => payload.includes('"power_switch":1'));
    expect(JSON.parse(report.payload).params).toEqual({ power_switch: 1, brightness: 100 });
    // The host has not subscribed, so it is not told.
    expect(terminal.unread).toBe('');
  });

  it('reports its firmware version when updates are switched on', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await online(simulator);
    await terminal.ask('AT+TCOTASET=1,"1.0.1"', /TCOTASET:OK\r\n/);
    const heard = await broker.hears(({ topic }) => topic === '$ota/report/CS0SLTKSYA/dev1');
    expect(JSON.parse(heard.payload)).toEqual({ type: 'report_version', report: { version: '1.0.1' } });
    expect(await terminal.ask('AT+TCOTASET?', /"1.0.1"\r\n/)).toBe('OK\r\n+TCOTASET:1,"1.0.1"\r\n');
    expect(await terminal.ask('AT+TCFWINFO?')).toBe('+CME ERROR:205\r\n');
  });

  it('reports a lost cloud, and reconnects when this is enabled', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url });
    await using terminal = await simulator.talkTo();
    await burn(terminal);
    await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,1', /TCMQTTCONN:OK\r\n/);
    await terminal.ask('AT+TCMQTTSUB="a/b",1', /SUB:OK\r\n/);
    broker.cut();
    await terminal.expect(/\+TCMQTTDISCON,-103\r\n/);
    await terminal.expect(/\+TCMQTTRECONNECTING\r\n/);
    await terminal.expect(/\+TCMQTTRECONNECTED\r\n/);
    expect(broker.logins).toHaveLength(2);
    expect(broker.logins[0]?.username).not.toBe(broker.logins[1]?.username);
    await expect
      .poll(async () => {
        await broker.publish('a/b', 'again');
        return terminal.unread;
      })
      .toContain('"again"');
  });

  it('goes offline without power, and logs in again after a restart of the simulator', async () => {
    await using broker = await TestBroker.start(KNOWN);
    using folder = tempDir();
    {
      await using simulator = await TestSimulator.start({ mqttUrl: broker.url, stateDir: folder.path });
      await using terminal = await online(simulator);
      expect(await terminal.ask('AT+TCMQTTSTATE?')).toContain('+TCMQTTSTATE:1');
      await simulator.inner.power(1, false);
      await expect.poll(() => broker.connections).toBe(0);
    }
    await using simulator = await TestSimulator.start({ mqttUrl: broker.url, stateDir: folder.path });
    await using terminal = await simulator.talkTo();
    await terminal.ask(CONNECT, /TCMQTTCONN:OK\r\n/);
    expect(broker.logins.map(({ accepted }) => accepted)).toEqual([true, true]);
  });

  it('connects to a server of its own on this machine, and to none outside', async () => {
    await using broker = await TestBroker.start(KNOWN);
    await using simulator = await TestSimulator.start({ mqttUrl: 'mqtt://127.0.0.1:1' });
    await using terminal = await simulator.talkTo();
    await burn(terminal);
    await terminal.ask('AT+TCMQTTSRV="192.0.2.1"', /TCMQTTSRV:OK\r\n/);
    expect(await terminal.ask(CONNECT, /TCMQTTCONN:.*\r\n/)).toContain('FAIL,101');
    await terminal.ask(`AT+TCMQTTSRV="127.0.0.1:${broker.port}"`, /TCMQTTSRV:OK\r\n/);
    await terminal.ask(CONNECT, /TCMQTTCONN:OK\r\n/);
  });
});
