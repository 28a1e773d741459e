import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import type { DrawingFormat } from './drawing.ts';
import { renderCode, type CodeOptions } from './render-code.ts';
import { renderLabel, type LabelOptions, type UnitLabel } from './render-label.ts';

const FAULT_BY_ERRNO: Readonly<Record<string, FaultCode>> = {
  ENOENT: 'file-missing',
  ENOTDIR: 'file-missing',
  EACCES: 'file-denied',
  EPERM: 'file-denied',
  EROFS: 'disk-read-only',
  EISDIR: 'bad-input',
  ENOSPC: 'disk-full',
};
const REASONS: Readonly<Partial<Record<FaultCode, string>>> = {
  'file-missing': 'its folder does not exist',
  'file-denied': 'the folder may not be written to',
  'disk-read-only': 'its disk is read-only',
  'bad-input': 'there is a folder of that name',
  'disk-full': 'the disk is full',
};

/**
 * Writes a unit's label as `.svg`, `.png` or `.pdf`, atomically. Faults: `bad-input` (another extension), `file-missing`,
 * `file-denied`, `disk-full`, `disk-read-only`, those of `renderLabel`.
 */
export async function writeLabelFile(
  path: string,
  label: UnitLabel,
  options: LabelOptions = {},
): Promise<void> {
  await writeWhole(path, await renderLabel(label, formatOf(path), options));
}

/** Writes a code alone. Faults: those of `writeLabelFile` and of `renderCode`. */
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

/** Writes a temporary file, syncs it and renames it to the target. */
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
    const code = FAULT_BY_ERRNO[(cause as NodeJS.ErrnoException).code ?? ''];
    if (code === undefined) throw cause;
    throw new Fault(code, `${path} was not written: ${REASONS[code] ?? ''}`, {
      hint: 'choose another folder',
      cause,
    });
  }
}
