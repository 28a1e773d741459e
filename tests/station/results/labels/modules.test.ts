import { describe, expect, it } from 'vitest';
import { encodeModules, type ModuleMatrix } from '../../../../station/results/labels/modules.ts';
import { traceOutline } from '../../../../station/results/labels/outline.ts';

function rowsOf({ columns, rows, dark }: ModuleMatrix): string[] {
  return Array.from({ length: rows }, (_, y) => dark.subarray(y * columns, (y + 1) * columns).join(''));
}

/** Fills closed loops even-odd, the plain way: count the borders to the left of each module's middle. */
function fill(loops: ReturnType<typeof traceOutline>, columns: number, rows: number): string[] {
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (__, x) => {
      let crossings = 0;
      for (const loop of loops) {
        for (const [i, [x1, y1]] of loop.entries()) {
          const [, y2] = loop[(i + 1) % loop.length] ?? [0, 0];
          if (x1 <= x && Math.min(y1, y2) <= y && y < Math.max(y1, y2)) crossings += 1;
        }
      }
      return crossings % 2;
    }).join(''),
  );
}

describe('a DataMatrix code', () => {
  it('of "123456" is the symbol printed in ISO/IEC 16022, annex O', () => {
    expect(rowsOf(encodeModules('123456', 'datamatrix'))).toEqual([
      '1010101010',
      '1100101101',
      '1100000100',
      '1100011101',
      '1100001000',
      '1000001111',
      '1110110000',
      '1111011001',
      '1001110100',
      '1111111111',
    ]);
  });

  it('says that text beyond ASCII is UTF-8, and nothing of the kind for ASCII', () => {
    const size = (payload: string): number => encodeModules(payload, 'datamatrix').columns;
    expect(size('SN00000001')).toBe(14);
    expect(size('序列号')).toBeGreaterThan(size('SN0000001'));
  });
});

describe('the outline of a code', () => {
  it.each([
    ['a', 'qr'],
    ['客厅的无线网', 'qr'],
    ['123456', 'datamatrix'],
  ] as const)('of %j as %s encloses exactly the dark modules', (payload, symbology) => {
    const matrix = encodeModules(payload, symbology);
    expect(fill(traceOutline(matrix), matrix.columns, matrix.rows)).toEqual(rowsOf(matrix));
  });
});
