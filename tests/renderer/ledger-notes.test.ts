import { readFile, glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LEDGER_NOTES } from '../../renderer/src/features/returns/ledger-notes.ts';

const ROOT = join(import.meta.dirname, '../..');

it('every note that the pages translate is one that the station writes', async () => {
  let source = '';
  for await (const path of glob('{station,shared}/**/*.ts', { cwd: ROOT }))
    source += await readFile(join(ROOT, path), 'utf8');
  // How much of an identity a device gives back is a part of the note.
  const strengths = /type ReadBackStrength = ([^;]+);/.exec(source)?.[1] ?? '';
  const written = (note: string): boolean => {
    const strength = /^read back \((\w+)\)$/.exec(note)?.[1];
    if (strength === undefined) return source.includes(`'${note}'`);
    return source.includes('`read back (${device.readBack})`') && strengths.includes(`'${strength}'`);
  };
  expect([...LEDGER_NOTES.keys()].filter((note) => !written(note))).toEqual([]);
});
