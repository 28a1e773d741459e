import { extname } from 'node:path';
import { asFileFault, writeFileAtomic } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { DrawingFormat } from './drawing.ts';
import { renderCode, type CodeOptions } from './render-code.ts';
import { renderLabel, type LabelOptions, type UnitLabel } from './render-label.ts';

/**
 * Writes a unit's label as `.svg`, `.png`, `.pdf`, `.zpl` or `.tspl`, atomically. Faults: `bad-input` (another extension), `file-missing`,
 * `file-denied`, `disk-full`, `disk-read-only`, those of `renderLabel`.
 */
export async function writeLabelFile(
  path: string,
  label: UnitLabel,
  options: LabelOptions = {},
): Promise<void> {
  await write(path, await renderLabel(label, formatOf(path), options));
}

/** Writes a code alone. Faults: those of `writeLabelFile` and of `renderCode`. */
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
    case '.zpl':
      return 'zpl';
    case '.tspl':
      return 'tspl';
    default:
      throw new Fault('bad-input', `a code cannot be written as "${extension}"`, {
        hint: 'Name the file *.svg, *.png, *.pdf, *.zpl or *.tspl.',
      });
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  const notWritten = (reason: string): { message: string; hint: string } => ({
    message: `${path} was not written: ${reason}`,
    hint: 'Choose another folder.',
  });
  try {
    await writeFileAtomic(path, bytes, { removeLeftovers: true });
  } catch (cause) {
    throw asFileFault(cause, path, 'written', {
      'file-missing': notWritten('its folder does not exist'),
      'file-denied': notWritten('the folder may not be written to'),
      'disk-read-only': notWritten('its disk is read-only'),
      'disk-full': notWritten('the disk is full'),
    });
  }
}
