import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LABEL_WORDS } from '../../../../shared/label/placeholders.ts';
import type { LabelTemplate } from '../../../../shared/label/index.ts';
import { checkTemplate, createFontBook, readTemplate } from '../../../../station/results/labels/index.ts';
import { encodeDrawing } from '../../../../station/results/labels/encode-drawing.ts';
import { layoutTemplate, sampleValuesOf } from '../../../../station/results/labels/templates/index.ts';
import { depth } from '../../../support/depth.ts';

const SHIPPED = join(import.meta.dirname, '../../../../resources/labels');
const SOURCES = readdirSync(SHIPPED).map((file) => readFileSync(join(SHIPPED, file), 'utf8'));
const TEMPLATES = SOURCES.map((source) => readTemplate(source).template as LabelTemplate);
const fonts = createFontBook();

test('a template with any mistake of typing is read or has issues with a place, and never breaks the station', () => {
  const edit = fc.record({
    source: fc.constantFrom(...SOURCES),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(30),
    insert: fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('-1', '1e9', 'null', '[]', '{', '"', '\n  - ', '{deviceSecret}'),
    ),
  });
  fc.assert(
    fc.property(edit, ({ source, at, remove, insert }) => {
      const index = Math.floor(at * source.length);
      const edited = source.slice(0, index) + insert + source.slice(index + remove);
      const { template, issues } = checkTemplate(edited, [203], fonts);
      expect(template === null).toBe(issues.length > 0);
      for (const { line, column, message } of issues) {
        expect([line, column].every((one) => one >= 1)).toBe(true);
        expect(message.en !== '' && message['zh-CN'] !== '').toBe(true);
      }
    }),
    { numRuns: depth({ short: 60, long: 5000 }) },
  );
});

test('whatever the values of a unit are, a label is drawn in every format, or the element is named', async () => {
  const values = fc.record(
    Object.fromEntries(
      LABEL_WORDS.map((word) => [
        word,
        fc.option(
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 80 }),
            fc.constantFrom('', '^XZ', '"', '\0', '{mac}', '中文字'),
          ),
        ),
      ]),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...TEMPLATES), values, async (template, words) => {
      const sample = sampleValuesOf(template);
      const all = { ...sample, words: { ...sample.words, ...words } };
      const { drawing, problems } = layoutTemplate(template, all, { dpi: 203, fonts });
      for (const { element } of problems) expect(template.elements[element]).toBeDefined();
      const zpl = Buffer.from(await encodeDrawing(drawing, 'zpl')).toString('latin1');
      // No value becomes a command of the printer.
      expect(zpl.match(/\^XZ/g)).toHaveLength(1);
      expect(zpl.replaceAll(/\^GFA,[\dA-Za-z,:]+/g, '')).toMatch(
        /^\^XA\n\^PW\d+\^LL\d+\^LH0,0\n(?:\^FO\d+,\d+\^FS\n)*\^PQ1\^XZ\n$/,
      );
      const svg = Buffer.from(await encodeDrawing(drawing, 'svg')).toString();
      expect(svg.match(/<svg/g)).toHaveLength(1);
      expect(svg).not.toMatch(/<script|\0/);
    }),
    { numRuns: depth({ short: 25, long: 1000 }) },
  );
});
