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
