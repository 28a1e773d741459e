import { readStationName } from './administration/settings/index.ts';
import { reachRegistry } from './administration/diagnostics/index.ts';
import type { ReadableDatabase } from './core/database/index.ts';
import type { Platform } from './core/platform/index.ts';
import { DocumentMaker } from './execution/documents/index.ts';
import { createVault, openKeyRingForReading, openSigner } from './identity/index.ts';

/**
 * Signs documents beside the process that owns the data, and stores none. Null when the station has no key yet.
 * Faults: `secret-unreadable`.
 */
export async function openDocumentMaker(
  database: ReadableDatabase,
  platform: Platform,
  appVersion: string,
): Promise<DocumentMaker | null> {
  if (database.secretKeys.list().length === 0) return null;
  const vault = createVault(await openKeyRingForReading(database, platform), platform.random);
  const signer = openSigner(database, vault);
  const registry = await reachRegistry(database, platform);
  const station = readStationName(database, platform);
  if (signer === null) return null;
  return new DocumentMaker({
    database,
    clock: platform.clock,
    signer,
    registry: () => registry,
    station: () => station,
    appVersion,
  });
}
