import { basename } from 'node:path';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { type Actor, type AuditTrail, STATION_ITSELF } from '../audit/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Store } from '../store/index.ts';
import { type ColumnMap, openTripleFile, readTripleCsv } from './import/index.ts';
import { ownerOf, type Vault } from './vault.ts';

/** Rows per transaction while staging: large enough to be fast, small enough to let runs in between. */
const BLOCK = 1000;

export interface ImportOptions {
  readonly map?: ColumnMap | undefined;
  readonly defaultProductId?: string | undefined;
  /** Says what would happen and changes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Takes the good rows although there are bad ones. */
  readonly skipBad?: boolean | undefined;
  /** Told after every block. */
  readonly onProgress?: ((rows: number) => void) | undefined;
  readonly by?: Actor | undefined;
}

export interface ImportReport {
  /** Data rows of the file. */
  readonly rows: number;
  /** Triples that are in the pool now (or would be, in a dry run). */
  readonly added: number;
  /** Bad rows passed over because `skipBad` was given. */
  readonly skipped: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

/**
 * Imports a CSV of triples at flat memory: rows are checked and staged in blocks, and become triples in one
 * transaction at the end. Killed or cancelled before that, nothing was imported.
 */
export async function importTriples(
  path: string,
  options: ImportOptions,
  parts: {
    readonly store: Store;
    readonly vault: Vault;
    readonly platform: Platform;
    readonly audit: AuditTrail;
  },
  signal: AbortSignal,
): Promise<ImportReport> {
  const { store, vault, platform, audit } = parts;
  const importId = platform.random.id();
  const rejected: { line: number; reason: string }[] = [];
  let block: { productId: string; deviceName: string; sealed: Uint8Array }[] = [];
  let rows = 0;
  let good = 0;
  const flush = (): void => {
    if (block.length > 0 && options.dryRun !== true) {
      store.transaction(() => store.imports.stage(importId, good - block.length, block));
    }
    block = [];
    options.onProgress?.(rows);
  };
  const readOptions = {
    ...(options.map === undefined ? {} : { map: options.map }),
    ...(options.defaultProductId === undefined ? {} : { defaultProductId: options.defaultProductId }),
  };
  try {
    for await (const row of readTripleCsv(await openTripleFile(path), readOptions, signal)) {
      throwIfAborted(signal);
      rows += 1;
      if ('reason' in row) {
        rejected.push({ line: row.line, reason: row.reason });
        continue;
      }
      const { productId, deviceName, deviceSecret } = row.triple;
      const known = store.triples.byName(productId, deviceName);
      if (known !== null) {
        rejected.push({ line: row.line, reason: `${deviceName} is in the ledger already (${known.state})` });
        continue;
      }
      good += 1;
      block.push({ productId, deviceName, sealed: vault.seal(deviceSecret, ownerOf(row.triple)) });
      if (block.length === BLOCK) flush();
    }
    flush();
    const refused = rejected.length > 0 && options.skipBad !== true;
    if (refused) return { rows, added: 0, skipped: 0, rejected };
    if (options.dryRun === true) return { rows, added: good, skipped: rejected.length, rejected };
    const at = platform.clock.nowMs();
    const added = store.transaction(() => {
      const taken = store.imports.takeOver(importId, 'import', at);
      const file = basename(path);
      audit.note(options.by ?? STATION_ITSELF, 'pool.import', importId, {
        file,
        rows,
        added: taken,
        skipped: rejected.length,
      });
      return taken;
    });
    return { rows, added, skipped: rejected.length, rejected };
  } finally {
    if (options.dryRun !== true) store.transaction(() => store.imports.discard(importId));
  }
}
