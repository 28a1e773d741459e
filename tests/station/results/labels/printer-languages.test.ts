import { expect, describe, it } from 'vitest';
import { createFontBook, renderLabel, unitLabel } from '../../../../station/results/labels/index.ts';
import { countDifferences, dotsOfPng, dotsOfTspl, dotsOfZpl } from './dots.ts';

const LABEL = unitLabel(
  { productId: 'CS0SLTKSYA', deviceName: 'line1_0001', serialNumber: 'SN00000001', chipId: 'AABBCCDDEEFF' },
  'JX-12F',
);
const CHINESE = { ...LABEL, lines: ['智能门锁', ...LABEL.lines] };
const fonts = createFontBook();

describe('a label in the language of a printer', () => {
  it.each([
    [LABEL, 203, 40, 30],
    [CHINESE, 300, 50, 30],
    [CHINESE, 600, 25, 25],
  ])('has the dots of the PNG: %#', async (label, dpi, widthMm, heightMm) => {
    const options = { dpi, widthMm, heightMm, fonts };
    const png = dotsOfPng(await renderLabel(label, 'png', options));
    const zpl = await dotsOfZpl(await renderLabel(label, 'zpl', options), dpi);
    const tspl = dotsOfTspl(await renderLabel(label, 'tspl', options), dpi);
    expect(png.black.filter(Boolean).length).toBeGreaterThan(1000);
    expect([countDifferences(zpl, png), countDifferences(tspl, png)]).toEqual([0, 0]);
  });

  it('says its size: ZPL in dots, TSPL in mm with the gap of the roll', async () => {
    const options = { dpi: 300, widthMm: 40, heightMm: 30.5 };
    const zpl = Buffer.from(await renderLabel(LABEL, 'zpl', options)).toString('latin1');
    expect(zpl).toMatch(/^\^XA\n\^PW472\^LL360\^LH0,0\n\^FO[\s\S]*\^PQ1\^XZ\n$/);
    const head = async (gapMm?: number): Promise<string[]> => {
      const tspl = await renderLabel(LABEL, 'tspl', {
        ...options,
        ...(gapMm === undefined ? {} : { gapMm }),
      });
      return Buffer.from(tspl).toString('latin1').split('\r\n').slice(0, 2);
    };
    expect(await head()).toEqual(['SIZE 40 mm,30.5 mm', 'GAP 2 mm,0 mm']);
    expect(await head(0)).toEqual(['SIZE 40 mm,30.5 mm', 'GAP 0 mm,0 mm']);
  });

  it.each(['zpl', 'tspl'] as const)('is the same %s, byte for byte, each time', async (format) => {
    const [one, two] = [await renderLabel(LABEL, format), await renderLabel(LABEL, format)];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  });
});
