import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWifiQr } from '../../../../shared/codec/qr/index.ts';
import { renderCode } from '../../../../station/results/labels/index.ts';
import { drawPdfPage, readCode, readCodes } from './readers.ts';
import { depth } from '../../../support/depth.ts';

let directory = '';
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'gongwei-codes-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function save(
  name: string,
  payload: string,
  ...rest: [Parameters<typeof renderCode>[1]]
): Promise<string> {
  const path = join(directory, name);
  writeFileSync(path, await renderCode(payload, ...rest));
  return path;
}

describe('a QR code, read by zbar', () => {
  const payloads = [
    encodeWifiQr({ ssid: 'Tencent-WiFi', password: '12345678', token: 'v3_00d02b0248546d5a5fbf95a5812e4' }),
    encodeWifiQr({ ssid: '客厅的无线网', password: 'p@ss word', token: 'v3_00d02b0248546d5a5fbf95a5812e4' }),
    '日本',
    'é',
    '^065 is no escape, ^FNC1 no instruction',
  ];

  it('is the payload exactly, from PNG and PDF', async () => {
    const pictures: string[] = [];
    for (const [index, payload] of payloads.entries()) {
      pictures.push(await save(`a${index}.png`, payload, 'png'));
      pictures.push(drawPdfPage(await save(`a${index}.pdf`, payload, 'pdf'), 200));
    }
    expect(readCodes(pictures)).toEqual(payloads.flatMap((payload) => [payload, payload]));
  });

  it('is the payload exactly, with line ends and control characters', async () => {
    const payload = 'two\r\nlines\n\tand\u0001 a control';
    expect(readCode(await save('lines.png', payload, 'png'))).toBe(payload);
  });

  it('is the payload exactly for random texts', async () => {
    const character = fc.constantFrom(...'09AZaz {}":,%^$\\~é点茗日本客厅ßЖ한😀👩‍🔧');
    const text = fc.oneof(
      fc.string({ unit: character, minLength: 1, maxLength: 40 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.stringMatching(/^[0-9]{1,60}$/),
      fc.stringMatching(/^[A-Z0-9 $%*+./:-]{1,60}$/),
    );
    const texts = fc.sample(text, depth({ short: 60, long: 300 }));
    const paths: string[] = [];
    for (const [index, payload] of texts.entries()) paths.push(await save(`r${index}.png`, payload, 'png'));
    expect(readCodes(paths)).toEqual(texts);
  });
});

describe('a code', () => {
  it('keeps its quiet zone and whole dots per module', async () => {
    const png = Buffer.from(await renderCode('hello', 'png', { moduleMm: 0.5, dpi: 300 }));
    // Version 1 has 21 modules, the quiet zone 4 on each side; 0.5 mm at 300 dpi are 6 dots.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([29 * 6, 29 * 6]);
    const svg = Buffer.from(await renderCode('hello', 'svg', { moduleMm: 0.508, dpi: 300 })).toString();
    expect(svg).toContain('width="14.732mm" height="14.732mm" viewBox="0 0 174 174"');
  });

  it.each(['svg', 'png', 'pdf'] as const)(
    'is the same %s, byte for byte, for the same input',
    async (format) => {
      const [one, two] = [await renderCode('same', format), await renderCode('same', format)];
      expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
    },
  );

  it('that nobody could scan is refused', async () => {
    await expect(renderCode('x', 'png', { moduleMm: 0.1 })).rejects.toMatchObject({ code: 'bad-input' });
  });

  it.each(['qr', 'datamatrix'] as const)(
    'that does not fit into %s is refused with its size',
    async (symbology) => {
      await expect(renderCode('网'.repeat(1000), 'svg', { symbology })).rejects.toMatchObject({
        code: 'qr-too-long',
        details: { sizeBytes: 3000 },
      });
    },
  );

  it('says nothing about an empty text', async () => {
    await expect(renderCode('', 'svg')).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('never names its payload beside the picture, it may hold a password', async () => {
    const wifi = encodeWifiQr({ ssid: 'net', password: 'hunter22', token: 't' });
    expect(Buffer.from(await renderCode(wifi, 'svg')).toString()).not.toContain('hunter22');
    expect(Buffer.from(await renderCode(wifi, 'pdf')).toString('latin1')).not.toContain('hunter22');
  });
});
