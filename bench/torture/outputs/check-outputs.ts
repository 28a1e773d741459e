import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { normalizeChipId } from '#shared/domain/triple.ts';
import { readFlashRecord } from '#simulator';
import { manifestFileOf, verifyFile, verifyReport } from '#station';
import { NEVER_ABORTED } from '../../lib/never-aborted.ts';
import { databaseFile } from '../../../station/core/database/index.ts';
import type { Findings } from '../findings.ts';
import type { TestUnit } from '../station-under-test.ts';
import type { Paper } from './printer-under-test.ts';
import { attachmentOf, OUTPUT_BATCH, SCHEDULES } from './settings.ts';

type OutputFindings = Pick<Findings, 'labels' | 'attachments' | 'reports' | 'closings'>;

/** What is known of a station beside its data directory. */
export interface OutputsOf {
  readonly name: string;
  readonly dataDir: string;
  readonly flashDir: string;
  readonly units: readonly TestUnit[];
  readonly papers: readonly Paper[];
  /** Prints that were being sent when the station was killed. */
  readonly interrupted: ReadonlySet<string>;
  /** Folder of the reports. */
  readonly reports: string;
  readonly registryDir: string;
}

interface Print {
  readonly printId: string;
  readonly payload: string;
  readonly state: string;
  readonly confirmedBy: string | null;
  readonly voidAt: number | null;
  readonly sentAt: number | null;
  readonly unitId: number | null;
  readonly tripleId: number | null;
  readonly tripleState: string | null;
  readonly deviceName: string | null;
  readonly holder: number | null;
  readonly chipId: string | null;
}

/** The prints of a station on the disk whose bytes may have left and whose end is not recorded. */
export function printsBeingSent(dataDir: string): string[] {
  using db = open(databaseFile(dataDir));
  return db
    .rows<{ printId: string }>(`SELECT print_id AS printId FROM label_print WHERE state = 'sending'`)
    .map((row) => row.printId);
}

/** Compares papers, files and stored documents with the records of a station, which are read without its code. Nothing runs on it. */
export async function checkOutputs(station: OutputsOf, findings: OutputFindings): Promise<void> {
  using db = open(databaseFile(station.dataDir));
  checkLabels(station, db, findings.labels);
  checkAttachments(station, db, findings.attachments);
  await checkReports(station, db, findings.reports);
  await checkClosings(station, db, findings.closings);
}

function checkLabels(
  { name, papers, interrupted, units, flashDir }: OutputsOf,
  db: Records,
  found: string[],
): void {
  const prints = db.rows<Print>(
    `SELECT p.print_id AS printId, p.payload, p.state, p.confirmed_by AS confirmedBy, p.void_at AS voidAt, p.sent_at AS sentAt,
       p.unit_id AS unitId, p.triple_id AS tripleId, t.state AS tripleState, t.device_name AS deviceName, t.unit_id AS holder,
       u.chip_id AS chipId
     FROM label_print p LEFT JOIN triple t ON t.triple_id = p.triple_id LEFT JOIN unit u ON u.unit_id = p.unit_id`,
  );
  const byPayload = Map.groupBy(prints, ({ payload }) => payload);
  const papersOf = Map.groupBy(
    papers.filter(({ payload, isDouble }) => payload !== null && !isDouble),
    ({ payload }) => payload ?? '',
  );
  for (const payload of papersOf.keys())
    if (!byPayload.has(payload)) found.push(`${name}: a label came out that no record has: ${payload}`);
  for (const [payload, rows] of byPayload) {
    const came = papersOf.get(payload)?.length ?? 0;
    const printed = rows.filter(({ state }) => state === 'printed').length;
    // The label of a former identity is void before a person says whether it came out.
    const unsaid = rows.filter(
      ({ state, voidAt, sentAt }) => state !== 'printed' && voidAt !== null && sentAt !== null,
    ).length;
    if (came < printed)
      found.push(`${name}: ${printed} prints of ${payload} are printed, ${came} papers came out`);
    if (came > printed + unsaid)
      found.push(`${name}: ${came} papers of ${payload} came out, ${printed} prints are printed`);
  }
  const decided = new Set(
    db
      .rows<{ printId: string | null }>(
        `SELECT details ->> '$.print' AS printId FROM audit WHERE action IN ('label.confirm', 'label.skip')`,
      )
      .map(({ printId }) => printId),
  );
  const held = new Map(
    units.map(({ mac }) => [
      normalizeChipId(mac),
      readFlashRecord(flashDir, mac)?.identity?.deviceName ?? null,
    ]),
  );
  const labelOf = new Map<number, Print>();
  for (const print of prints) {
    const { printId, state, voidAt, confirmedBy, unitId, tripleId, holder, tripleState, deviceName, chipId } =
      print;
    const isValid = state === 'printed' && voidAt === null;
    if (state === 'printed' && confirmedBy === null)
      found.push(`${name}: print ${printId} is printed, and neither its printer nor a person said so`);
    if (state !== 'printed' && state !== 'skipped' && voidAt === null)
      found.push(`${name}: print ${printId} stayed ${state}`);
    if (interrupted.has(printId) && voidAt === null && !decided.has(printId))
      found.push(`${name}: print ${printId} was in doubt after a kill, and no person was asked`);
    if (!isValid || unitId === null) continue;
    const other = labelOf.get(unitId);
    if (other !== undefined && other.tripleId !== tripleId)
      found.push(
        `${name}: unit ${unitId} has valid labels of ${other.deviceName ?? '?'} and ${deviceName ?? '?'}`,
      );
    labelOf.set(unitId, print);
    if (holder !== unitId || tripleState === 'retired' || tripleState === 'quarantined')
      found.push(
        `${name}: ${deviceName ?? '?'} has a valid label on unit ${unitId}, and is ${tripleState ?? 'nothing'} on ${holder ?? 'none'}`,
      );
    const inFlash = held.get(chipId ?? '');
    if (inFlash !== deviceName)
      found.push(
        `${name}: the unit with the valid label of ${deviceName ?? '?'} holds ${inFlash ?? 'nothing'}`,
      );
  }
  const unlabelled = db.rows<{ runId: string }>(
    `SELECT run_id AS runId FROM run JOIN batch USING (batch_id) WHERE outcome = 'PASS' AND name LIKE '${OUTPUT_BATCH}%'
       AND run_id NOT IN (SELECT run_id FROM label_print WHERE reason = 'pass')`,
  );
  for (const { runId } of unlabelled) found.push(`${name}: run ${runId} passed, and has no print`);
}

function checkAttachments({ name, dataDir }: OutputsOf, db: Records, found: string[]): void {
  const rows = db.rows<{
    runId: string;
    outcome: string | null;
    serialNumber: string;
    sha256: string | null;
    file: string | null;
  }>(
    `SELECT run_id AS runId, outcome, serial_number AS serialNumber, sha256, attachment.name AS file
     FROM run JOIN batch USING (batch_id) LEFT JOIN attachment USING (run_id) WHERE batch.name LIKE '${OUTPUT_BATCH}%'`,
  );
  const folder = join(dataDir, 'attachments');
  for (const { runId, outcome, serialNumber, sha256, file } of rows) {
    if (sha256 === null) {
      if (outcome === 'PASS') found.push(`${name}: run ${runId} passed, and has no attachment`);
      continue;
    }
    const path = join(folder, sha256);
    const bytes = existsSync(path) ? readFileSync(path) : null;
    if (bytes === null) found.push(`${name}: ${file ?? '?'} of run ${runId} has no file`);
    else if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      found.push(`${name}: ${file ?? '?'} of run ${runId} is changed`);
    else if (bytes.toString() !== attachmentOf(serialNumber))
      found.push(`${name}: ${file ?? '?'} of run ${runId} is that of another unit`);
  }
  const known = new Set(rows.map(({ sha256 }) => sha256));
  for (const file of existsSync(folder) ? readdirSync(folder) : [])
    if (!known.has(file)) found.push(`${name}: attachments/${file} belongs to no run`);
}

async function checkReports(
  { name, reports, registryDir }: OutputsOf,
  db: Records,
  found: string[],
): Promise<void> {
  const rows = db.rows<{
    scheduleId: string;
    subject: string;
    state: string;
    file: string | null;
    isInFolder: number;
    batch: string;
  }>(
    `SELECT schedule_id AS scheduleId, subject, state, file, folder IS NOT NULL AS isInFolder, batch.name AS batch
     FROM scheduled_report JOIN report_schedule USING (schedule_id) LEFT JOIN batch USING (batch_id)`,
  );
  const batches = db.rows<{ name: string; closedAt: number | null; passed: number; quantity: number }>(
    `SELECT name, closed_at AS closedAt, quantity,
       (SELECT count(DISTINCT serial_number) FROM run WHERE run.batch_id = batch.batch_id AND outcome = 'PASS') AS passed
     FROM batch WHERE name LIKE '${OUTPUT_BATCH}%'`,
  );
  for (const batch of batches) {
    const due = SCHEDULES.filter(({ occasion }) =>
      occasion.at === 'batch-closed' ? batch.closedAt !== null : batch.passed >= batch.quantity,
    ).length;
    const written = rows.filter((row) => row.batch === batch.name && row.state === 'written').length;
    if (written !== due) found.push(`${name}: batch ${batch.name} has ${written} reports in place of ${due}`);
  }
  const files = new Set<string>();
  for (const { subject, state, file, isInFolder } of rows) {
    if (state !== 'written') found.push(`${name}: the report of ${subject} is ${state}`);
    if (file === null || isInFolder === 0) continue;
    if (files.has(file)) found.push(`${name}: two reports are in ${file}`);
    files.add(file).add(manifestFileOf(file));
    const { whole, message } = await verifyReport(file, NEVER_ABORTED);
    if (!whole) found.push(`${name}: the report ${file} is not whole: ${message}`);
  }
  for (const file of existsSync(reports) ? readdirSync(reports) : [])
    if (!files.has(join(reports, file)))
      found.push(`${name}: ${file} is in the folder of reports, and no record has it`);
  using registry = open(join(registryDir, 'registry.db'));
  const sent = registry.rows<{ key: string; completed: number | null; sizeBytes: number; sha256: string }>(
    `SELECT key, completed_ms AS completed, size_bytes AS sizeBytes, sha256 FROM station_reports
     WHERE station = '${name}'`,
  );
  for (const { scheduleId, subject, state, isInFolder } of rows) {
    if (isInFolder === 1 || state !== 'written') continue;
    const keys = [`${scheduleId}/${subject}`, `${scheduleId}/${subject}/manifest`];
    for (const key of keys)
      if (sent.find((one) => one.key === key)?.completed == null)
        found.push(`${name}: the registry lacks the report ${key}`);
  }
  for (const { key, completed, sizeBytes, sha256 } of sent) {
    const path = join(registryDir, 'reports', sha256);
    const bytes = existsSync(path) ? readFileSync(path) : null;
    const isWhole =
      bytes?.length === sizeBytes && createHash('sha256').update(bytes).digest('hex') === sha256;
    if (completed !== null && !isWhole) found.push(`${name}: the report ${key} at the registry is not whole`);
  }
}

async function checkClosings({ name }: OutputsOf, db: Records, found: string[]): Promise<void> {
  const rows = db.rows<{
    batch: string;
    batchId: string;
    closedAt: number | null;
    documents: number;
    entries: number;
    content: Buffer | null;
  }>(
    `SELECT name AS batch, batch_id AS batchId, closed_at AS closedAt,
       (SELECT count(*) FROM signed_document WHERE kind = 'batch-balance' AND subject = batch_id) AS documents,
       (SELECT count(*) FROM audit WHERE action = 'batch.close' AND subject = batch_id) AS entries,
       (SELECT content FROM signed_document WHERE kind = 'batch-balance' AND subject = batch_id) AS content
     FROM batch WHERE name LIKE '${OUTPUT_BATCH}%'`,
  );
  for (const { batch, batchId, closedAt, documents, entries, content } of rows) {
    const expected = closedAt === null ? 0 : 1;
    if (documents !== expected)
      found.push(`${name}: batch ${batch} has ${documents} balances in place of ${expected}`);
    if (entries !== expected)
      found.push(`${name}: the audit trail closes ${batch} ${entries} times in place of ${expected}`);
    if (content === null) continue;
    const file = inflateRawSync(content);
    const verified = await verifyFile(file, {});
    const { document } = JSON.parse(file.toString()) as { document: SignedBalance };
    if (!verified.whole) found.push(`${name}: the signature of the balance of ${batch} is not valid`);
    const { counts, lists, addsUp, units } = document;
    const listed = Object.values(lists).reduce((sum, list) => sum + list.length, 0);
    if (!addsUp || counts['open'] !== 0 || listed !== counts['issued'])
      found.push(
        `${name}: the balance of ${batch} lists ${listed} of ${counts['issued'] ?? 0} identities, ${counts['open'] ?? 0} are open`,
      );
    if (document.batch.id !== batchId || Date.parse(document.batch.closed?.at ?? '') !== closedAt)
      found.push(`${name}: the balance of ${batch} is of another closing`);
    const passed = db.rows<{ n: number }>(
      `SELECT count(DISTINCT serial_number) AS n FROM run WHERE batch_id = '${batchId}' AND outcome = 'PASS'`,
    )[0]?.n;
    if (units['passed'] !== passed)
      found.push(
        `${name}: the balance of ${batch} has ${units['passed'] ?? 0} units that passed, the records ${passed ?? 0}`,
      );
  }
}

interface SignedBalance {
  readonly batch: { readonly id: string; readonly closed: { readonly at: string } | null };
  readonly counts: Readonly<Record<string, number>>;
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  readonly units: Readonly<Record<string, number>>;
  readonly addsUp: boolean;
}

interface Records extends Disposable {
  rows<T>(sql: string): T[];
}

function open(file: string): Records {
  const db = new Database(file, { readonly: true });
  return {
    rows: <T>(sql: string): T[] => db.prepare<[], T>(sql).all(),
    [Symbol.dispose]: () => void db.close(),
  };
}
