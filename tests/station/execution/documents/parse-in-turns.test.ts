import { expect, it } from 'vitest';
import { createYielder } from '../../../../node-kit/async/index.ts';
import { canonicalJson } from '../../../../shared/codec/canonical-json.ts';
import { parseInTurns } from '../../../../station/execution/documents/parse-in-turns.ts';
import { NEVER_ABORTED as NEVER } from '../../../support/never-aborted.ts';

const entry = (n: number, why = '') => ({
  deviceName: `d${n}`,
  productId: 'P1',
  why,
  ...(n % 3 === 0 ? { open: { reason: 'claimed', detail: why } } : {}),
});
const entries = (count: number) => Array.from({ length: count }, (_, n) => entry(n));
const HOSTILE = [
  '}]',
  '"}]',
  '},{"deviceName":"x"}]',
  '[{"deviceName":"x"}]',
  '\\"}],[{\\"deviceName\\":',
  '\u2028}]',
];

it.each([
  ['no list', { document: { lists: { open: [] }, previous: null } }],
  ['lists of many lengths', { lists: { a: entries(1), b: entries(199), c: entries(200), d: entries(1001) } }],
  [
    'texts as the syntax',
    {
      lists: { a: HOSTILE.map((text, n) => entry(n, text)), b: [entry(3, '}]')] },
      previous: { changes: [] },
    },
  ],
  ['a certificate', { document: { measurements: [{ name: 'x', value: 1 }], at: [1, 2] } }],
])('gives the value that JSON.parse gives: %s', async (_, value) => {
  const text = canonicalJson(value);
  expect(await parseInTurns(text, createYielder(NEVER))).toEqual(JSON.parse(text));
});

it('gives null for a text that is cut anywhere', async () => {
  const text = canonicalJson({ lists: { a: [entry(1), entry(3, '}]')], b: entries(2) } });
  for (let length = 0; length < text.length; length += 1)
    expect(await parseInTurns(text.slice(0, length), createYielder(NEVER)), String(length)).toBeNull();
});

it('lets other work go on between the entries', async () => {
  let turns = 0;
  const text = canonicalJson({ lists: { a: entries(10_000) } });
  await parseInTurns(text, { afterRows: () => Promise.resolve(void (turns += 1)) });
  expect(turns).toBeGreaterThanOrEqual(50);
});
