import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDeviceQr } from '#shared/codec/qr/index.ts';
import {
  plainAnswer,
  findSerialCandidate,
  serialCandidates,
  unitNameCandidates,
} from '#shared/domain/scan/index.ts';

const GS = '\u001d';
const wide = (text: string): string =>
  text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

describe('the serial number in a text', () => {
  it.each([
    ['AIM, Code 128', ']C0ZK-0042', 'ZK-0042'],
    ['AIM, Code 39', ']A0ZK-0042', 'ZK-0042'],
    ['AIM, QR code', ']Q1ZK-0042', 'ZK-0042'],
    ['AIM, QR code with FNC1 and no GS1 in it', ']Q3ZK-0042', 'ZK-0042'],
    ['AIM, QR code with a change of character set', ']Q2\\000026ZK\\\\0042', 'ZK\\0042'],
    ['AIM twice, one of them in the code', ']C0]C0ZK-0042', 'ZK-0042'],
    ['AIM and a blank', ']d1 ZK-0042', 'ZK-0042'],
    ['AIM by a Chinese input method', '】Ｑ１ＺＫ－００４２', 'ZK-0042'],
    ['GS1 DataMatrix', `]d2010690123456789221ZK-0042${GS}10LOT7`, 'ZK-0042'],
    ['GS1 DataMatrix, lot first', `]d20106901234567892${'10'}LOT7${GS}21ZK-0042`, 'ZK-0042'],
    ['GS1-128', ']C101069012345678921728123121ZK-0042', 'ZK-0042'],
    ['GS1 with its separators written out', ']d210LOT7<GS>21ZK-0042', 'ZK-0042'],
    ['GS1 that begins with FNC1', `${GS}0106901234567892${'21'}ZK-0042`, 'ZK-0042'],
    ['GS1 as people read it', '(01)06901234567892(21)ZK-0042(10)LOT7', 'ZK-0042'],
    ['GS1 link', 'https://id.example.cn/01/06901234567892/10/LOT7/21/ZK%2D0042?17=281231', 'ZK-0042'],
    ['GS1 of an asset', ']C18004ZK-0042', 'ZK-0042'],
    ['GS1 with the same serial number twice', `]d221ZK-0042${GS}10LOT7${GS}21ZK-0042`, 'ZK-0042'],
    ['GS1 with a payment reference of 25 characters', `]d28020${'R'.repeat(25)}${GS}21ZK-0042`, 'ZK-0042'],
    ['GS1 with a separator after the country of origin', `]d2422156${GS}21ZK-0042`, 'ZK-0042'],
    ['GS1 without a separator after the country of origin', ']d242215621ZK-0042', 'ZK-0042'],
    ['GS1 without a serial number', ']C110LOT7', '10LOT7'],
    ['wide characters', 'ＺＫ－００４２', 'ZK-0042'],
    ['a wide blank around it', '\u3000ZK-0042\u3000', 'ZK-0042'],
    ['a byte order mark', '\ufeffZK-0042', 'ZK-0042'],
    ['zero-width characters', 'ZK\u200b-\u200d00\u206042', 'ZK-0042'],
    ['a soft hyphen and a variation selector', 'ZK\u00ad-0042\ufe0f', 'ZK-0042'],
    ['bidirectional characters', '\u202dZK-0042\u202c', 'ZK-0042'],
    ['blanks that do not break', '\u00a0ZK-0042\u2007', 'ZK-0042'],
    ['control characters of the scanner', '\u0002ZK-0042\u0003\r', 'ZK-0042'],
    ['our label', '{"v":1,"pid":"P1","dn":"d_1","sn":"ZK-0042","mac":"A0B1C2D3E4F5"}', 'ZK-0042'],
    [
      'our label without a MAC, spaced',
      ' { "v" : 1, "pid" : "P1", "dn" : "d", "sn" : "ZK-0042" } ',
      'ZK-0042',
    ],
    ['our label behind AIM', ']Q1{"v":1,"pid":"P1","dn":"d","sn":"ZK-0042"}', 'ZK-0042'],
    [
      'our label by an input method',
      '｛“ｖ”：１，“ｐｉｄ”：“Ｐ１”，“ｄｎ”：“ｄ”，“ｓｎ”：“ＺＫ－００４２”｝',
      'ZK-0042',
    ],
  ])('%s', (_, text, serialNumber) => {
    expect(serialCandidates(text)[0]).toBe(serialNumber);
  });

  it.each([
    ['a prefix alone', ']C0'],
    ['a bracket that is no prefix', ']]ZK-0042'],
    ['digits that happen to look like GS1', '0106901234567892'],
    ['GS1 as people read it with two serial numbers', '(21)ZK-0042(21)ZK-0043'],
    ['words', '产品 42'],
    ['JSON of somebody else', '{"sn":"ZK-0042","model":"x"}'],
  ])('%s is unchanged', (_, text) => {
    expect(serialCandidates(text)[0]).toBe(text);
  });

  it('is none of two different ones of a GS1 code', () => {
    const candidates = serialCandidates(`]d221ZK-0042${GS}21ZK-0043`);
    expect(candidates).not.toContain('ZK-0042');
    expect(candidates).not.toContain('ZK-0043');
  });

  it('is missing for a label without one, or an incomplete label', () => {
    for (const text of [
      '{"v":1,"pid":"P1","dn":"d"}',
      '{"v":1,"pid":"P1","dn":"d","sn":"ZK',
      '{"v":9,"pid":"P1","sn":"ZK"}',
    ])
      expect(serialCandidates(text)).toEqual([]);
    expect(serialCandidates('\ufeff\u200b')).toEqual([]);
  });

  it('is the one that matches the recipe, if there are several', () => {
    const gs1 = '010690123456789221ZK-0042';
    expect(findSerialCandidate(gs1, (one) => /^ZK-\d+$/.test(one))).toBe('ZK-0042');
    expect(findSerialCandidate(gs1, () => true)).toBe(gs1);
    expect(findSerialCandidate(`]d2${gs1}`, (one) => one.startsWith('01'))).toBe(gs1);
    expect(findSerialCandidate('ＡＢ１', (one) => one === 'ＡＢ１')).toBe('ＡＢ１');
    expect(findSerialCandidate('ZK', (one) => one === 'X')).toBeNull();
  });

  it('is found in every label of this station, whatever the scanner adds', () => {
    const printable = fc
      .string({
        unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
        minLength: 1,
        maxLength: 40,
      })
      .filter((text) => !/^\]/.test(text));
    fc.assert(
      fc.property(printable, fc.constantFrom('', ']Q1', ']d1'), fc.boolean(), (serialNumber, aim, isWide) => {
        const payload = aim + encodeDeviceQr({ productId: 'P1', deviceName: 'd:1', serialNumber });
        expect(serialCandidates(isWide ? wide(payload) : payload)).toEqual([serialNumber]);
        // A bare number is itself, whatever characters it is made of.
        if (!isWide) expect(serialCandidates(serialNumber)).toContain(serialNumber);
      }),
    );
  });
});

describe('names of a unit', () => {
  it('are all names on a label, the serial number first', () => {
    expect(
      unitNameCandidates('{"v":1,"pid":"P1","dn":"lamp_7","sn":"ZK-0042","mac":"a0:b1:c2:d3:e4:f5"}'),
    ).toEqual(['ZK-0042', 'A0B1C2D3E4F5', 'lamp_7']);
    expect(unitNameCandidates('{"v":1,"pid":"P1","dn":"lamp_7"}')).toEqual(['lamp_7']);
    expect(unitNameCandidates(']C0A0-B1-C2-D3-E4-F5')[0]).toBe('A0-B1-C2-D3-E4-F5');
  });
});

it('keeps the punctuation of a Chinese answer, and removes a scanner prefix', () => {
  expect(plainAnswer(' 划伤，两处 \u200b')).toBe('划伤，两处');
  expect(plainAnswer(']C0ＬＯＴ－７')).toBe('LOT-7');
  expect(plainAnswer('１２．５')).toBe('12.5');
  // A question reads the answer again.
  const gs1 = plainAnswer(`]d2${GS}10LOT7${GS}21ZK-0042${GS}`);
  expect([gs1, findSerialCandidate(gs1, (one) => one.startsWith('ZK'))]).toEqual([
    '10LOT7␝21ZK-0042',
    'ZK-0042',
  ]);
});
