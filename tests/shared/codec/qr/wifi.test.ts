import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWifiQr, encodeWifiQr } from '../../../../shared/codec/qr/index.ts';

/** The example of the access manual. */
const EXAMPLE = {
  text: '12Tencent-WiFi01132v3_00d02b0248546d5a5fbf95a5812e4',
  credentials: { ssid: 'Tencent-WiFi', password: '1', token: 'v3_00d02b0248546d5a5fbf95a5812e4' },
};
const fault = (code: string, details: object = {}): unknown =>
  expect.objectContaining({ code, details: expect.objectContaining(details) as unknown });

describe('the Wi-Fi provisioning code', () => {
  it('matches the example of the manual in both directions', () => {
    const { ssid, token } = EXAMPLE.credentials;
    expect(decodeWifiQr(EXAMPLE.text)).toEqual(EXAMPLE.credentials);
    // Its password of one letter fits no network, so that only a longer one can be written.
    expect(encodeWifiQr({ ssid, password: '12345678', token })).toBe(
      '12Tencent-WiFi081234567832v3_00d02b0248546d5a5fbf95a5812e4',
    );
  });

  it('counts UTF-8 bytes, so a Chinese network name survives', () => {
    const credentials = { ssid: '客厅的WiFi', password: '12345678', token: '令牌😀' };
    expect(encodeWifiQr(credentials)).toBe('13客厅的WiFi081234567810令牌😀');
    expect(decodeWifiQr('13客厅的WiFi081234567810令牌😀')).toEqual(credentials);
  });

  it('allows an open network', () => {
    expect(encodeWifiQr({ ssid: 'open', password: '', token: 't' })).toBe('04open0001t');
    expect(decodeWifiQr('04open0001t').password).toBe('');
  });

  const HEX = '0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF';
  const network = { ssid: 'net', password: '12345678', token: 't' };

  it.each([
    ['ssid', 's'],
    ['ssid', 's'.repeat(32)],
    ['ssid', '网'.repeat(10) + 'ab'],
    ['ssid', ' net '],
    ['password', ''],
    ['password', '8 signs~'],
    ['password', 'p'.repeat(63)],
    ['password', HEX],
    ['token', 't'.repeat(99)],
  ])('accepts a %s at the limits of a network: %j', (field, value) => {
    const credentials = { ...network, [field]: value };
    expect(decodeWifiQr(encodeWifiQr(credentials))).toEqual(credentials);
  });

  it.each([
    ['ssid', 's'.repeat(33), /ssid has 33 bytes; a network name has 1 to 32/],
    ['ssid', '网'.repeat(11), /ssid has 33 bytes/],
    ['ssid', 'net\n', /ssid holds the control character U\+000A/],
    ['ssid', 'n\u0085et', /U\+0085/],
    ['password', 'p', /password has 1 character; the shortest has 8/],
    ['password', 'p'.repeat(7), /password has 7 characters/],
    ['password', 'g'.repeat(64), /64 characters that are not all hex digits/],
    ['password', HEX + '0', /password has 65 characters; the longest has 63/],
    ['password', '密码密码密码密码', /password holds a character that is not ASCII/],
    ['password', '1234567\t', /password holds the control character U\+0009/],
    ['password', '12345678\0', /U\+0000/],
    ['token', 't'.repeat(100), /token has 100 bytes; the code has room for 99/],
    ['token', 't\x7f', /token holds the control character U\+007F/],
  ])('refuses a %s that no network can have, with the reason: %j', (field, value, reason) => {
    try {
      encodeWifiQr({ ...network, [field]: value });
      expect.unreachable();
    } catch (error) {
      expect(error).toEqual(fault('bad-input', { field }));
      expect(String(error)).toMatch(reason);
      if (value.length > 6 && field === 'password')
        expect(JSON.stringify([String(error), error])).not.toContain(value);
    }
  });

  it('refuses an empty ssid or token', () => {
    expect(() => encodeWifiQr({ ssid: '', password: '12345678', token: 't' })).toThrow(
      fault('bad-input', { field: 'ssid' }),
    );
    expect(() => encodeWifiQr({ ssid: 's', password: '12345678', token: '' })).toThrow(
      fault('bad-input', { field: 'token' }),
    );
  });

  it.each([
    ['a length that is not two digits', '1xTencent', 'ssid', 0],
    ['a text that ends early', '12Tencent', 'ssid', 2],
    ['a missing password', '04open', 'password', 6],
    ['a missing token', '04open02pw', 'token', 10],
    ['a cut inside a character', '01网00', 'ssid', 2],
    ['text after the end', '04open0001tmore', 'token', 11],
    ['an empty token', '04open000', 'token', 8],
  ])('reports the position of an error: %s', (_name, text, field, atByte) => {
    expect(() => decodeWifiQr(text)).toThrow(fault('bad-input', { field, atByte }));
  });

  it('recognises lengths that count characters, and still refuses them', () => {
    expect(() => decodeWifiQr('07客厅的WiFi01p01t')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('characters') as unknown }),
    );
  });

  it('never repeats the password in a fault', () => {
    try {
      decodeWifiQr('04open08hunter2!99t');
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify([String(error), error])).not.toContain('hunter2');
    }
  });

  it('decodes whatever it encoded', () => {
    const text = (maxBytes: number): fc.Arbitrary<string> =>
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 24 })
        .filter((s) => Buffer.byteLength(s) <= maxBytes && !/\p{Cc}/u.test(s));
    const password = fc.oneof(
      fc.constant(''),
      fc.stringMatching(/^[\x20-\x7e]{8,63}$/),
      fc.stringMatching(/^[0-9a-fA-F]{64}$/),
    );
    fc.assert(
      fc.property(text(32), password, text(99), (ssid, key, token) => {
        const credentials = { ssid, password: key, token };
        expect(decodeWifiQr(encodeWifiQr(credentials))).toEqual(credentials);
      }),
    );
  });
});
