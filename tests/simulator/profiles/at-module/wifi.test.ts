import { describe, expect, it } from 'vitest';
import { AT_COMMANDS } from '#shared/domain/at-module.ts';

import { TestSimulator } from '../../../kit/test-simulator.ts';
import { TestBroker } from '../../support/broker.ts';

const SECRET = 'R3VhbmdkaWFuIE5vcnRoIQ==';
const SET = `AT+TCDEVINFOSET=1,"GWDEMO0001","wifi-1","${SECRET}"`;
const CONNECT = 'AT+TCMQTTCONN=1,5000,240,1,0';

describe('the Wi-Fi of an AT module', () => {
  it('is queried and joined as by the platform’s AT test tool, without a blank in any reply', async () => {
    await using simulator = await TestSimulator.start({ count: 3 });
    for (const slot of [1, 2, 3]) {
      await using terminal = await simulator.talkTo(slot);
      const from = terminal.all.length;
      expect(await terminal.ask('AT+TCLOG=86013388,1')).toBe('\r\nOK\r\n');
      expect(await terminal.ask('AT+CWMODE=1')).toBe('\r\nOK\r\n');
      expect(await terminal.ask('AT+CWMODE?')).toBe('+CWMODE:1\r\n\r\nOK\r\n');
      expect(await terminal.ask('AT+CWJAP="line 2.4G","p\\,w\\"d"')).toBe(
        'WIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n',
      );
      expect(await terminal.ask('AT+CWJAP?')).toMatch(
        /^\+CWJAP:"line 2\.4G","[0-9a-f:]{17}",\d+,-\d+\r\n\r\nOK\r\n$/,
      );
      expect(await terminal.ask('AT+CIPSTA?')).toMatch(
        /^\+CIPSTA:ip:"192\.168\.4\.\d+"\r\n\+CIPSTA:gateway:"[\d.]+"\r\n\+CIPSTA:netmask:"[\d.]+"\r\n\r\nOK\r\n$/,
      );
      expect(await terminal.ask('AT+CIPSTATUS')).toContain('STATUS:2');
      await terminal.ask(SET, /TCDEVINFOSET:OK\r\n/);
      expect(await terminal.ask('AT+TCMQTTSTATE?')).toBe('+TCMQTTSTATE:0\r\n\r\nOK\r\n');
      const commands = slot === 1 ? Object.values(AT_COMMANDS) : [];
      for (const command of commands) await terminal.ask(`${command}=?`, /OK\r\n|ERROR/);
      expect(terminal.all.slice(from)).not.toMatch(/^\+[\w ]+: /m);
    }
  });

  it('has to be joined before the login, when none is stored', async () => {
    await using broker = await TestBroker.start(new Map([['GWDEMO0001wifi-1', SECRET]]));
    await using simulator = await TestSimulator.start({
      mqttUrl: broker.url,
      faults: { units: { 1: [{ fault: 'no-wifi' }] } },
    });
    await using terminal = await simulator.talkTo();
    await terminal.ask(SET, /TCDEVINFOSET:OK\r\n/);
    expect(await terminal.ask('AT+CWJAP?')).toBe('No AP\r\n\r\nOK\r\n');
    expect(await terminal.ask('AT+CIPSTA?')).toContain('+CIPSTA:ip:"0.0.0.0"');
    expect(await terminal.ask(CONNECT, /TCMQTTCONN:.*\r\n/)).toBe('OK\r\n+TCMQTTCONN:FAIL,-602\r\n');
    expect(broker.logins).toEqual([]);
    expect(await terminal.ask('AT+CWJAP="GW-LINE",""')).toContain('WIFI GOT IP');
    expect(await terminal.ask(CONNECT, /TCMQTTCONN:.*\r\n/)).toBe('OK\r\n+TCMQTTCONN:OK\r\n');
    // It stays over a restart and over AT+TCRESTORE.
    await terminal.ask('AT+TCMQTTDISCONN');
    await terminal.write('AT+TCRESTORE\r\n');
    await terminal.expect(/ready\r\n/);
    await terminal.ask('ATE0');
    expect(await terminal.ask('AT+CWJAP?')).toContain('"GW-LINE"');
    expect(await terminal.ask('AT+CWQAP', /WIFI DISCONNECT\r\n/)).toContain('OK');
    expect(await terminal.ask('AT+CIPSTATUS')).toContain('STATUS:5');
  });

  it('reports why it does not join, and disconnects from the cloud when it leaves the network', async () => {
    await using broker = await TestBroker.start(new Map([['GWDEMO0001wifi-1', SECRET]]));
    await using simulator = await TestSimulator.start({
      mqttUrl: broker.url,
      faults: { units: { 1: [{ fault: 'join-refused', code: 3, times: 1 }] } },
    });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+CWJAP="elsewhere","12345678"', /FAIL\r\n/)).toBe(
      'WIFI DISCONNECT\r\n+CWJAP:3\r\n\r\nFAIL\r\n',
    );
    await terminal.ask('AT+CWJAP="GW-LINE","12345678"');
    await terminal.ask(SET, /TCDEVINFOSET:OK\r\n/);
    await terminal.ask(CONNECT, /TCMQTTCONN:OK\r\n/);
    expect(await terminal.ask('AT+CWMODE=2')).toBe('+TCMQTTDISCON,-103\r\n\r\nOK\r\n');
    expect(await terminal.ask('AT+TCMQTTSTATE?')).toContain(':0');
    expect(await terminal.ask('AT+CWJAP="GW-LINE","12345678"')).toBe('\r\nERROR\r\n');
  });

  it.each([
    'AT+CWMODE=4',
    'AT+CWMODE=',
    'AT+CWMODE="1"',
    'AT+CWJAP="GW-LINE"',
    `AT+CWJAP="${'s'.repeat(33)}","12345678"`,
    'AT+CWJAP="","12345678"',
    'AT+CIPSTA="300.1.1.1"',
    'AT+CIPSTA="1.1.1"',
  ])('refuses %s', async (line) => {
    await using simulator = await TestSimulator.start({ timeScale: 0 });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask(line)).toBe('\r\nERROR\r\n');
  });

  it('stores a log level that was set with the key, and a fixed address', async () => {
    await using simulator = await TestSimulator.start({ timeScale: 0 });
    await using terminal = await simulator.talkTo();
    await terminal.ask('AT+TCLOG=86013388,4');
    expect(await terminal.ask('AT+TCLOG?')).toBe('+TCLOG:4\r\n\r\nOK\r\n');
    await terminal.ask('AT+TCLOG=1,4');
    expect(await terminal.ask('AT+TCLOG?')).toBe('+TCLOG:1\r\n\r\nOK\r\n');
    expect(await terminal.ask('AT+TCLOG=86013388,9')).toBe('+CME ERROR:204\r\n');
    expect(await terminal.ask('AT+TCLOG=0')).toBe('\r\nOK\r\n');
    await terminal.ask('AT+CIPSTA="10.1.2.3","10.1.2.1","255.255.0.0"');
    expect(await terminal.ask('AT+CIFSR')).toContain('+CIFSR:STAIP,"10.1.2.3"');
  });

  it('prints a blank after the colon with the fault blank-after-colon', async () => {
    await using simulator = await TestSimulator.start({
      count: 2,
      faults: { units: { 2: [{ fault: 'blank-after-colon' }] } },
    });
    for (const [slot, blank] of [
      [1, ''],
      [2, ' '],
    ] as const) {
      await using terminal = await simulator.talkTo(slot);
      expect(await terminal.ask('AT+TCMQTTSTATE?')).toBe(`+TCMQTTSTATE:${blank}0\r\n\r\nOK\r\n`);
      expect(await terminal.ask('AT+TCDEVINFOSET?')).toBe(`+CME ERROR:${blank}207\r\n`);
    }
  });
});
