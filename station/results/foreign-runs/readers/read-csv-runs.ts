import { createReadStream } from 'node:fs';
import { type CsvRow, normalizeCell, readCsv } from '#shared/codec/csv/index.ts';
import { parseDecimal } from '#shared/domain/exact-number.ts';
import type { RunRole } from '#shared/domain/foreign-run.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { DocumentMeasurement, RunDocument } from '../../documents/index.ts';
import { type Candidate, idOfContent } from '../candidate.ts';
import { findRunColumns, type RunColumnMap, type RunColumns, scoreRunHeader } from './csv-columns.ts';
import { type TimeForm, type TimeParser, timeParser } from './parse-time.ts';
import { candidateOf } from './read-json.ts';
import { BadRecord, proofOf, unitIdOfText } from './values.ts';

/** How a CSV file of runs is to be read. */
export interface CsvRunOptions {
  readonly map: RunColumnMap;
  /** Columns with values: names or numbers, each with `:unit` if the header has none; `*` for all that have no role. */
  readonly values: readonly string[];
  readonly time: TimeForm;
  readonly decimal: '.' | ',';
  /** For files without such a column. */
  readonly station: string;
  readonly batch: string;
}

/** The step that the values of a row belong to: a row has no steps. */
const VALUES_STEP = { phase: '', step: 'values' };

/**
 * Runs of a CSV file, one in a row. Faults: `csv-invalid` (columns missing, no text file), `bad-input` for a pattern of times; those of
 * the file system.
 */
export async function* readCsvRuns(
  path: string,
  options: CsvRunOptions,
  onHeader: (header: readonly string[]) => void,
): AsyncGenerator<Candidate> {
  const parseTime = timeParser(options.time);
  const found: { columns: RunColumns | null } = { columns: null };
  const source = (): AsyncIterable<Uint8Array> => createReadStream(path) as AsyncIterable<Uint8Array>;
  const rows = readCsv(source, (cells) => scoreRunHeader(cells, options.map), {
    onShape: (csv, row) => {
      const header = textsOf(row).map((text, index) => (text === '' ? (csv.header[index] ?? '') : text));
      onHeader(header);
      found.columns = findRunColumns(header, options.map, options.values);
      return false;
    },
  });
  for await (const row of rows) {
    const { columns } = found;
    if (columns === null) return;
    const cells = textsOf(row);
    const outcome = cells[columns.roles.outcome ?? -1] ?? '';
    if (UNFINISHED.test(outcome)) yield { line: row.line, unfinished: true };
    else yield candidateOf(row.line, () => runOf(cells, columns, options, parseTime));
  }
}

const UNFINISHED = /^(?:running|in progress|进行中)$/i;

/** Cells without the marks by which spreadsheets keep text. */
function textsOf({ cells }: CsvRow): string[] {
  return cells.map((cell) => decoder.decode(normalizeCell(cell.slice(), { invisible: 0, marks: 0 })));
}

const decoder = new TextDecoder();

function runOf(
  cells: readonly string[],
  { roles, values }: RunColumns,
  { decimal, station, batch }: CsvRunOptions,
  parseTime: TimeParser,
): RunDocument {
  const text = (role: RunRole): string => (roles[role] === undefined ? '' : (cells[roles[role]] ?? ''));
  const orNull = (role: RunRole): string | null => (text(role) === '' ? null : text(role));
  const time = (role: RunRole): number => {
    const ms = parseTime(text(role));
    if (ms === null) throw new BadRecord(`${role} is no time of the given form: ${text(role).slice(0, 40)}`);
    return ms;
  };
  const outcome = outcomeOfText(text('outcome'));
  const startedAtMs = time('started');
  const ms = orNull('ms');
  const finishedAtMs =
    orNull('finished') !== null
      ? time('finished')
      : startedAtMs + (ms === null ? 0 : Math.max(0, Number(ms) || 0));
  if (finishedAtMs < startedAtMs) throw new BadRecord('it ended before it began');
  const failed = new Set(text('failed').split('; '));
  const measurements = values.flatMap((column): DocumentMeasurement[] => {
    const value = valueOf(cells[column.index] ?? '', decimal);
    if (value === null) return [];
    const header = column.unit === null ? column.name : `${column.name} [${column.unit}]`;
    const { name, unit } = column;
    const own = { limits: '', low: null, high: null, marginal: false, relative: false, at: null };
    return [{ name, unit, value, outcome: failed.has(header) ? 'FAIL' : 'PASS', ...own }];
  });
  const hasFailure = outcome !== 'PASS';
  const run: RunDocument = {
    runId: text('run'),
    station: orNull('station') ?? station,
    batchId: '',
    batch: orNull('batch') ?? batch,
    slot: /^\d{1,6}$/.test(text('slot')) ? Number(text('slot')) : null,
    serialNumber: orNull('serial'),
    unitId: unitIdOfText(orNull('mac')),
    productId: orNull('product'),
    deviceName: orNull('device'),
    proof: proofOf(
      orNull('readback') === null
        ? null
        : { readBack: text('readback'), online: text('online'), unproven: text('unproven') === 'yes' },
    ),
    outcome,
    failure: hasFailure
      ? { code: text('failure'), phase: text('phase'), step: text('step'), message: text('message'), hint: null, details: {} }
      : null,
    startedAtMs,
    finishedAtMs,
    operator: text('operator'),
    appVersion: text('app'),
    firmwareSha256: orNull('firmware'),
    recipe: { hash: text('recipe'), name: '', version: '' },
    steps:
      measurements.length === 0
        ? []
        : [
            {
              ...VALUES_STEP,
              attempt: 1,
              outcome: measurements.some((one) => one.outcome !== 'PASS') ? 'FAIL' : 'PASS',
              startedAtMs,
              ms: finishedAtMs - startedAtMs,
              failure: null,
              measurements,
            },
          ],
  }; // prettier-ignore
  return run.runId === '' ? { ...run, runId: idOfContent(run) } : run;
}

const OUTCOME_WORDS: readonly (readonly [RegExp, Outcome])[] = [
  [/^(?:pass|passed|p|ok|good|1|true|合格|通过|良品)$/i, 'PASS'],
  [/^(?:fail|failed|f|ng|nok|bad|0|false|不合格|失败|不良)$/i, 'FAIL'],
  [/^(?:error|errored|e|错误)$/i, 'ERROR'],
  [/^(?:timeout|超时)$/i, 'TIMEOUT'],
  [/^(?:abort|aborted|terminated|t|stopped|中止|终止)$/i, 'ABORTED'],
];

function outcomeOfText(text: string): Outcome {
  const found = OUTCOME_WORDS.find(([words]) => words.test(text));
  if (found !== undefined) return found[1];
  throw new BadRecord(text === '' ? 'it has no outcome' : `no such outcome: ${text.slice(0, 40)}`);
}

function valueOf(text: string, decimal: '.' | ','): MeasuredValue | null {
  if (text === '') return null;
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const number = parseDecimal(decimal === ',' ? text.replace(',', '.') : text);
  return number.ok && !/^0x/i.test(text) ? number.value : text;
}
