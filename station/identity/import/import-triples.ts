import { basename } from 'node:path';
import type { TripleNote } from '#shared/contract/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { type Actor, type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { ImportRow, RefusedRow, WritableDatabase } from '../../core/database/index.ts';
import { checkImportAfterRestore } from '../after-restore.ts';
import { openTripleFile, type ReadTriple, readTripleCsv, type ReadTripleOptions } from './index.ts';
import type { SecretDigest } from '../vault/secret-digest.ts';
import { ownerOf, type Vault } from '../vault/vault.ts';

/** Rows staged at once. Of more at a time so many grow old in memory that it is not flat any more. */
const BLOCK = 100;
const NOTHING = new Uint8Array();

export interface ImportOptions extends Pick<ReadTripleOptions, 'onHeader' | 'onShape'> {
  /** False: columns of MACs and serial numbers bind no row to a unit. */
  readonly bind?: boolean | undefined;
  readonly map?: ReadTripleOptions['map'] | undefined;
  readonly defaultProductId?: string | undefined;
  /** Says what would happen and changes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Takes the good rows although there are bad ones. */
  readonly skipBad?: boolean | undefined;
  /** Told after every block. */
  readonly onProgress?: ((rows: number) => void) | undefined;
  /** Told of each row that is a triple by itself, whether the ledger knows it or not. */
  readonly onName?:
    ((triple: Omit<ReadTriple, 'deviceSecret' | 'secretDigest'>, line: number) => void) | undefined;
  readonly by?: Actor | undefined;
  /** Somebody vouches that no triple of the file was ever imported: asked for after a restore that saw too little. */
  readonly neverUsed?: boolean | undefined;
}

export interface ImportReport {
  /** Data rows of the file. */
  readonly rows: number;
  /** Triples that are in the pool now (or would be, in a dry run). */
  readonly added: number;
  /** Bad rows passed over because `skipBad` was given. */
  readonly skipped: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  /** What a person should know of the file besides. */
  readonly notes: readonly TripleNote[];
}

/**
 * Imports a CSV of triples at flat memory: rows are checked and staged in blocks beside the ledger, and become triples
 * in one transaction at the end. Killed or cancelled before that, nothing was imported.
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
    // A dry run needs no secret, and what is not kept need not be sealed.
    const sealed = options.dryRun === true ? NOTHING : vault.sealBytes(deviceSecret, ownerOf(row.triple));
    block.push({ line: row.line, productId, deviceName, sealed, ...rest });
    if (block.length === BLOCK) flush();
  }
  flush();
  // Asked and answered in one transaction: a lease may arrive while a file is read.
  return database.transaction((): ImportReport => {
    const refused = staging.refused();
    for (const row of refused) rejected.push({ line: row.line, reason: reasonOf(row) });
    rejected.sort((a, b) => a.line - b.line);
    if (rejected.length > 0 && options.skipBad !== true)
      return { rows, added: 0, skipped: 0, rejected, notes };
    const report = { rows, added: rows - rejected.length, skipped: rejected.length, rejected, notes };
    if (options.dryRun === true) return report;
    const but = refused.map(({ line }) => line);
    const added = staging.takeOver('import', platform.clock.nowMs(), but);
    if (added !== report.added) throw new Error(`${report.added} triples were staged, ${added} taken over`);
    audit.record(options.by ?? STATION_ITSELF, 'pool.import', platform.random.id(), {
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
