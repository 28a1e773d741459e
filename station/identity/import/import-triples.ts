import { basename } from 'node:path';
import type { TripleNote } from '#shared/contract/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { ImportRow, RefusedRow, WritableDatabase } from '../../core/database/index.ts';
import { checkImportAfterRestore } from '../after-restore.ts';
import { openTripleFile, type ReadTriple, readTripleCsv, type ReadTripleOptions } from './index.ts';
import type { SecretDigest } from '../vault/secret-digest.ts';
import { ownerOf, type Vault } from '../vault/vault.ts';

/** Rows staged at once. Larger blocks survive garbage collections, and memory grows. */
const BLOCK_ROWS = 100;
const NO_BYTES = new Uint8Array();

export interface ImportOptions extends Pick<ReadTripleOptions, 'onHeader' | 'onShape'> {
  /** False: columns of MACs and serial numbers reserve no row for a unit. */
  readonly bind?: boolean | undefined;
  readonly map?: ReadTripleOptions['map'] | undefined;
  readonly defaultProductId?: string | undefined;
  /** Reports the result and changes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Imports the good rows of a file with bad ones. */
  readonly skipBad?: boolean | undefined;
  /** Called after every block. */
  readonly onProgress?: ((rows: number) => void) | undefined;
  /** Called for each well-formed row, whether or not the ledger has its triple. */
  readonly onName?:
    | ((triple: Omit<ReadTriple, 'deviceSecret' | 'secretDigest'>, line: number) => void)
    | undefined;
  /** A person states that no triple of the file was ever imported; needed after an incomplete restore. */
  readonly neverUsed?: boolean | undefined;
}

export interface ImportReport {
  /** Data rows of the file. */
  readonly rows: number;
  /** Triples added to the pool; in a dry run, triples that would be added. */
  readonly added: number;
  /** Bad rows that were skipped because of `skipBad`. */
  readonly skipped: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  /** Findings about the file that a person should know. */
  readonly notes: readonly TripleNote[];
}

/**
 * Imports a CSV file of triples with constant memory. Rows are checked and staged in blocks outside the ledger, and become
 * triples in one transaction at the end: all rows are imported, or none.
 * Faults: those of `openTripleFile` and of `readTripleCsv`, `bad-input` after an incomplete restore, `disk-full`.
 */
export async function importTriples(
  path: string,
  options: ImportOptions,
  parts: {
    readonly database: WritableDatabase;
    readonly vault: Vault;
    readonly secretDigest: SecretDigest;
    readonly platform: Platform;
    readonly audit: AuditTrail;
  },
  by: Actor,
  signal: AbortSignal,
): Promise<ImportReport> {
  const { database, vault, secretDigest, platform, audit } = parts;
  if (options.dryRun !== true) checkImportAfterRestore(database, options.neverUsed === true);
  const rejected: { line: number; reason: string }[] = [];
  let notes: readonly TripleNote[] = [];
  const readOptions: ReadTripleOptions = {
    digest: secretDigest,
    bind: options.bind !== false,
    onNotes: (found) => (notes = found),
    ...(options.map === undefined ? {} : { map: options.map }),
    ...(options.defaultProductId === undefined ? {} : { defaultProductId: options.defaultProductId }),
    ...(options.onHeader === undefined ? {} : { onHeader: options.onHeader }),
    ...(options.onShape === undefined ? {} : { onShape: options.onShape }),
  };
  let rows = 0;
  let block: ImportRow[] = [];
  using staging = database.imports.openStaging();
  const flush = (): void => {
    staging.stage(block);
    block = [];
    options.onProgress?.(rows);
  };
  for await (const row of readTripleCsv(await openTripleFile(path), readOptions, signal)) {
    throwIfAborted(signal);
    rows += 1;
    if ('reason' in row) {
      rejected.push({ line: row.line, reason: row.reason });
      continue;
    }
    const { productId, deviceName, deviceSecret, ...rest } = row.triple;
    const { boundMac, boundSerial } = rest;
    options.onName?.({ productId, deviceName, boundMac, boundSerial }, row.line);
    // A dry run stores nothing, so that nothing is sealed.
    const sealed = options.dryRun === true ? NO_BYTES : vault.sealBytes(deviceSecret, ownerOf(row.triple));
    block.push({ line: row.line, productId, deviceName, sealed, ...rest });
    if (block.length === BLOCK_ROWS) flush();
  }
  flush();
  // One transaction for check and import: a lease may add triples while the file is read.
  return database.transaction((): ImportReport => {
    const refused = staging.refused();
    for (const row of refused) rejected.push({ line: row.line, reason: reasonOf(row) });
    rejected.sort((a, b) => a.line - b.line);
    if (rejected.length > 0 && options.skipBad !== true)
      return { rows, added: 0, skipped: 0, rejected, notes };
    const report = { rows, added: rows - rejected.length, skipped: rejected.length, rejected, notes };
    if (options.dryRun === true) return report;
    const refusedLines = refused.map(({ line }) => line);
    const added = staging.takeOver('import', platform.clock.nowMs(), refusedLines);
    if (added !== report.added) throw new Error(`${report.added} triples were staged, ${added} taken over`);
    audit.record(by, 'pool.import', platform.random.id(), {
      file: basename(path),
      rows,
      added,
      skipped: rejected.length,
      ...(options.neverUsed === true ? { neverUsed: true } : {}),
    });
    return report;
  });
}

function reasonOf({ deviceName, because, other, state }: RefusedRow): string {
  switch (because) {
    case 'name':
      return `${deviceName} is in the ledger already (${state})`;
    case 'secret':
      return `DeviceSecret is that of ${other} in the ledger (${state})`;
    case 'unit':
      return `a row for its unit is in the ledger already: ${other} (${state})`;
    case 'held':
      return `its unit has ${other} already (${state})`;
  }
}
