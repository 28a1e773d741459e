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
  it('is the one of the manual, both ways', () => {
    expect(encodeWifiQr(EXAMPLE.credentials)).toBe(EXAMPLE.text);
    expect(decodeWifiQr(EXAMPLE.text)).toEqual(EXAMPLE.credentials);
  });

  it('counts UTF-8 bytes, so a Chinese network name survives', () => {
    const credentials = { ssid: '客厅的WiFi', password: '密码😀', token: 't' };
    expect(encodeWifiQr(credentials)).toBe('13客厅的WiFi10密码😀01t');
    expect(decodeWifiQr('13客厅的WiFi10密码😀01t')).toEqual(credentials);
  });

  it('allows an open network', () => {
    expect(encodeWifiQr({ ssid: 'open', password: '', token: 't' })).toBe('04open0001t');
    expect(decodeWifiQr('04open0001t').password).toBe('');
  });

  it('takes 99 bytes and refuses 100, naming the field and its size', () => {
    const password = 'p'.repeat(99);
    expect(decodeWifiQr(encodeWifiQr({ ssid: 's', password, token: 't' })).password).toBe(password);
    expect(() => encodeWifiQr({ ssid: 's', password: '网'.repeat(34), token: 't' })).toThrow(
      fault('qr-too-long', { field: 'password', sizeBytes: 102, limitBytes: 99 }),
    );
    expect(() => encodeWifiQr({ ssid: 's', password: 'p', token: 't'.repeat(100) })).toThrow(
      /token has 100 bytes/,
    );
  });

  it('refuses an empty ssid or token', () => {
    expect(() => encodeWifiQr({ ssid: '', password: 'p', token: 't' })).toThrow(
      fault('bad-input', { field: 'ssid' }),
    );
    expect(() => encodeWifiQr({ ssid: 's', password: 'p', token: '' })).toThrow(
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
  ])('says where it breaks: %s', (_name, text, field, atByte) => {
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

  it('gives back whatever it took', () => {
    const field = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 24 })
      .filter((s) => Buffer.byteLength(s) < 100);
    fc.assert(
      fc.property(field, fc.oneof(fc.constant(''), field), field, (ssid, password, token) => {
        expect(decodeWifiQr(encodeWifiQr({ ssid, password, token }))).toEqual({ ssid, password, token });
      }),
    );
  });
});
