import { Fault } from '#shared/domain/fault.ts';
import { dotsToMm, mmToDots, type Drawing, type DrawnMatrix } from './drawing.ts';
import type { ModuleMatrix } from './modules.ts';

/** Smallest module that a common hand scanner reads (7.5 mil). */
export const MIN_MODULE_MM = 0.19;

/** Lays out a code with its quiet zone. `moduleMm` is rounded to whole dots. Faults: `bad-input`. */
export function layoutCode(matrix: ModuleMatrix, moduleMm: number, dpi: number, title: string): Drawing {
  const moduleDots = Math.max(1, mmToDots(moduleMm, dpi));
  if (!isScannable(moduleDots, dpi)) {
    const actualMm = dotsToMm(moduleDots, dpi);
    throw new Fault('bad-input', `the code would be too fine to scan: ${actualMm.toFixed(2)} mm per module`, {
      hint: `Choose modules of at least ${MIN_MODULE_MM} mm.`,
      details: { moduleMm: actualMm },
    });
  }
  const quietDots = matrix.quietModules * moduleDots;
  const widthDots = matrix.columns * moduleDots + 2 * quietDots;
  const heightDots = matrix.rows * moduleDots + 2 * quietDots;
  return {
    dpi,
    widthMm: dotsToMm(widthDots, dpi),
    heightMm: dotsToMm(heightDots, dpi),
    widthDots,
    heightDots,
    title,
    items: [drawnCode(matrix, quietDots, quietDots, moduleDots)],
  };
}

/** A code at a place of a label; the place is that of its first module. */
export function drawnCode(
  { columns, rows, dark }: ModuleMatrix,
  xDots: number,
  yDots: number,
  moduleDots: number,
): DrawnMatrix {
  return { kind: 'matrix', columns, rows, dark, xDots, yDots, columnDots: moduleDots, rowDots: moduleDots };
}

/** True when a hand scanner can read modules of this size. */
export function isScannable(moduleDots: number, dpi: number): boolean {
  return moduleDots >= 1 && dotsToMm(moduleDots, dpi) >= MIN_MODULE_MM;
}
