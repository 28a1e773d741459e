import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { encodeOpenHtf } from '../../../../station/results/documents/index.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { runDocument } from '../documents/sample-documents.ts';

const CHILD = fileURLToPath(new URL('./import-child.ts', import.meta.url));
const RUNS = Number(process.env['GONGWEI_IMPORTED_RUNS'] ?? 10_000);

async function writeRecords(file: string, runs: number): Promise<void> {
  const out = createWriteStream(file);
  for (let n = 0; n < runs; n += 1) {
    const run = runDocument({ runId: `run-${n}`, startedAtMs: 1_700_000_000_000 + n });
    if (!out.write(encodeOpenHtf(run))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

describe(`an import of ${RUNS} runs`, () => {
  it('needs no more memory than one of a tenth of them', async () => {
    using dir = tempDir('many');
    const load = async (
      name: string,
      runs: number,
    ): Promise<{ added: number; liveMb: number; peakMb: number }> => {
      const file = join(dir.path, `${name}.json`);
      await writeRecords(file, runs);
      const args = ['--expose-gc', CHILD, join(dir.path, name), file];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return JSON.parse(stdout) as { added: number; liveMb: number; peakMb: number };
    };
    const [few, many] = [await load('few', RUNS / 10), await load('many', RUNS)];
    expect([few.added, many.added]).toEqual([RUNS / 10, RUNS]);
    expect(many.liveMb - few.liveMb).toBeLessThan(3);
    expect(many.peakMb - few.peakMb).toBeLessThan(100);
  });
});
