import { extname } from 'node:path';
import { asFileFault, hasErrno, writeFileAtomic } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { DrawingFormat } from './drawing.ts';
import { renderCode, type CodeOptions } from './render-code.ts';
import { renderLabel, type LabelOptions, type UnitLabel } from './render-label.ts';

const HINT = 'choose another place';

/**
 * Writes a unit's label as `.svg`, `.png` or `.pdf`, whole or not at all. Faults: `bad-input` (another extension),
 * `file-missing`, `file-denied`, `disk-full`, `disk-read-only`, and those of `renderLabel`.
 */
export async function writeLabelFile(
  path: string,
  label: UnitLabel,
  options: LabelOptions = {},
): Promise<void> {
  await write(path, await renderLabel(label, formatOf(path), options));
}

/** The same for a code by itself. */
export async function writeCodeFile(path: string, payload: string, options: CodeOptions = {}): Promise<void> {
  await write(path, await renderCode(payload, formatOf(path), options));
}

function formatOf(path: string): DrawingFormat {
  const extension = extname(path).toLowerCase();
  switch (extension) {
    case '.svg':
      return 'svg';
    case '.png':
      return 'png';
    case '.pdf':
      return 'pdf';
    default:
      throw new Fault('bad-input', `a code cannot be written as "${extension}"`, {
        hint: 'name the file *.svg, *.png or *.pdf',
      });
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFileAtomic(path, bytes);
  } catch (cause) {
    const why = (what: string): { message: string; hint: string } => ({
      message: `${path} was not written: ${what}`,
      hint: HINT,
    });
    if (hasErrno(cause, 'EISDIR')) {
      const { message, hint } = why('there is a folder of that name');
      throw new Fault('bad-input', message, { hint, cause });
    }
    throw asFileFault(cause, path, 'written', {
      'file-missing': why('its folder does not exist'),
      'file-denied': why('the folder may not be written to'),
      'disk-read-only': why('its disk is read-only'),
      'disk-full': why('the disk is full'),
    });
  }
}
