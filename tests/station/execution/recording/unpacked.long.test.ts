import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readRecording } from '../../../../station/execution/recording/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';

it('a small file that unpacks to far more than a recording is no recording', async () => {
  using dir = tempDir('bomb');
  const file = join(dir.path, 'run.jsonl.gz');
  const header = gzipSync('{"gongwei":"recording/2","run":"r","at":0,"slot":1,"port":"p"}\n');
  const blanks = gzipSync(Buffer.alloc(16 * 1024 * 1024, 32), { level: 1 });
  writeFileSync(file, Buffer.concat([header, ...Array.from({ length: 17 }, () => blanks)]));
  expect(await faultOf(() => readRecording(file))).toMatchObject({
    code: 'bad-input',
    hint: /far larger than a recording/,
  });
});
