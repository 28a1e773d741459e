import { expect, test } from 'vitest';
import { formatRunQuery, parseRunQuery, type RunFilter } from '#shared/contract/index.ts';

const WHOLE: Required<RunFilter> = {
  text: 'SN 42',
  serialNumber: 'SN42',
  batchId: 'b-1',
  outcomes: ['FAIL', 'running'],
  failureCode: 'limit-exceeded',
  failurePhase: 'radio',
  failureStep: 'rssi',
  failureMeasurement: 'rssi',
  recipe: '9f3c07d2',
  slot: 3,
  operator: '李娜',
  station: 'L3-07',
  fromAtMs: 1_000,
  toAtMs: 2_000,
  time: 'today',
  endedFromAtMs: 3_000,
  endedToAtMs: 4_000,
  measured: { phase: 'radio', step: 'rssi', name: 'rssi', fromValue: -80.5, at: null },
  first: 'tested',
  counted: true,
  firstRun: { of: 'tested', slot: 2, fromAtMs: 5_000 },
};

test('an address holds a filter whole', () => {
  const query = formatRunQuery(WHOLE);
  // As it comes back from an address bar: through URLSearchParams.
  const read = Object.fromEntries(new URLSearchParams(query));
  expect(parseRunQuery(read)).toEqual({ filter: WHOLE, unread: [] });
  expect(formatRunQuery({})).toEqual({});
});

test('what cannot be read is named and left out, what is unknown is ignored', () => {
  const query = {
    slot: 'x',
    outcome: 'GOOD',
    failure: 'limit-exceeded',
    measured: '{',
    other: '1',
    from: ['5', '6'],
    counted: 'yes',
    unit: '[]',
  };
  const { filter, unread } = parseRunQuery(query);
  expect(filter).toEqual({ failureCode: 'limit-exceeded', fromAtMs: 5 });
  expect([...unread].sort()).toEqual(['counted', 'measured', 'outcome', 'slot', 'unit']);
});
