import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWifiQr, type DeviceCode } from '../../../../shared/codec/qr/index.ts';
import {
  createFontBook,
  renderLabel,
  unitLabel,
  writeCodeFile,
  writeLabelFile,
  type FontBook,
} from '../../../../station/results/labels/index.ts';
import {
  drawPdfPage,
  drawSvgsInChromium,
  readCode,
  readCodes,
  readDataMatrix,
  readPdfText,
} from './readers.ts';

const DEVICE: DeviceCode = {
  productId: 'CS0SLTKSYA',
  deviceName: 'line1_0001',
  serialNumber: 'SN00000001',
  chipId: 'AABBCCDDEEFF',
};
const LABEL = unitLabel(DEVICE, 'JX-12F');
const NO_CHINESE = createFontBook([]);

function hasChineseFont(fonts: FontBook): boolean {
  try {
    fonts.faceFor('中');
    return true;
  } catch {
    return false;
  }
}
const fonts = createFontBook();
const itChinese = it.skipIf(!hasChineseFont(fonts));

let directory = '';
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'gongwei-labels-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const inDirectory = (name: string): string => join(directory, name);

describe("a unit's label", () => {
  it('says the same to scanners and to people', () => {
    expect(LABEL).toEqual({
      payload: '{"v":1,"pid":"CS0SLTKSYA","dn":"line1_0001","sn":"SN00000001","mac":"AABBCCDDEEFF"}',
      lines: ['JX-12F', 'line1_0001', 'SN SN00000001', 'MAC AA:BB:CC:DD:EE:FF'],
    });
    expect(unitLabel({ productId: 'P', deviceName: 'd' }, '').lines).toEqual(['P', 'd']);
  });

  it('is scanned from PNG and PDF', async () => {
    for (const format of ['png', 'pdf']) await writeLabelFile(inDirectory(`l.${format}`), LABEL);
    const pictures = [inDirectory('l.png'), drawPdfPage(inDirectory('l.pdf'), 300)];
    expect(readCodes(pictures)).toEqual([LABEL.payload, LABEL.payload]);
  });

  it('is scanned from SVG, and so is a code by itself', async () => {
    const wifi = encodeWifiQr({ ssid: '客厅的无线网', password: 'p@ss word', token: 't' });
    await writeLabelFile(inDirectory('l.svg'), LABEL);
    await writeCodeFile(inDirectory('w.svg'), wifi);
    const picture = drawSvgsInChromium([inDirectory('l.svg'), inDirectory('w.svg')], directory);
    expect(readCode(picture).split('\n').toSorted()).toEqual([wifi, LABEL.payload].toSorted());
  });

  it('has a DataMatrix where its recipe says so', async () => {
    await writeLabelFile(inDirectory('d.png'), { ...LABEL, symbology: 'datamatrix' });
    expect(readDataMatrix(inDirectory('d.png'))).toBe(LABEL.payload);
  });

  it('is read by people: the PDF holds its lines as text, whole', async () => {
    await writeLabelFile(inDirectory('t.pdf'), LABEL);
    const lines = readPdfText(inDirectory('t.pdf')).split('\n');
    expect(lines.map((line) => line.trim()).filter(Boolean)).toEqual([...LABEL.lines]);
  });

  it('has the size asked for, at the resolution asked for', async () => {
    const png = Buffer.from(await renderLabel(LABEL, 'png', { widthMm: 50, heightMm: 30, dpi: 203 }));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([400, 240]);
    expect(png.subarray(37, 41).toString()).toBe('pHYs');
    expect(png.readUInt32BE(41)).toBe(7992);
    expect(Buffer.from(await renderLabel(LABEL, 'svg')).toString()).toContain('width="39.963mm"');
  });

  it.each([
    [25, 25, 300],
    [60, 15, 300],
    [20, 40, 300],
    [50, 30, 203],
    [40, 30, 600],
  ])('of %i × %i mm at %i dpi is scanned too', async (widthMm, heightMm, dpi) => {
    const path = inDirectory(`s${widthMm}x${heightMm}.png`);
    await writeLabelFile(path, LABEL, { widthMm, heightMm, dpi });
    expect(readCodes([path])).toEqual([LABEL.payload]);
  });

  it('breaks lines that would be too small to read, losing no character', async () => {
    const deviceName = `dev_${'0123456789'.repeat(4)}end`;
    await writeLabelFile(inDirectory('long.pdf'), unitLabel({ ...DEVICE, deviceName }, 'JX-12F'));
    expect(readPdfText(inDirectory('long.pdf')).replace(/\s/g, '')).toContain(deviceName);
    expect(readCodes([drawPdfPage(inDirectory('long.pdf'), 300)])[0]).toContain(deviceName);
  });

  it.each(['svg', 'png', 'pdf'] as const)('is the same %s, byte for byte, each time', async (format) => {
    const [one, two] = [await renderLabel(LABEL, format), await renderLabel(LABEL, format)];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  });

  it('that cannot hold its code or its text is refused', async () => {
    await expect(renderLabel(LABEL, 'png', { widthMm: 8, heightMm: 8 })).rejects.toMatchObject({
      code: 'bad-input',
    });
    const wordy = { ...LABEL, lines: Array.from({ length: 30 }, () => 'line') };
    await expect(renderLabel(wordy, 'png')).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('Chinese on a label', () => {
  const chinese = unitLabel({ ...DEVICE, serialNumber: '序列号0001' }, '智能门锁');

  itChinese('is printed, in every format', async () => {
    for (const format of ['png', 'pdf', 'svg'])
      await writeLabelFile(inDirectory(`c.${format}`), chinese, { fonts });
    expect(readPdfText(inDirectory('c.pdf'))).toMatch(/智能门锁[\s\S]*SN 序列号0001/);
    expect(readCodes([inDirectory('c.png'), drawPdfPage(inDirectory('c.pdf'), 300)])).toEqual([
      chinese.payload,
      chinese.payload,
    ]);
  });

  itChinese('is drawn, not replaced: other characters give another picture', async () => {
    const picture = async (line: string): Promise<string> =>
      Buffer.from(await renderLabel({ payload: 'x', lines: [line] }, 'png', { fonts })).toString('base64');
    expect(await picture('门锁')).not.toBe(await picture('灯泡'));
  });

  it.each(['svg', 'png', 'pdf'] as const)(
    'is refused without a font for it, never printed as boxes: %s',
    async (format) => {
      await expect(renderLabel(chinese, format, { fonts: NO_CHINESE })).rejects.toMatchObject({
        code: 'tool-missing',
        hint: expect.stringContaining('fonts-noto-cjk') as unknown,
      });
    },
  );

  itChinese('is refused where the font lacks a character', async () => {
    await expect(renderLabel({ payload: 'x', lines: ['门锁😀'] }, 'png', { fonts })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('😀') as unknown,
    });
  });

  it('is set in the font of the program, whatever fonts the computer has', () => {
    expect(createFontBook().faceFor('喆').postScriptName).toBe('NotoSansSC-Regular');
  });

  it('needs no font when only the code holds it', async () => {
    const path = inDirectory('code-only.png');
    await writeLabelFile(path, { payload: '序列号', lines: ['JX-12F'] }, { fonts: NO_CHINESE });
    expect(readCodes([path])).toEqual(['序列号']);
  });
});

describe('a label file', () => {
  it('is replaced whole, and nothing is left beside it', async () => {
    const folder = mkdtempSync(inDirectory('whole-'));
    const path = join(folder, 'l.svg');
    writeFileSync(path, 'old');
    await writeLabelFile(path, LABEL);
    expect(readFileSync(path, 'utf8')).toMatch(/^<svg /);
    expect(readdirSync(folder)).toEqual(['l.svg']);
  });

  it('stays as it was when the new one cannot be made', async () => {
    const folder = mkdtempSync(inDirectory('kept-'));
    const path = join(folder, 'l.png');
    writeFileSync(path, 'old');
    await expect(writeLabelFile(path, LABEL, { widthMm: 5, heightMm: 5 })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['l.png']);
  });

  it('goes only where it can go', async () => {
    await expect(writeLabelFile(inDirectory('none/l.svg'), LABEL)).rejects.toMatchObject({
      code: 'file-missing',
    });
    await expect(writeCodeFile(inDirectory('l.gif'), 'x')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(writeCodeFile(`${mkdtempSync(inDirectory('dir'))}.svg/x.svg`, 'x')).rejects.toMatchObject({
      code: 'file-missing',
    });
    expect(existsSync(inDirectory('l.gif'))).toBe(false);
  });
});
