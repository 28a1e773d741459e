import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStationDatabase } from '../../../../../station/core/database/index.ts';
import { writeReport } from '../../../../../station/results/reports/index.ts';
import { readRunFiles } from '../../../../../station/results/reports/pdf/index.ts';
import { readJpeg } from '../../../../../station/results/reports/pdf/pictures/jpeg.ts';
import { BadPicture } from '../../../../../station/results/reports/pdf/pictures/picture.ts';
import { readPng } from '../../../../../station/results/reports/pdf/pictures/png.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { depth } from '../../../../support/depth.ts';
import { addAttached, addSampleBatch } from '../sample-batch.ts';
import { dotsOf, infoOf, overlapsOf, picturesIn, textOf, wordsOf } from './poppler.ts';
import { greenPng, JPEG, phoneJpeg, png, type PngOptions } from './sample-pictures.ts';
import { UNIT, writeCertificate } from './write-certificate.ts';

const HUGE = { width: 30_000, height: 30_000, colour: 2, rows: Buffer.alloc(10) };
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a picture of a run', () => {
  it('that is a JPEG keeps its bytes without the place where it was taken', () => {
    const picture = readJpeg(phoneJpeg(6));
    expect(picture).toMatchObject({ width: 32, height: 16, colours: 'DeviceRGB', orientation: 6 });
    expect(Buffer.from(picture.data).equals(JPEG)).toBe(true);
  });

  it.each<[string, Omit<PngOptions, 'width' | 'height'>, number[]]>([
    ['grey', { colour: 0, rows: Buffer.from([0, 10, 20, 2, 1, 1]) }, [10, 10, 10, 20, 20, 20, 11, 11, 11, 21, 21, 21]],
    ['of one bit', { colour: 0, depth: 1, rows: Buffer.from([0, 0x80, 0, 0x40]) }, [255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255]],
    ['of a palette with a hole', { colour: 3, rows: Buffer.from([0, 0, 1, 0, 1, 1]), palette: Buffer.from([9, 8, 7, 1, 2, 3]), alpha: Buffer.from([255, 0]) }, [9, 8, 7, 255, 255, 255, 255, 255, 255, 255, 255, 255]],
    ['with alpha', { colour: 6, rows: Buffer.from([0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 5, 5, 5, 255, 0, 0, 0, 127]) }, [0, 0, 0, 255, 255, 255, 5, 5, 5, 128, 128, 128]],
    ['of 16 bits with one colour as hole', { colour: 0, depth: 16, rows: Buffer.from([0, 0xff, 0xff, 0x80, 0, 0, 0, 0, 0, 1]), alpha: Buffer.from([0, 1]) }, [255, 255, 255, 128, 128, 128, 0, 0, 0, 255, 255, 255]],
  ])('that is a PNG %s is painted on white', async (_, options, dots) => {
    const picture = await readPng(png({ width: 2, height: 2, ...options }));
    expect([...inflateSync(picture.data)]).toEqual(dots);
  }); // prettier-ignore

  it('is made as small as it is printed', async () => {
    const picture = await readPng(greenPng(2001));
    expect([picture.width, picture.height]).toEqual([667, 667]);
    expect([...inflateSync(picture.data).subarray(-3)]).toEqual([0, 200, 0]);
  });

  it('with huge dimensions is refused by its header', async () => {
    const jpeg = Buffer.from(JPEG);
    jpeg.writeUInt32BE(0xffff_ffff, jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5);
    expect(() => readJpeg(jpeg)).toThrow(new BadPicture('too-large'));
    await expect(readPng(png(HUGE))).rejects.toThrow(new BadPicture('too-large'));
    await expect(readPng(png({ ...HUGE, width: 2 ** 31, height: 1 }))).rejects.toThrow(
      new BadPicture('too-large'),
    );
    // Its data may be larger than its header says: they are not read.
    const rows = Buffer.alloc(50_000_000);
    expect(await readPng(png({ width: 2, height: 2, colour: 0, rows }))).toMatchObject({
      width: 2,
      height: 2,
    });
  });

  it('that is damaged or of another kind is refused, whatever is in it', async () => {
    await expect(readPng(png({ ...HUGE, width: 9, height: 9, interlace: 1 }))).rejects.toThrow(new BadPicture('unsupported'));
    await expect(readPng(png({ ...HUGE, width: 9, height: 9 }))).rejects.toThrow(new BadPicture('damaged'));
    const samples = [phoneJpeg(3), greenPng(20)];
    const damaged = fc.record({ of: fc.nat(1), cut: fc.nat(2000), at: fc.nat(2000), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(damaged, async ({ of, cut, at, value }) => {
        const file = Buffer.from(samples[of] ?? JPEG);
        file[at % file.length] = value;
        const bytes = file.subarray(0, file.length - (cut % file.length));
        try {
          await (of === 0 ? Promise.resolve(readJpeg(bytes)) : readPng(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(BadPicture);
        }
      }),
      { numRuns: depth({ short: 300, long: 20_000 }) },
    );
  }); // prettier-ignore
});

describe('the pictures of a run in its certificate', () => {
  it('are in one row with names and digests, turned as the camera was held; others are named in a line', async () => {
    using dir = tempDir('pictures');
    const bytes = [1, 3, 6, 8].map((orientation) => phoneJpeg(orientation));
    const files = [
      ...bytes.map((one, n) => ({ name: `照片${n}.jpg`, bytes: one, mediaType: 'image/jpeg' as const })),
      { name: 'fifth.png', bytes: greenPng(4), mediaType: 'image/png' as const },
      { name: 'a.webp', bytes: Buffer.from('RIFF    WEBP'), mediaType: 'image/webp' as const },
      { name: 'log.txt', bytes: Buffer.from('log'), mediaType: 'text/plain' as const },
    ];
    const found = await filesOf(dir.path, files);
    const path = await writeCertificate(dir.path, { ...UNIT, files: found }, 'en');
    expect(infoOf(path)['Pages']).toBe('1');
    const text = textOf(path);
    for (const [n, one] of bytes.entries()) {
      expect(text).toContain(`照片${n}.jpg`);
      expect(text.replaceAll(' ', '')).toContain(sha256(one));
    }
    expect(text).toContain('Attachments not shown (3): fifth.png, a.webp, log.txt');
    expect(overlapsOf(wordsOf(path))).toEqual([]);
    expect(readFileSync(path).includes('PLACE')).toBe(false);
    expect(picturesIn(path)).toEqual(Array(4).fill('32 16 jpeg'));
    expect(turnsOf(path)).toEqual(['right', 'left', 'below', 'above']);
    const again = await writeCertificate(dir.path, { ...UNIT, files: found }, 'en');
    expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
  });

  it('are named where the longest texts leave no space, and a missing one is said', async () => {
    using dir = tempDir('pictures');
    const long = '长=1+1😀'.repeat(100);
    const hostile = { ...UNIT, batchName: long, operator: long, station: long, deviceName: long, unitId: null };
    const recipe = { name: long, version: '1', hash: long };
    const gone = { name: 'gone.jpg', bytes: Buffer.from('gone'), mediaType: 'image/jpeg' as const };
    const files = [gone, ...[1, 2].map((n) => ({ name: `${n}.jpg`, bytes: phoneJpeg(n), mediaType: 'image/jpeg' as const }))];
    const found = await filesOf(dir.path, files, [gone.bytes]);
    const measurements = Array.from({ length: 90 }, () => UNIT.measurements[0]!);
    for (const data of [{ ...UNIT, measured: 90, measurements }, { ...hostile, recipe, measured: 90, measurements }]) {
      const path = await writeCertificate(dir.path, { ...data, files: found }, 'en');
      expect(infoOf(path)['Pages']).toBe('1');
      expect(textOf(path)).toMatch(/Attachments not shown \(\d\): .*gone.jpg \(the file is missing\)/);
      expect(textOf(path)).toContain('2.jpg');
      expect(textOf(path)).toMatch(/further values are in the record of the run/);
      expect(overlapsOf(wordsOf(path))).toEqual([]);
    }
  }); // prettier-ignore
});

describe('the pictures of runs that did not pass in the report of their batch', () => {
  it('are bounded, with the unit, name and digest of each, and the same bytes each time', async () => {
    using dir = tempDir('pictures');
    const database = openStationDatabase(join(dir.path, 'data'));
    try {
      addSampleBatch(database);
      const add = (runId: string, startedAtMs: number, outcome: 'FAIL' | 'PASS', names: readonly string[]): void =>
        addAttached(database, dir.path, {
          runId,
          startedAtMs,
          outcome,
          files: names.map((name, n) => ({
            name,
            bytes: name.endsWith('.png') ? greenPng(8 + n) : phoneJpeg(1 + (n % 8)),
            mediaType: name.endsWith('.png') ? 'image/png' : 'image/jpeg',
          })),
        });
      add('SN-PASS', 1, 'PASS', ['good.png']);
      add('SN-0', 2, 'FAIL', ['a.png', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg']);
      for (let n = 1; n < 9; n += 1) add(`SN-${n}`, 2 + n, 'FAIL', ['a.png', 'b.jpg', 'c.jpg']);
      const write = async (file: string): Promise<string> => {
        const path = join(dir.path, file);
        const pdf = { language: 'en' } as const;
        await writeReport(database, { kind: 'batch', batchId: 'B' }, path, { format: 'pdf', pdf, signal: NEVER_ABORTED });
        return path;
      };
      const path = await write('a.pdf');
      const text = textOf(path);
      expect(text).toContain('Pictures of runs that did not pass');
      expect(text).toContain('SN-0: e.jpg');
      expect(text).not.toContain('good.png');
      expect(text.replaceAll(' ', '')).toContain(sha256(greenPng(8)));
      expect(picturesIn(path)).toHaveLength(24);
      // 4 of the first run, 3 of six others, 2 of one; the last run is counted.
      expect(text).toContain('SN-7: c.jpg');
      expect(text).toContain('3 further attachments are in the records of their runs.');
      expect(overlapsOf(wordsOf(path))).toEqual([]);
      expect(readFileSync(await write('b.pdf')).equals(readFileSync(path))).toBe(true);
      rmSync(join(dir.path, 'data', 'attachments'), { recursive: true });
      const without = textOf(await write('c.pdf'));
      expect(without).toContain('SN-0: a.png (the file is missing), b.jpg (the file is missing)');
      expect(picturesIn(join(dir.path, 'c.pdf'))).toEqual([]);
    } finally {
      database.close();
    }
  }); // prettier-ignore
});

type Files = Parameters<typeof addAttached>[2]['files'];

async function filesOf(dir: string, files: Files, missing: readonly Buffer[] = []) {
  const database = openStationDatabase(join(dir, 'data'));
  try {
    addSampleBatch(database);
    addAttached(database, dir, { runId: 'a', startedAtMs: 1, outcome: 'PASS', files });
    for (const bytes of missing) rmSync(join(dir, 'data', 'attachments', sha256(bytes)));
    return await readRunFiles(database, 'a');
  } finally {
    database.close();
  }
}

/** Where blue is, seen from red, in each of the four pictures, by pdftoppm. */
function turnsOf(path: string): string[] {
  const { width, dots } = dotsOf(path, 72);
  const places = Array.from({ length: 4 }, () => ({ red: [0, 0, 0], blue: [0, 0, 0] }));
  for (let index = 0; index * 3 < dots.length; index++) {
    const [red = 0, green = 0, blue = 0] = dots.subarray(index * 3, index * 3 + 3);
    const [x, y] = [index % width, Math.floor(index / width)];
    const place = places[Math.min(3, Math.max(0, Math.floor((x - 48) / 127.3)))];
    const sums = green > 60 ? null : red > 200 && blue < 60 ? place?.red : blue > 200 && red < 60 ? place?.blue : null;
    if (sums != null) sums.splice(0, 3, sums[0]! + x, sums[1]! + y, sums[2]! + 1);
  }
  return places.map(({ red, blue }) => {
    const [right, down] = [0, 1].map((of) => blue[of]! / blue[2]! - red[of]! / red[2]!);
    if (Math.abs(right!) > Math.abs(down!)) return right! > 0 ? 'right' : 'left';
    return down! > 0 ? 'below' : 'above';
  });
} // prettier-ignore
