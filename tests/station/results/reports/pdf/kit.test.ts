import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { breakLines } from '../../../../../station/results/reports/pdf/kit/break-lines.ts';
import { printable } from '../../../../../station/results/reports/pdf/kit/printable.ts';
import {
  readReportFont,
  type ReportFont,
} from '../../../../../station/results/reports/pdf/kit/report-font.ts';
import { ticksBetween } from '../../../../../station/results/reports/pdf/kit/scale.ts';
import { reportFormats } from '../../../../../station/results/reports/pdf/report-formats.ts';

describe('the font of PDF reports', () => {
  let font: ReportFont;
  beforeAll(async () => {
    font = await readReportFont();
  });

  it('has the outlines of the published one', () => {
    const { data } = font;
    for (let record = 12; ; record += 16) {
      if (data.toString('latin1', record, record + 4) !== 'glyf') continue;
      const begin = data.readUInt32BE(record + 8);
      const outlines = data.subarray(begin, begin + data.readUInt32BE(record + 12));
      expect(createHash('sha256').update(outlines).digest('hex')).toBe(GLYF);
      return;
    }
  });

  it('has every character of GBK, so that names of people are complete', () => {
    const gbk = new TextDecoder('gbk');
    const missing: string[] = [];
    for (let high = 0x81; high <= 0xfe; high += 1)
      for (let low = 0x40; low <= 0xfe; low += 1) {
        const text = gbk.decode(Uint8Array.of(high, low));
        const code = text.codePointAt(0) ?? 0;
        const isPrivate = code >= 0xe000 && code < 0xf900;
        if ([...text].length === 1 && code !== 0xfffd && !isPrivate && !font.has(code)) missing.push(text);
      }
    expect(missing.length).toBeLessThanOrEqual(1);
  });

  it('knows the widths that pdfkit measures', async () => {
    const { default: PDFDocument } = await import('pdfkit');
    const document = new PDFDocument({ font: '' });
    document.registerFont('text', font.data);
    document.font('text').fontSize(10);
    for (const text of ['工位 Gongwei 2026', 'iiiWWW', 'σ ≤ 3.3 V', '℃±…']) {
      const own = [...text].reduce((sum, one) => sum + font.widthEm(one.codePointAt(0) ?? 0), 0) * 10;
      expect(own).toBeCloseTo(document.widthOfString(text), 3);
    }
  });
});

describe('a printable text', () => {
  const font = { has: (code: number) => code < 0x3000 };
  it('shows control characters, marks of direction and missing characters as escapes', () => {
    expect(printable('a\x1b[31m\u202eb\n😀', font)).toBe('a\\x1b[31m\\u202eb\\n\\u{1f600}');
    expect(printable('\ud800x', font)).toBe('\\ud800x');
    expect(printable('工', font)).toBe('\\u5de5');
  });
  it('says how much of a long text is missing', () => {
    expect(printable('9'.repeat(500), font)).toBe(`${'9'.repeat(300)}… (+200)`);
    expect(printable('😀'.repeat(5), { has: () => true }, 3)).toBe('😀😀😀… (+2)');
    expect(printable('9'.repeat(300), font)).toBe('9'.repeat(300));
  });
});

describe('lines', () => {
  const broken = (text: string, width: number): string[] => breakLines(text, width, () => 1);
  it('break after spaces and between Chinese characters, not before a closing mark', () => {
    expect(broken('one two three', 8)).toEqual(['one two', 'three']);
    expect(broken('测量值超出限值', 4)).toEqual(['测量值超', '出限值']);
    expect(broken('测量值，超限', 3)).toEqual(['测量', '值，超', '限']);
    expect(broken('（测量）值', 4)).toEqual(['（测量）', '值']);
  });
  it('break a word that is too wide at any character', () => {
    expect(broken('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(broken('', 3)).toEqual(['']);
  });
  it('are never too wide and lose no character but spaces', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-composite', maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (text, width) => {
          const lines = broken(text, width);
          for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
          const bare = (all: string): string => all.replace(/\s/gu, '');
          expect(bare(lines.join(''))).toBe(bare(text));
        },
      ),
    );
  });
});

describe('the ticks of an axis', () => {
  it('are round numbers within the range', () => {
    expect(ticksBetween(3.07, 3.53, 5)).toEqual([3.2, 3.4]);
    expect(ticksBetween(0, 10, 6)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticksBetween(5, 5, 5)).toEqual([5]);
  });
  it('are never many', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const ticks = ticksBetween(Math.min(a, b), Math.max(a, b), 5);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe('the numbers of a report', () => {
  const formats = reportFormats('en', 'Asia/Shanghai');
  it('round no share to all or nothing', () => {
    expect(formats.percent(0.9573)).toBe('95.73%');
    expect(formats.percent(0.999999)).toBe('99.99%');
    expect(formats.percent(0.000001)).toBe('0.01%');
    expect([1, 0, null].map(formats.percent)).toEqual(['100%', '0%', '—']);
  });
  it('show limits exactly, and times with the zone of the station', () => {
    expect(formats.exact(16777215.25)).toBe('16777215.25');
    expect(formats.exact(1e-7)).toBe('1e-7');
    expect(formats.exact(12345678901)).toBe('1.2345678901e+10');
    expect(formats.value(1004312.26)).toBe('1004312.3');
    expect(formats.time(Date.UTC(2026, 10, 28, 6, 3, 22))).toBe('2026-11-28 14:03:22');
    expect(formats.zone(0)).toBe('Asia/Shanghai (UTC+08:00)');
  });
});

/** Of NotoSansSC-Regular.ttf 2.004 as published. */
const GLYF = '82e3d350416334908de1fe44dfcd214c5bbbbfc6a5b31ae94b8b25567eb22887';
