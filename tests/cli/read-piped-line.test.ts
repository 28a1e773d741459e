import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readPipedLine } from '../../cli/read-piped-line.ts';

/** All lines that a pipe gives, read one call after the other. */
async function lines(from: Readable, maxLength = 64): Promise<string[]> {
  const all: string[] = [];
  for (
    let line = await readPipedLine(maxLength, from);
    line !== null;
    line = await readPipedLine(maxLength, from)
  )
    all.push(line.toString());
  return all;
}

describe('lines of a pipe', () => {
  it.each([
    ['at once', ['246813\npass phrase\n'], ['246813', 'pass phrase']],
    ['with the line ends of Windows', ['246813\r\npass phrase\r\n'], ['246813', 'pass phrase']],
    [
      'cut anywhere, the last one without an end',
      ['24', '6813', '\npa', 'ss', ' phrase'],
      ['246813', 'pass phrase'],
    ],
    [
      'cut within a character',
      [Buffer.from('密码\n').subarray(0, 4), Buffer.from('密码\n').subarray(4)],
      ['密码'],
    ],
    ['empty ones too', ['\n\nx'], ['', '', 'x']],
    ['none', [], []],
  ])('come one by one: %s', async (_how, chunks, expected) => {
    expect(
      await lines(
        Readable.from(
          chunks.map((chunk) => Buffer.from(chunk)),
          { objectMode: false },
        ),
      ),
    ).toEqual(expected);
  });

  it('are read before the pipe is closed', async () => {
    const pipe = new PassThrough();
    pipe.write('246813\nnext');
    expect(String(await readPipedLine(64, pipe))).toBe('246813');
    pipe.write(' line\n');
    expect(String(await readPipedLine(64, pipe))).toBe('next line');
    pipe.end();
  });

  it.each([
    ['in one piece', [`${'x'.repeat(200)}\n246813\n`]],
    ['in pieces', ['x'.repeat(60), 'x'.repeat(60), 'x'.repeat(80), '\n2468', '13']],
    ['exactly as long as the limit', ['x'.repeat(64), '\n246813']],
  ])('are cut at the limit, and the next line is whole: %s', async (_how, chunks) => {
    const pipe = Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    );
    expect(await lines(pipe)).toEqual(['x'.repeat(64), '246813']);
  });
});
