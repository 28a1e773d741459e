import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ATML_COLLECTION,
  encodeAtml,
  encodeAtmlPart,
  type RunDocument,
} from '../../../../station/results/documents/index.ts';
import { depth } from '../../../support/depth.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { anyRunDocument, EVIL_TEXTS, measurement, runDocument, step } from './sample-documents.ts';

const SCHEMAS = join(import.meta.dirname, 'schema');

/** What `xmllint` says of a document: empty when it is valid. */
function violations(xml: string, schema: string): string {
  using dir = tempDir('atml');
  const file = join(dir.path, 'run.xml');
  writeFileSync(file, xml);
  const { status, stderr } = spawnSync(
    'xmllint',
    ['--nonet', '--noout', '--huge', '--schema', join(SCHEMAS, schema), file],
    { encoding: 'utf8', maxBuffer: 50_000_000 },
  );
  return status === 0 ? '' : stderr.slice(0, 2000);
}

function collection(runs: readonly RunDocument[]): string {
  return `${ATML_COLLECTION.head}${runs.map(encodeAtmlPart).join('')}${ATML_COLLECTION.tail}`;
}

/** Texts that an XPath expression finds, by libxml2. */
function xpath(xml: string, expression: string): string {
  using dir = tempDir('atml');
  const file = join(dir.path, 'run.xml');
  writeFileSync(file, xml);
  return spawnSync('xmllint', ['--nonet', '--huge', '--xpath', expression, file], {
    encoding: 'utf8',
  }).stdout.trim();
}

const named = (name: string): string => `//*[local-name()="${name}"]`;

describe('a run as ATML', () => {
  it('is valid, alone and in a collection', () => {
    expect(violations(encodeAtml(runDocument()), 'TestResults.xsd')).toBe('');
    const runs = [runDocument(), runDocument({ runId: 'r2', steps: [], failure: null, outcome: 'PASS' })];
    expect(violations(collection(runs), 'TestResultsCollection.xsd')).toBe('');
    expect(violations(collection([]), 'TestResultsCollection.xsd')).toBe('');
  });

  it('is seen to be wrong by the schema when it is wrong', () => {
    const xml = encodeAtml(runDocument());
    expect(violations(xml.replace('value="Failed"', 'value="FAIL"'), 'TestResults.xsd')).toMatch(/FAIL/);
    expect(violations(xml.replace('comparator="GE"', 'comparator="GELE"'), 'TestResults.xsd')).toMatch(
      /GELE/,
    );
    expect(violations(collection([runDocument(), runDocument()]), 'TestResultsCollection.xsd')).toMatch(/ID/);
  });

  it('has the unit, the station, the person, the recipe, and each attempt with its outcome', () => {
    const xml = encodeAtml(runDocument());
    const serials = xpath(xml, `${named('SerialNumber')}/text()`).split('\n');
    expect(serials).toEqual(['abc123', 'L3-07', '000123']);
    expect(xpath(xml, `${named('IdentificationNumber')}/@number`)).toMatch(
      /PROD1[^]*AA:BB:CC:DD:EE:01[^]*dn-1/,
    );
    expect(xpath(xml, `string(${named('SystemOperator')}/@name)`)).toBe('王');
    expect(xpath(xml, `${named('Test')}/@name`).match(/"[^"]+"/g)).toEqual([
      '"power"',
      '"radio"',
      '"radio"',
      '"reply"',
    ]);
    expect(xpath(xml, `${named('Test')}/*[local-name()="Outcome"]/@value`).match(/"[^"]+"/g)).toEqual([
      '"Passed"', '"Failed"', '"Passed"', '"Failed"',
    ]); // prettier-ignore
    // A step of the station that failed is never the unit's failure.
    expect(xpath(xml, `${named('ActionOutcome')}/@*`).match(/"[^"]+"/g)).toEqual([
      '"Done"', '"Aborted"', '"Timeout"', '"Aborted"', '"Error"',
    ]); // prettier-ignore
  });

  it('writes numbers exactly, with limits as the recipe has them', () => {
    const xml = encodeAtml(runDocument());
    const values = xpath(xml, `${named('TestData')}/*/@value`).match(/"[^"]+"/g);
    expect(values?.slice(0, 4)).toEqual(['"3.3"', '"1e+21"', '"4e-7"', '"-0.1"']);
    expect(xpath(xml, `${named('TestLimits')}//@comparator`).match(/"[^"]+"/g)).toEqual([
      '"GE"', '"LE"', '"GT"', '"LT"', '"LE"', '"GE"', '"GE"', '"GE"', '"EQ"', '"EQ"', '"EQ"',
    ]); // prettier-ignore
    const odd = [NaN, Infinity, -Infinity, -0].map((value) => measurement({ value }));
    const special = encodeAtml(runDocument({ steps: [step({ measurements: odd })] }));
    expect(violations(special, 'TestResults.xsd')).toBe('');
    expect(xpath(special, `${named('TestData')}/*/@value`).match(/"[^"]+"/g)).toEqual([
      '"NaN"',
      '"INF"',
      '"-INF"',
      '"-0"',
    ]);
  });

  it('stays valid with any text of a unit, a person or a script', () => {
    const hostile = EVIL_TEXTS.map((text) =>
      runDocument({
        runId: text, serialNumber: text, operator: text, station: text, batch: text,
        recipe: { hash: text, name: text, version: text },
        steps: [step({ phase: text, step: text, measurements: [measurement({ name: text, value: text, unit: text, limits: text })] })],
      }),
    ); // prettier-ignore
    expect(violations(collection(hostile), 'TestResultsCollection.xsd')).toBe('');
    const random = fc.sample(anyRunDocument, { numRuns: depth({ short: 40, long: 500 }) });
    const unique = random.map((run, n) => ({ ...run, runId: `${n}${run.runId}` }));
    expect(violations(collection(unique), 'TestResultsCollection.xsd')).toBe('');
  });
});
