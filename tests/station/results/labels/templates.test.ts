import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRINTER_RESOLUTIONS } from '../../../../shared/domain/label-printer.ts';
import {
  checkTemplate,
  createFontBook,
  readTemplate,
  renderLabel,
  requireTemplate,
  sampleLabel,
} from '../../../../station/results/labels/index.ts';
import { checkLabelTemplate } from '../../../../shared/label/index.ts';
import { layoutTemplate, sampleValuesOf } from '../../../../station/results/labels/templates/index.ts';
import { pngOf } from './png-of.ts';
import { countDifferences, type Dots, dotsOfPng, dotsOfTspl, dotsOfZpl } from './dots.ts';

const SHIPPED = join(import.meta.dirname, '../../../../resources/labels');
const fonts = createFontBook();

const template = (elements: string, size = '{ width: 40, height: 30 }'): string =>
  `gongwei: label/1\nname: t\ntitle: { zh-CN: t, en: t }\nsize: ${size}\nelements:\n${elements}\n`;
const dotsOf = async (source: string, dpi = 300): Promise<Dots> =>
  dotsOfPng(await renderLabel(sampleLabel(requireTemplate(source, 't')), 'png', { dpi, fonts }));
const ink = ({ black }: Dots): number => black.reduce((sum, dot) => sum + dot, 0);

describe('the templates that are shipped', () => {
  it.each(readdirSync(SHIPPED))('%s is right at every resolution', (file) => {
    const source = readFileSync(join(SHIPPED, file), 'utf8');
    const { template: read, issues } = checkTemplate(source, PRINTER_RESOLUTIONS, fonts);
    expect(issues).toEqual([]);
    expect(`${read?.name}.yaml`).toBe(file);
  });

  it('are drawn alike by SVG, PNG, PDF, ZPL and TSPL: the same dots where there are dots', async () => {
    const label = sampleLabel(
      requireTemplate(readFileSync(join(SHIPPED, 'brand-50x30.yaml'), 'utf8'), 'brand'),
    );
    const png = dotsOfPng(await renderLabel(label, 'png', { dpi: 203, fonts }));
    const zpl = await dotsOfZpl(await renderLabel(label, 'zpl', { dpi: 203, fonts }), 203);
    const tspl = dotsOfTspl(await renderLabel(label, 'tspl', { dpi: 203, fonts }), 203);
    expect([countDifferences(zpl, png), countDifferences(tspl, png)]).toEqual([0, 0]);
    expect(ink(png)).toBeGreaterThan(5000);
  });
});

describe('the text of a template', () => {
  it('is wrong at a line and a column', () => {
    const source = template("  - { kind: text, x: 1, y: 1, width: 9, height: 9, lines: ['{deviceSecret}'] }");
    const [issue] = readTemplate(source).issues;
    expect(issue).toMatchObject({ line: 6, path: 'elements.0.lines.0', message: { code: 'label-secret' } });
    expect(source.split('\n')[5]?.slice((issue?.column ?? 0) - 1)).toMatch(/^'\{deviceSecret/);
    expect(readTemplate('name: x\n').issues.length).toBeGreaterThan(0);
    expect(readTemplate('{').template).toBeNull();
    expect(readTemplate('').template).toBeNull();
  });

  it.each([
    [
      'a code that is too fine',
      '{ kind: qr, x: 1, y: 1, width: 8, height: 8, value: "{deviceCode}" }',
      'label-too-fine',
    ],
    [
      'bars that are too fine',
      '{ kind: code128, x: 1, y: 1, width: 20, height: 8, value: "{deviceName}-{mac}" }',
      'label-too-fine',
    ],
    [
      'a text that cannot shrink',
      '{ kind: text, x: 1, y: 1, width: 5, height: 5, lines: ["{deviceCode}"] }',
      'label-text-too-long',
    ],
    [
      'a text that no printer draws',
      '{ kind: text, x: 1, y: 1, width: 5, height: 5, lines: [a], size: 0.8, minSize: 0.8 }',
      'label-text-too-fine',
    ],
    [
      'a picture that is none',
      '{ kind: image, x: 1, y: 1, width: 5, height: 5, png: AAAA }',
      'label-picture',
    ],
    ['a line of no dot', '{ kind: line, x: 1, y: 1, width: 5, height: 0.01 }', 'label-nothing'],
    [
      'a text too long for a code',
      `{ kind: qr, x: 1, y: 1, width: 28, height: 28, value: "${'x'.repeat(1000)}", errorLevel: H }`,
      'label-too-fine',
    ],
  ])('does not fit: %s', (_, element, code) => {
    const { issues } = checkTemplate(template(`  - ${element}`), [203], fonts);
    expect(issues).toMatchObject([{ line: 6, column: 5, path: 'elements.0', message: { code } }]);
    expect(issues[0]?.message['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
  });

  it('says where a font is missing, and does not draw boxes', () => {
    const chinese = template('  - { kind: text, x: 1, y: 1, width: 30, height: 5, lines: [序列号] }');
    const { issues } = checkTemplate(chinese, [203], createFontBook([]));
    expect(issues).toMatchObject([{ message: { code: 'label-no-font' } }]);
  });
});

describe('what a template draws', () => {
  const letter = (more: string): string =>
    template(`  - { kind: text, x: 5, y: 5, width: 20, height: 20, lines: [L], size: 8, ${more} }`);
  const turned = ({ width, height, black }: Dots): Dots => ({
    width: height,
    height: width,
    black: Uint8Array.from({ length: black.length }, (_, at) => {
      const [x, y] = [at % height, Math.floor(at / height)];
      return black[(height - 1 - x) * width + y] ?? 0;
    }),
  });
  const cut = ({ width, height, black }: Dots): string => {
    const rows = Array.from({ length: height }, (_, y) => [...black.subarray(y * width, (y + 1) * width)]);
    const used = rows.filter((row) => row.includes(1));
    const left = Math.min(...used.map((row) => row.indexOf(1)));
    const right = Math.max(...used.map((row) => row.lastIndexOf(1)));
    return used.map((row) => row.slice(left, right + 1).join('')).join('\n');
  };

  it('is turned clockwise, dot by dot', async () => {
    let dots = await dotsOf(letter('rotate: 0'));
    for (const rotate of [90, 180, 270]) {
      dots = turned(dots);
      expect(cut(await dotsOf(letter(`rotate: ${rotate}`)))).toBe(cut(dots));
    }
  });

  it('turns codes and pictures, too', async () => {
    const code = (rotate: number): string =>
      template(`  - { kind: code128, x: 1, y: 1, width: 28, height: 28, value: AB12, rotate: ${rotate} }`);
    expect(cut(await dotsOf(code(90)))).toBe(cut(turned(await dotsOf(code(0)))));
    const qr = (rotate: number): string =>
      template(
        `  - { kind: qr, x: 1, y: 1, width: 28, height: 20, value: x, align: left, rotate: ${rotate} }`,
      );
    expect(cut(await dotsOf(qr(270)))).toBe(cut(turned(turned(turned(await dotsOf(qr(0)))))));
  });

  it('is bolder in bold, and leaves out lines without a value', async () => {
    expect(ink(await dotsOf(letter('bold: true')))).toBeGreaterThan(
      1.1 * ink(await dotsOf(letter('bold: false'))),
    );
    const lines = (list: string): string =>
      template(`  - { kind: text, x: 1, y: 1, width: 30, height: 20, lines: [${list}] }`);
    // The sample unit has a MAC and therefore no other chip id.
    const with2 = await dotsOf(lines("'{deviceName}', 'ID {chipId}', '{macTail}'"));
    expect(countDifferences(with2, await dotsOf(lines("'{deviceName}', '{macTail}'")))).toBe(0);
  });

  it('shows a picture of each kind of PNG in black and white', async () => {
    const kinds: [colour: number, depth: number, row: (dark: boolean) => number[]][] = [
      [0, 8, (dark) => [dark ? 0 : 255]],
      [2, 8, (dark) => (dark ? [0, 0, 128] : [255, 255, 0])],
      [4, 8, (dark) => [0, dark ? 255 : 0]],
      [6, 8, (dark) => [10, 10, 10, dark ? 255 : 20]],
      [0, 16, (dark) => (dark ? [0, 9] : [250, 0])],
    ];
    const pictures = await Promise.all(
      kinds.map(([colour, depth, pixel]) => {
        const row = [...pixel(true), ...pixel(false)];
        const png = pngOf(2, 2, colour, depth, [[...row], [...pixel(false), ...pixel(true)]]);
        return dotsOf(template(`  - { kind: image, x: 5, y: 5, width: 10, height: 10, png: ${png} }`));
      }),
    );
    const [first] = pictures;
    expect(ink(first!)).toBeGreaterThan(5000);
    for (const one of pictures) expect(countDifferences(one, first!)).toBe(0);
  });

  it('is not drawn when its texts, codes or pictures would take a station seconds', async () => {
    const line = `"${'W'.repeat(1000)}"`;
    const text = `  - { kind: text, x: 0, y: 0, width: 200, height: 200, minSize: 0.8, wrap: true, lines: [${Array(6).fill(line).join(', ')}] }`;
    const code = `  - { kind: qr, x: 0, y: 0, width: 200, height: 200, value: ${line} }`;
    const picture = `  - { kind: image, x: 0, y: 0, width: 200, height: 200, png: ${pngOf(1, 1, 0, 8, [[0]])} }`;
    const codesOf = (elements: string): string[] =>
      checkTemplate(template(elements, '{ width: 200, height: 200 }'), [600], fonts).issues.map(
        ({ message }) => message.code,
      );
    expect(codesOf(text)).toEqual(['label-too-many-characters']);
    expect(codesOf(Array(6).fill(code).join('\n'))).toEqual(['label-too-many-characters']);
    expect(codesOf(picture)).toEqual(['label-too-many-dots']);
    expect(
      codesOf(`  - { kind: code128, x: 0, y: 0, width: 200, height: 9, value: "${'1'.repeat(501)}" }`),
    ).toEqual(['label-code-too-long']);
    // A preview is drawn of a template that has mistakes of meaning.
    const small = Array.from({ length: 6 }, () => ({
      kind: 'image',
      x: 0,
      y: 0,
      width: 1,
      height: 1,
      png: pngOf(1, 1, 0, 8, [[0]]),
    }));
    const { shape } = checkLabelTemplate({
      gongwei: 'label/1',
      name: 't',
      title: { en: 't', 'zh-CN': 't' },
      size: { width: 40, height: 30 },
      elements: small,
    });
    if (shape === null) throw new Error('the shape is wrong');
    const laidOut = layoutTemplate(shape, sampleValuesOf(shape), { dpi: 300, fonts });
    expect(laidOut.problems.map(({ message }) => message.code)).toEqual(['label-pictures', 'label-pictures']);
    // A picture of noise: its borders are not traced.
    const rows = Array.from({ length: 400 }, (_, y) =>
      Array.from({ length: 400 }, (_, x) => ((x * 7 + y * 13 + ((x * y) % 5)) % 2 === 0 ? 0 : 255)),
    );
    const noise = template(
      `  - { kind: image, x: 1, y: 1, width: 34, height: 28, png: ${pngOf(400, 400, 0, 8, rows)} }`,
    );
    const svg = Buffer.from(
      await renderLabel(sampleLabel(requireTemplate(noise, 't')), 'svg', { dpi: 300, fonts }),
    ).toString();
    const painted = [...svg.matchAll(/M\d+ \d+h(\d+)v1h-\d+z/g)].reduce(
      (sum, [, width]) => sum + Number(width),
      0,
    );
    expect(painted).toBe(ink(await dotsOf(noise)));
  });

  it('refuses to be printed on a smaller label, and is placed on a larger one', async () => {
    const label = sampleLabel(requireTemplate(letter('rotate: 0'), 't'));
    await expect(renderLabel(label, 'zpl', { fonts, widthMm: 30, heightMm: 30 })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('40 × 30 mm, not 30 × 30 mm') as unknown,
    });
    const zpl = Buffer.from(await renderLabel(label, 'zpl', { fonts, widthMm: 50, heightMm: 40, dpi: 203 }));
    expect(zpl.toString()).toContain('^PW400^LL320');
  });
});
