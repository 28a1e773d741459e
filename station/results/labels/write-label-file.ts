import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import type { DrawingFormat } from './drawing.ts';
import { renderCode, type CodeOptions } from './render-code.ts';
import { renderLabel, type LabelOptions, type UnitLabel } from './render-label.ts';

const FAULTS: Readonly<Record<string, FaultCode>> = {
  ENOENT: 'file-missing',
  ENOTDIR: 'file-missing',
  EACCES: 'file-denied',
  EPERM: 'file-denied',
  EROFS: 'disk-read-only',
  EISDIR: 'bad-input',
  ENOSPC: 'disk-full',
};
const WORDS: Readonly<Partial<Record<FaultCode, string>>> = {
  'file-missing': 'its folder does not exist',
  'file-denied': 'the folder may not be written to',
  'disk-read-only': 'its disk is read-only',
  'bad-input': 'there is a folder of that name',
  'disk-full': 'the disk is full',
};

/**
 * Writes a unit's label as `.svg`, `.png` or `.pdf`, whole or not at all. Faults: `bad-input` (another extension),
 * `file-missing`, `file-denied`, `disk-full`, `disk-read-only`, and those of `renderLabel`.
 */
export async function writeLabelFile(
  path: string,
  label: UnitLabel,
  options: LabelOptions = {},
): Promise<void> {
  await writeWhole(path, await renderLabel(label, formatOf(path), options));
}

/** The same for a code by itself. */
export async function writeCodeFile(path: string, payload: string, options: CodeOptions = {}): Promise<void> {
  await writeWhole(path, await renderCode(payload, formatOf(path), options));
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

/** Beside the target, synced, then renamed over it: whoever looks sees the old file or the new one. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    const code = FAULTS[(cause as NodeJS.ErrnoException).code ?? ''];
    if (code === undefined) throw cause;
    throw new Fault(code, `${path} was not written: ${WORDS[code] ?? ''}`, {
      hint: 'choose another place',
      cause,
    });
  }
}
