import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeQr, encodeWifiQr } from '../../../../shared/codec/qr/index.ts';

const TOKEN = 'v3_7c1de90b5a224f6088a1b3c5d7e9f01';

describe('the text of a scanned code', () => {
  it('is a device code', () => {
    expect(describeQr(']Q3{"v":1,"pid":"P7","dn":"gate_1","sn":"007","mac":"A2B70000FF01"}\r\n')).toEqual({
      kind: 'device',
      device: { productId: 'P7', deviceName: 'gate_1', serialNumber: '007', chipId: 'A2B70000FF01' },
      notes: [],
    });
  });

  it('is a device code in wide characters of an input method, also with wide characters in its serial number', () => {
    const device = { productId: 'P7', deviceName: 'g1', serialNumber: '“甲”【１】' };
    expect(describeQr('{"v":1,"pid":"P7","dn":"g1","sn":"“甲”【１】"}')).toMatchObject({ device });
    expect(describeQr('｛“ｖ”：１，“ｐｉｄ”：“Ｐ７”，“ｄｎ”：“ｇ１”｝')).toMatchObject({
      device: { productId: 'P7', deviceName: 'g1' },
    });
  });

  it('is a Wi-Fi code, by fields, without its secrets', () => {
    const password = 'correct horse 7';
    const text = encodeWifiQr({ ssid: '车间 2', password, token: TOKEN });
    const described = describeQr(text);
    expect(described).toEqual({
      kind: 'wifi',
      wifi: { ssid: '车间 2', password: '*********', token: 'v3_*********' },
      notes: [],
    });
    expect(JSON.stringify(described)).not.toMatch(/horse|7c1de90b/);
  });

  it('reports a value that no network accepts, as in the example of the manual', () => {
    expect(describeQr('12Tencent-WiFi01132v3_00d02b0248546d5a5fbf95a5812e4')).toMatchObject({
      kind: 'wifi',
      wifi: { ssid: 'Tencent-WiFi', password: '*********' },
      notes: ['the password has 1 character; the shortest has 8'],
    });
  });

  it.each([
    [`WIFI:T:WPA;S:${'a'.repeat(33)};P:12345678;;`, 'the ssid has 33 bytes; a network name has 1 to 32'],
    ['WIFI:S:net;P:1234567;;', 'the password has 7 characters; the shortest has 8'],
    ['WIFI:T:nopass;S:a\tb;;', 'the ssid holds the control character U+0009'],
  ])('reports it for the code of phones, too: %j', (text, note) => {
    expect(describeQr(text).notes).toContain(note);
  });

  it.each(['WIFI:T:WEP;S:net;P:12345;;', 'WIFI:T:SAE;S:net;P:short;;', 'WIFI:T:WPA;R:1;S:net;P:short;;'])(
    'accepts passwords that other networks accept: %s',
    (text) => {
      expect(describeQr(text).notes).toHaveLength(1);
    },
  );

  it('recognises an open network by its empty password', () => {
    expect(describeQr('04open0001t')).toMatchObject({ wifi: { ssid: 'open', password: '' } });
  });

  it.each([
    ['WIFI:T:WPA;S:my net;P:hunter2222;;', { ssid: 'my net', security: 'WPA', hidden: 'no' }],
    [
      String.raw`WIFI:S:a\;b\:c\\d;P:hunter2222\;;H:true;T:WPA2;;`,
      { ssid: String.raw`a;b:c\d`, hidden: 'yes' },
    ],
    ['wifi:p:hunter2222;s:"1234";;', { ssid: '1234', security: '' }],
    ['WIFI:T:WPA2-EAP;S:corp;I:hunter2222;PH2:x;;', { 'other fields': 'I, PH2' }],
  ])('is the Wi-Fi code of phones: %s', (text, network) => {
    const described = describeQr(text);
    expect(described).toMatchObject({ kind: 'network', network });
    expect(JSON.stringify(described)).not.toContain('hunter2222');
  });

  it.each([
    ['#GW#START#', { command: 'start' }],
    ['#gw#slot,12#', { command: 'slot', slot: '12' }],
    ['#GW#CHOICE,red#', { command: 'choice', value: 'red' }],
    ['\ufeff＃ＧＷ＃ＳＴＯＰ＃', { command: 'stop' }],
  ])('is a command of the card: %s', (text, command) => {
    expect(describeQr(text)).toEqual({ kind: 'command', command, notes: [] });
  });

  it.each(['', ' ', 'https://example.com', '网', '{', '{}', '99', '[1]', '861234567890123456', '#GW#DANCE#'])(
    'is reported as unknown: %j',
    (text) => {
      expect(describeQr(text)).toMatchObject({ kind: 'unknown' });
    },
  );

  it('reports what is missing in a text that begins like a known code, and repeats no secret', () => {
    expect(describeQr('04open08hunter2!99t')).toEqual({
      kind: 'unknown',
      notes: [
        'not a Wi-Fi code: at byte 18 the token has 1 of its 99 bytes',
        'the code is length and text, three times: ssid, password, token',
      ],
    });
    expect(describeQr('07客厅的WiFi01p01t').notes[1]).toMatch(/count characters/);
    const device = describeQr('{"v":1,"dn":"d","psk":"hunter2!"}');
    expect(device.notes[0]).toBe('not a device code: it has a missing or malformed "pid"');
    expect(JSON.stringify(device)).not.toContain('hunter2');
  });

  it('always returns a description', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.stringMatching(/^([0-9]{2}|WIFI:|#GW#).*$/)),
        (text) => {
          expect(['device', 'wifi', 'network', 'command', 'unknown']).toContain(describeQr(text).kind);
        },
      ),
    );
  });
});
