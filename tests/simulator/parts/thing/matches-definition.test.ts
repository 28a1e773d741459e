import { describe, expect, it } from 'vitest';

import { matchesDefinition, type Define } from '../../../../simulator/parts/thing/index.ts';

const bool: Define = { type: 'bool', mapping: { '0': '关', '1': '开' } };
const number = (type: 'int' | 'float'): Define => ({
  type,
  min: '-1',
  max: '100',
  start: '0',
  step: '1',
  unit: '%',
});
const text: Define = { type: 'string', min: '0', max: '4' };
const list: Define = {
  type: 'array',
  arrayInfo: { type: 'struct', specs: [{ id: 'id', name: 'id', dataType: text }] },
};

describe('a value and its definition', () => {
  it.each<[string, Define, unknown[], unknown[]]>([
    ['bool', bool, [0, 1], [true, '1', 2, null]],
    ['enum', { type: 'enum', mapping: { '1': 'a', '2': 'b' } }, [1, 2], [0, '1', 1.5]],
    ['stringenum', { type: 'stringenum', mapping: { low: '低' } }, ['low'], ['high', 1]],
    ['int', number('int'), [-1, 0, 100], [-2, 101, 1.5, '7']],
    ['float', number('float'), [-1, 1.5], [100.1, Number.NaN]],
    ['string', text, ['', '锁锁锁锁'], ['12345', 1]],
    ['timestamp', { type: 'timestamp' }, [0, 1_700_000_000], [-1, 'now']],
    ['array', list, [[], [{ id: 'a' }], [{}]], [{}, [{ id: 5 }], ['a']]],
  ])('fit or do not: %s', (_, define, good, bad) => {
    for (const value of good) expect(matchesDefinition(define, value), JSON.stringify(value)).toBe(true);
    for (const value of bad) expect(matchesDefinition(define, value), JSON.stringify(value)).toBe(false);
  });
});
