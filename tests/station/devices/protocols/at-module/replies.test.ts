import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeParameter,
  readDeviceInfo,
  readFinal,
  readModule,
  readMqttState,
  splitFields,
} from '../../../../../station/devices/protocols/at-module/replies.ts';

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  // Lines that begin like a reply and go on as they like.
  fc
    .tuple(
      fc.constantFrom(
        '+TCDEVINFOSET:',
        '+TCDEVINFO:',
        '+CME ERROR:',
        '+TCMQTTSTATE:',
        'Module Mac addr:',
        '+X:FAIL',
      ),
      fc.string({ unit: 'binary' }),
    )
    .map(([head, tail]) => head + tail),
);

describe('replies of a module', () => {
  it('of arbitrary bytes are parsed without an exception', () => {
    fc.assert(
      fc.property(fc.array(anything), fc.boolean(), (lines, noisy) => {
        for (const line of lines) {
          readFinal(line, undefined, noisy);
          readFinal(line, 'TCDEVINFOSET', noisy);
        }
        const info = readDeviceInfo(lines);
        if (info !== null && info !== 'empty') expect(Number.isInteger(info.bcc)).toBe(true);
        const { mac } = readModule(lines);
        if (mac !== null) expect(mac).toMatch(/^(?:[0-9a-f]{2}[:-]?){6}$/i);
        expect([true, false, null]).toContain(readMqttState(lines));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, string | undefined, unknown]>([
    ['OK', undefined, { kind: 'ok' }],
    ['OK', 'TCMQTTCONN', { kind: 'ok' }],
    ['+TCMQTTCONN:OK', 'TCMQTTCONN', { kind: 'done' }],
    ['+TCMQTTCONN: OK', 'TCMQTTCONN', { kind: 'done' }],
    ['x$+TCMQTTCONN:OK', 'TCMQTTCONN', { kind: 'done' }],
    ['+TCMQTTCONN:OK', 'TCDEVINFOSET', null],
    ['+TCMQTTCONN:OK', undefined, null],
    ['FAIL', undefined, { kind: 'error', code: null }],
    ['WIFI GOT IP', undefined, null],
    ['+TCDEVINFOSET:FAIL,207', 'TCDEVINFOSET', { kind: 'error', code: 207 }],
    ['+TCDEVINFOSET:FAIL207', 'TCDEVINFOSET', { kind: 'error', code: 207 }],
    ['+TCDEVINFOSET: FAIL, 207', 'TCDEVINFOSET', { kind: 'error', code: 207 }],
    ['+TCMQTTCONN:FAIL-1001', 'TCMQTTCONN', { kind: 'error', code: -1001 }],
    ['+TCMQTTCONN:FAIL', 'TCMQTTCONN', { kind: 'error', code: null }],
    ['+CME ERROR:208', undefined, { kind: 'error', code: 208 }],
    ['+CME ERR: 208', undefined, { kind: 'error', code: 208 }],
    ['ERR CODE:0x010b0000', undefined, { kind: 'error', code: 200 }],
    ['ERR CODE:0x01090000', undefined, { kind: 'error', code: null }],
    ['busy p...', undefined, { kind: 'error', code: 200 }],
    ['ERROR', undefined, { kind: 'error', code: null }],
    ['', undefined, null],
    ['ready', undefined, null],
    ['+TCMQTTDISCON,2', undefined, null],
    ['BOOK', undefined, null],
    // Lines of a log.
    ['I (512) app: self test OK', undefined, null],
    ['I (12:33:01.123) wifi: OK', undefined, null],
    ['E (512) app: last boot: ERROR', undefined, null],
    ['flash test OK', undefined, null],
    ['sensor 3: ERROR', undefined, null],
    ['> OK', undefined, { kind: 'ok' }],
    ['AT+GMR ERROR', undefined, { kind: 'error', code: null }],
    ['Module FW version: QCloud_AT_v3 OK+', undefined, null],
  ])('end with %j for a command that awaits %j', (line, result, final) => {
    const read = readFinal(line, result);
    if (final === null) expect(read).toBeNull();
    else expect(read).toMatchObject(final as object);
  });

  it('end behind noise that could be the beginning of a word, when there was noise', () => {
    expect(readFinal('x9OK', undefined)).toBeNull();
    expect(readFinal('x9OK', undefined, true)).toEqual({ kind: 'ok' });
    expect(readFinal('+ +TCMQTTCONN:OK', undefined, true)).toBeNull();
    expect(readFinal('I (5) wifi: OK', undefined, true)).toBeNull();
  });

  it('show of an error only the error, never what stands before it', () => {
    const echo = 'AT+TCDEVINFOSET=1,"P","d","IyXmUW5sU/q1vnb5yzTkeQ=="';
    for (const tail of ['ERROR', '+CME ERROR:xyz', 'ERR CODE:0x01090000', '+TCDEVINFOSET:FAIL,xyz']) {
      const final = readFinal(`${echo} ${tail}`, 'TCDEVINFOSET');
      expect(final).toMatchObject({ kind: 'error', code: null });
      expect(JSON.stringify(final)).not.toContain('IyXm');
    }
  });
});

describe('the identity that a module names', () => {
  it.each([
    '+TCDEVINFOSET:1,"CS0SLTKSYA","dev1",60,"ap-guangzhou"',
    '+TCDEVINFOSET: 1,CS0SLTKSYA,dev1,60,ap-guangzhou',
    '+TCDEVINFO:1,"CS0SLTKSYA","dev1",60,"ap-guangzhou"',
    '\u00ff?+TCDEVINFOSET:1 , "CS0SLTKSYA" , "dev1" , 60 , "ap-guangzhou" ',
  ])('%j', (line) => {
    expect(readDeviceInfo(['', line, 'OK'])).toEqual({
      productId: 'CS0SLTKSYA',
      deviceName: 'dev1',
      bcc: 60,
      region: 'ap-guangzhou',
    });
  });

  it('is none when its fields are empty, and unknown when they are cut short', () => {
    expect(readDeviceInfo(['+TCDEVINFOSET:1,"","",0,"ap-guangzhou"'])).toBe('empty');
    expect(readDeviceInfo(['+TCDEVINFOSET:1,,,0,'])).toBe('empty');
    expect(readDeviceInfo(['+TCDEVINFOSET:1,"CS0SLTKSYA","dev1"'])).toBeNull();
    expect(readDeviceInfo(['+TCDEVINFOSET:1,"CS0SLTKSYA","dev1",abc,"r"'])).toBeNull();
    expect(readDeviceInfo(['OK'])).toBeNull();
  });

  it('survives escaping, for arbitrary texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        const line = texts.map((text) => `"${escapeParameter(text)}"`).join(',');
        expect(splitFields(line)).toEqual(texts.map((text) => text.trim()));
      }),
    );
  });
});

describe('the MAC that a module reports', () => {
  it.each([
    ['Module Mac addr: a2:b7:16:ca:2c:1d', 'a2:b7:16:ca:2c:1d'],
    ['Module Mac addr:A2-B7-16-CA-2C-1D', 'A2-B7-16-CA-2C-1D'],
    ['MAC:a2b716ca2c1d', 'a2b716ca2c1d'],
    ['Module Mac address : a2:b7:16:ca:2c:1d (STA)', 'a2:b7:16:ca:2c:1d'],
    ['Module Mac addr:', null],
    ['Machine: a2:b7:16:ca:2c:1d', null],
  ])('%j', (line, mac) => {
    expect(readModule(['Module HW name: ESP8266', line]).mac).toBe(mac);
  });
});
