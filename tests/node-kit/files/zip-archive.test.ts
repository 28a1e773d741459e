import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ZipEntry, zipArchive } from '../../../node-kit/files/index.ts';
import { LONG } from '../../support/depth.ts';
import { tempDir } from '../../support/temp-dir.ts';

async function bytesOf(entries: Iterable<ZipEntry>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zipArchive(entries)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What Python's zipfile reads, after it has checked each sum. */
function byPython(archive: Buffer, expression: string): unknown {
  using dir = tempDir('zip');
  const file = join(dir.path, 'a.zip');
  writeFileSync(file, archive);
  const script = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps(${expression}))`;
  return JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })) as unknown;
}

describe('a ZIP archive', () => {
  it('is read by a foreign program, with names and contents as they were', async () => {
    const entries = [
      { name: 'a.json', content: '{"a":1}' },
      { name: '金机/№1.txt', content: Buffer.from([0, 255, 10]) },
      { name: 'empty', content: '' },
      { name: 'long', content: 'x'.repeat(1_000_000) },
    ];
    const archive = await bytesOf(entries);
    expect(archive.length).toBeLessThan(3000);
    expect(byPython(archive, '{n: list(z.read(n))[:7] for n in z.namelist()}')).toEqual({
      'a.json': [...Buffer.from('{"a":1}')],
      '金机/№1.txt': [0, 255, 10],
      empty: [],
      long: Array(7).fill(120),
    });
    expect(byPython(archive, '[list(i.date_time) for i in z.infolist()][0]')).toEqual([1980, 1, 1, 0, 0, 0]);
    expect(byPython(await bytesOf([]), 'z.namelist()')).toEqual([]);
  });

  it('takes content in pieces, beside content that is there as a whole', async () => {
    async function* pieces(): AsyncGenerator<string> {
      for (let n = 0; n < 2_000; n += 1) yield await Promise.resolve(`${n} 产品\n`.repeat(50));
    }
    async function* nothing(): AsyncGenerator<string> {}
    const entries = [
      { name: 'pieces', content: pieces() },
      { name: 'whole', content: 'x' },
      { name: 'nothing', content: nothing() },
    ];
    const archive = await bytesOf(entries);
    expect(
      byPython(
        archive,
        '[len(z.read("pieces").decode().split("\\n")), z.read("pieces").decode()[-8:], len(z.namelist())]',
      ),
    ).toEqual([100_001, '1999 产品\n', 3]);
  });

  it('passes the fault of its content on, and ends it when its reader stops', async () => {
    let isEnded = false;
    async function* content(fails: boolean): AsyncGenerator<string> {
      try {
        for (let n = 0; ; n += 1) {
          if (fails && n === 3) throw new Error('gone');
          yield await Promise.resolve(`${n}`.repeat(100_000));
        }
      } finally {
        isEnded = true;
      }
    }
    await expect(bytesOf([{ name: 'a', content: content(true) }])).rejects.toThrow('gone');
    expect(isEnded).toBe(true);
    isEnded = false;
    for await (const piece of zipArchive([{ name: 'a', content: content(false) }]))
      if (piece.length > 1_000) break;
    expect(isEnded).toBe(true);
  });

  it('has the same bytes for the same entries', async () => {
    const entries = [{ name: 'a', content: 'b' }];
    expect(await bytesOf(entries)).toEqual(await bytesOf(entries));
  });

  it.runIf(LONG)('has more entries than the old format can count', async () => {
    function* many(): Generator<ZipEntry> {
      for (let n = 0; n < 70_000; n += 1) yield { name: `${n}.json`, content: `${n}` };
    }
    expect(byPython(await bytesOf(many()), '[len(z.namelist()), z.read("69999.json").decode()]')).toEqual([
      70_000,
      '69999',
    ]);
  });
});
