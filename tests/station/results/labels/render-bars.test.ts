import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMAND_CODES, filesOfCommand } from '../../../../scripts/docs/command-codes.ts';
import { renderBars } from '../../../../station/results/labels/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { drawSvgsInChromium, readBars } from './readers.ts';

const CODES = join(import.meta.dirname, '../../../../renderer/src/features/manual/codes');

it('a scanner reads every command of the card as a Code 128', async () => {
  using dir = tempDir('bars');
  const paths: string[] = [];
  for (const [at, code] of COMMAND_CODES.entries()) {
    const path = join(dir.path, `${String(at).padStart(2, '0')}.png`);
    writeFileSync(path, await renderBars(code, 'png'));
    paths.push(path);
  }
  expect(readBars(paths)).toEqual(COMMAND_CODES);
});

it('the pictures of the card are these codes', () => {
  using dir = tempDir('bars');
  const shown = COMMAND_CODES.slice(0, 3);
  const picture = drawSvgsInChromium(
    shown.map((code) => join(CODES, filesOfCommand(code).bars)),
    dir.path,
  );
  expect(readBars([picture]).toSorted()).toEqual(shown.toSorted());
});

it('takes no text that a Code 128 would not give back', async () => {
  for (const text of ['', '工位', 'a\nb'])
    expect((await faultOf(() => renderBars(text, 'svg'))).code).toBe('bad-input');
});
