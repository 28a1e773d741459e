import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDeviceQr, encodeDeviceQr } from '../../../../shared/codec/qr/index.ts';

const bad = (field: string): unknown =>
  expect.objectContaining({ code: 'bad-input', details: expect.objectContaining({ field }) as unknown });

describe('the device code', () => {
  const device = {
    productId: 'CS0SLTKSYA',
    deviceName: 'line1_0001',
    serialNumber: 'SN00000001',
    chipId: 'AABBCCDDEEFF',
  };
  const text = '{"v":1,"pid":"CS0SLTKSYA","dn":"line1_0001","sn":"SN00000001","mac":"AABBCCDDEEFF"}';

  it('is JSON in a fixed order', () => {
    expect(encodeDeviceQr(device)).toBe(text);
    expect(decodeDeviceQr(text)).toEqual(device);
  });

  it('leaves out what the unit does not have', () => {
    const bare = { productId: 'CS0SLTKSYA', deviceName: 'line1_0001' };
    expect(encodeDeviceQr(bare)).toBe('{"v":1,"pid":"CS0SLTKSYA","dn":"line1_0001"}');
    expect(decodeDeviceQr(encodeDeviceQr(bare))).toEqual(bare);
  });

  it('writes a MAC as the ledger does, in whatever form it was given', () => {
    expect(encodeDeviceQr({ ...device, chipId: 'aa:bb:cc:dd:ee:ff' })).toBe(text);
  });

  it('never contains a secret, even if one is passed in', () => {
    const careless = { ...device, deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==' };
    expect(encodeDeviceQr(careless)).toBe(text);
    expect(decodeDeviceQr(JSON.stringify({ ...JSON.parse(text), psk: 'IyXmUW5sU/q1vnb5yzTkeQ==' }))).toEqual(
      device,
    );
  });

  it('is read in any order, with blanks and keys of a later version', () => {
    expect(decodeDeviceQr('{ "dn": "d", "pid": "p", "lot": 7, "v": 1 }')).toEqual({
      productId: 'p',
      deviceName: 'd',
    });
  });

  it.each([
    ['productId', { ...device, productId: 'CS0-SLTKSYA' }],
    ['deviceName', { ...device, deviceName: 'bad name!' }],
    ['chipId', { ...device, chipId: 'not a mac' }],
    ['serialNumber', { ...device, serialNumber: 'a\tb' }],
  ])('is not made with a malformed %s', (field, unit) => {
    expect(() => encodeDeviceQr(unit)).toThrow(bad(field));
  });

  it('is not made with a serial number that cannot be printed', () => {
    expect(() => encodeDeviceQr({ ...device, serialNumber: '序'.repeat(22) })).toThrow(
      expect.objectContaining({ code: 'qr-too-long' }),
    );
  });

  it.each([
    ['v', '{"v":2,"pid":"p","dn":"d"}'],
    ['v', '{"pid":"p","dn":"d"}'],
    ['dn', '{"v":1,"pid":"p"}'],
    ['dn', '{"v":1,"pid":"p","dn":"a b"}'],
    ['mac', '{"v":1,"pid":"p","dn":"d","mac":"zz"}'],
  ])('is not read with %s wrong', (field, wrong) => {
    expect(() => decodeDeviceQr(wrong)).toThrow(bad(field));
  });

  it('decodes whatever it encoded', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9]{1,32}$/),
        fc.stringMatching(/^[A-Za-z0-9:_-][A-Za-z0-9:_.@-]{0,47}$/),
        fc.string({ unit: fc.constantFrom(...'SN-01序列号😀" \\'), minLength: 1, maxLength: 16 }),
        fc.stringMatching(/^(?:[0-9A-F]{2}){6,8}$/),
        (productId, deviceName, serialNumber, chipId) => {
          const unit = { productId, deviceName, serialNumber, chipId };
          expect(decodeDeviceQr(encodeDeviceQr(unit))).toEqual(unit);
        },
      ),
    );
  });
});
