/** Writes a file again and again until it is killed: `write-child.ts FILE`. Says "ready" when it is there for the first time. */
import { basename, dirname, join } from 'node:path';
import { writeFileAtomic } from '../../../node-kit/files/index.ts';

const [path = ''] = process.argv.slice(2);
const temporaryFile = join(dirname(path), `.${basename(path)}.draft`);

for (let round = 0; ; round++) {
  const letter = round % 2 === 0 ? 'a' : 'b';
  await writeFileAtomic(path, letter.repeat(300_000), { temporaryFile });
  if (round === 0) process.stdout.write('ready\n');
}
