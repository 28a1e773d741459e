import { type AttachmentsReport, verifyAttachments } from '../attachments/index.ts';
import { openStationDatabaseForReading, type ReadableDatabase } from '../database/index.ts';
import { type TrailReport, verifyAuditInTurns } from './audit-trail.ts';
import {
  type AuditedRegistry,
  type RegistryComparison,
  verifyAgainstRegistry,
} from './compare-with-registry.ts';
import { type RecordsReport, verifyRecords } from './verify-records.ts';

export interface AuditReport {
  readonly trail: TrailReport;
  readonly records: RecordsReport;
  /** The files of attachments. */
  readonly attachments: AttachmentsReport;
  readonly registryComparison: RegistryComparison;
}

/**
 * Verifies the records of a data directory: the audit trail itself, every record, the file of every attachment, and the first two against the registry. It only
 * reads, over connections of its own, and does not delay a station that is running.
 *
 * @param reach the registry that the station is bound to; null when it is bound to none
 * @param onProgress see `verifyRecords`
 * Faults: those of `openStationDatabaseForReading` and of `reach`, and the signal's reason.
 */
export async function verifyAll(
  dataDir: string,
  reach: (database: ReadableDatabase) => Promise<AuditedRegistry | null>,
  signal: AbortSignal,
  onProgress?: (found: number) => void,
): Promise<AuditReport> {
  const database = openStationDatabaseForReading(dataDir);
  try {
    const trail = await verifyAuditInTurns(database, signal);
    const records = await verifyRecords(database, signal, onProgress);
    const attachments = await verifyAttachments(dataDir, database, signal);
    const registry = await reach(database);
    return {
      trail,
      records,
      attachments,
      registryComparison: await verifyAgainstRegistry(dataDir, database, registry, signal),
    };
  } finally {
    database.close();
  }
}
