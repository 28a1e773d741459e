import fc from 'fast-check';
import type {
  DocumentMeasurement,
  DocumentStep,
  RunDocument,
} from '../../../../station/results/documents/index.ts';
import { OUTCOMES } from '../../../../shared/domain/outcome.ts';

export function measurement(changes: Partial<DocumentMeasurement> = {}): DocumentMeasurement {
  return {
    name: 'voltage',
    value: 3.3,
    unit: 'V',
    limits: '3.1 … 3.5 V',
    outcome: 'PASS',
    low: 3.1,
    high: 3.5,
    marginal: false,
    relative: false,
    at: null,
    ...changes,
  };
}

export function step(changes: Partial<DocumentStep> = {}): DocumentStep {
  return {
    phase: 'main',
    step: 'power',
    attempt: 1,
    outcome: 'PASS',
    startedAtMs: 1_700_000_000_100,
    ms: 12.5,
    failure: null,
    measurements: [],
    ...changes,
  };
}

/** A run with each kind of value, limit, step and outcome. */
export function runDocument(changes: Partial<RunDocument> = {}): RunDocument {
  return {
    runId: '0190b2f4-6c1e-7a3b-9c4d-5e6f7a8b9c0d',
    station: 'L3-07',
    batchId: 'B',
    batch: 'WO-17',
    slot: 2,
    serialNumber: '000123',
    unitId: { kind: 'mac', text: 'AA:BB:CC:DD:EE:01' },
    productId: 'PROD1',
    deviceName: 'dn-1',
    proof: { readBack: 'full', online: 'registry' },
    outcome: 'FAIL',
    failure: FAILURE,
    startedAtMs: 1_700_000_000_000,
    finishedAtMs: 1_700_000_005_500,
    operator: '王',
    appVersion: '1.2.3',
    firmwareSha256: 'f00d',
    recipe: { hash: 'abc123', name: 'module', version: '7' },
    steps: [
      step({ phase: 'setup', step: 'connect' }),
      step({
        measurements: [
          measurement(),
          measurement({ name: 'current', value: 1e21, unit: 'mA', limits: '> 1 mA, < 1e+22 mA', low: 1, high: 1e22 }),
          measurement({ name: 'ripple', value: 4e-7, limits: '≤ 0.5 V', low: null, high: 0.5, marginal: true }),
          measurement({ name: 'free', value: -0.1, unit: null, limits: '', low: null, high: null }),
        ],
      }),
      step({ step: 'radio', outcome: 'FAIL', failure: { ...FAILURE, hint: 'Check the antenna.' }, measurements: [curve(2402, -70)] }),
      step({ step: 'radio', attempt: 2, measurements: [curve(2402, -60), curve(2480, -61)] }),
      step({
        step: 'reply',
        outcome: 'FAIL',
        failure: FAILURE,
        measurements: [
          text('state', 'OK', '= "OK"'),
          text('version', '1.0', '~ /^1\\.\\d$/'),
          { ...text('ready', '', '= true'), value: true },
          { ...text('count', '', '= 5'), value: 6, outcome: 'FAIL' },
        ],
      }),
      step({ phase: 'teardown', step: 'off', outcome: 'TIMEOUT', failure: { ...FAILURE, code: 'timeout', phase: 'teardown', step: 'off' } }),
      step({ phase: 'teardown', step: 'lid', outcome: 'ERROR', failure: { ...FAILURE, code: 'port-lost', phase: 'teardown', step: 'lid' } }),
    ],
    ...changes,
  };
} // prettier-ignore

const FAILURE = {
  code: 'limit-exceeded',
  phase: 'main',
  step: 'reply',
  message: 'count is 6',
  hint: null,
  details: { measurement: 'count', value: 6, near: null },
} as const;

function curve(frequency: number, value: number): DocumentMeasurement {
  const at = [{ name: 'frequency', value: frequency, unit: 'MHz' }];
  return measurement({ name: 'rssi', value, unit: 'dBm', limits: '≥ -65 dBm', low: -65, high: null, outcome: value < -65 ? 'FAIL' : 'PASS', at });
} // prettier-ignore

function text(name: string, value: string, limits: string): DocumentMeasurement {
  return measurement({ name, value, unit: null, limits, low: null, high: null });
}

/** Texts that break careless writers. */
export const EVIL_TEXTS = [
  '', ' ', ']]>', '<![CDATA[', '&amp;', '<a b="c">', "'", '"', '\u0000', '\u001b[31m', '\ud800', '\udc00x', '\ufffe', '\uffff',
  '\u202e', 'a\r\n\tb', '=1+1', '__proto__', 'constructor', '金机 №1', '😀', 'x'.repeat(100_000), '../../etc/passwd', 'CON',
] as const; // prettier-ignore

const anyText = fc.oneof(
  fc.constantFrom(...EVIL_TEXTS),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);
const anyNumber = fc.oneof(fc.double(), fc.constantFrom(1e21, 1e-300, -0, Number.MAX_VALUE, 0.1));
const anyMeasurement: fc.Arbitrary<DocumentMeasurement> = fc.record({
  name: anyText,
  value: fc.oneof(anyText, anyNumber, fc.boolean(), fc.constant(null)),
  unit: fc.option(anyText),
  limits: anyText,
  outcome: fc.constantFrom(...OUTCOMES),
  low: fc.option(anyNumber),
  high: fc.option(anyNumber),
  marginal: fc.boolean(),
  relative: fc.boolean(),
  at: fc.option(fc.array(fc.record({ name: anyText, value: fc.oneof(anyText, anyNumber), unit: fc.option(anyText) }), { maxLength: 2 })),
}); // prettier-ignore

/** Runs with such texts everywhere. */
export const anyRunDocument: fc.Arbitrary<RunDocument> = fc
  .record({
    texts: fc.array(anyText, { minLength: 12, maxLength: 12 }),
    outcome: fc.constantFrom(...OUTCOMES),
    steps: fc.array(
      fc.record({
        phase: anyText,
        step: anyText,
        attempt: fc.integer({ min: 1, max: 99 }),
        outcome: fc.constantFrom(...OUTCOMES),
        startedAtMs: fc.integer({ min: 0, max: 4e12 }),
        ms: fc.double({ min: 0, max: 1e9, noNaN: true }),
        failure: fc.option(
          fc.record({ code: anyText, phase: anyText, step: anyText, message: anyText, hint: fc.option(anyText), details: fc.dictionary(anyText, fc.oneof(anyText, anyNumber, fc.constant(null)), { maxKeys: 2 }) }),
        ),
        measurements: fc.array(anyMeasurement, { maxLength: 3 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ texts, outcome, steps }) => {
    const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '', i = '', j = '', k = '', l = ''] = texts;
    return runDocument({
      runId: a, station: b, batchId: c, batch: d, serialNumber: e, productId: f, deviceName: g, operator: h, appVersion: i,
      unitId: { kind: 'serial-number', text: j }, recipe: { hash: k, name: l, version: a }, outcome, steps,
    });
  }); // prettier-ignore
