import { expect, it } from 'vitest';
import { unknownFaults } from '../../scripts/lib/fault-comments.ts';

const known = new Set(['port-lost', 'device-silent', 'firmware-invalid']);

it('finds codes of doc comments that are not in the list, with their lines', () => {
  const source = [
    '/** Opens. Faults: `port-lost`, `port-gone`. See `not-a-fault`. */',
    'export const a = 1;',
    '/**',
    ' * Reads. Faults: those of `read`,',
    ' * `device-deaf`.',
    ' */',
  ].join('\n');
  expect(unknownFaults(source, known)).toEqual([
    { line: 1, code: 'port-gone' },
    { line: 5, code: 'device-deaf' },
  ]);
});

it('leaves reasons in parentheses and other comments alone', () => {
  const source =
    '/** Faults: `firmware-invalid` (`unsafe-name`), `device-silent`. */\n// Faults: `port-gone`.';
  expect(unknownFaults(source, known)).toEqual([]);
});
