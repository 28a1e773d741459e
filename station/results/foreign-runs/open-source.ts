import { existsSync, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ForeignKind } from '#shared/domain/foreign-run.ts';
import { openForeignDatabase } from '../../core/database/index.ts';
import type { Candidate } from './candidate.ts';
import { readArchive } from './readers/read-archive.ts';
import { readAtml } from './readers/read-atml.ts';
import { type CsvRunOptions, readCsvRuns } from './readers/read-csv-runs.ts';
import { readJsonLines, readOpenHtf } from './readers/read-json.ts';
import { readStationRuns } from './readers/read-station.ts';

/** A directory or file with runs. Each call of `read` reads it from the beginning. */
export interface RunSource {
  readonly kind: ForeignKind;
  /** Its name without its folder. */
  readonly name: string;
  read(onHeader?: (header: readonly string[]) => void): AsyncGenerator<Candidate> | Generator<Candidate>;
}

/** As `core/attachments` names it. */
const ATTACHMENTS = 'attachments';
const HEAD_BYTES = 64 * 1024;
const SQLITE = 'SQLite format 3\0';
const ZIP = 'PK\u0003\u0004';

/**
 * The runs of another station (its data directory or a backup) or of a file, whose kind is found by its content unless it is given.
 * Faults: `not-found` for a directory without a station, `file-missing`, `file-denied`, `bad-input`.
 */
export async function openRunSource(
  path: string,
  { kind: given, csv }: { readonly kind?: ForeignKind | undefined; readonly csv: CsvRunOptions },
): Promise<RunSource> {
  const name = basename(resolve(path));
  const { isDirectory, head } = await lookAt(path);
  const kind = given ?? (isDirectory ? 'station' : kindOf(head));
  if (isDirectory && kind !== 'station') {
    throw new Fault('bad-input', `${path} is a folder`, {
      hint: 'Name a file, or the data directory of a station.',
    });
  }
  return { kind, name, read: (onHeader) => readerOf(kind, path, head, csv, onHeader) };
}

function readerOf(
  kind: ForeignKind,
  path: string,
  head: string,
  csv: CsvRunOptions,
  onHeader: (header: readonly string[]) => void = () => undefined,
): AsyncGenerator<Candidate> {
  switch (kind) {
    case 'station':
      return readStation(path);
    case 'csv':
      return readCsvRuns(path, csv, onHeader);
    case 'jsonl':
      return readJsonLines(path);
    case 'atml':
      return readAtml(path);
    case 'openhtf':
      return head.startsWith(ZIP) ? readArchive(path) : readOpenHtf(path);
  }
}

async function* readStation(path: string): AsyncGenerator<Candidate> {
  using opened = openForeignDatabase(path);
  yield* readStationRuns(opened.database, filesDirOf(path));
}

/** The folder of attachments of a data directory, or beside a backup: in its folder, or in the one above. */
function filesDirOf(path: string): string {
  if (statSync(path).isDirectory()) return join(path, ATTACHMENTS);
  const beside = join(dirname(resolve(path)), ATTACHMENTS);
  return existsSync(beside) ? beside : join(dirname(dirname(resolve(path))), ATTACHMENTS);
}

async function lookAt(path: string): Promise<{ readonly isDirectory: boolean; readonly head: string }> {
  try {
    if ((await stat(path)).isDirectory()) return { isDirectory: true, head: '' };
    await using file = await open(path, 'r');
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
    return { isDirectory: false, head: buffer.toString('latin1', 0, bytesRead) };
  } catch (error) {
    throw asFileFault(error, path, 'read');
  }
}

function kindOf(head: string): ForeignKind {
  if (head.startsWith(SQLITE)) return 'station';
  if (head.startsWith(ZIP)) return 'openhtf';
  // As Latin-1, a byte order mark of UTF-8 has three characters.
  const text = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (text.startsWith('<')) return 'atml';
  if (!text.startsWith('{')) return 'csv';
  return /"(?:dut_id|phases)"/.test(text) && !/^\{"batch":/.test(text) ? 'openhtf' : 'jsonl';
}
