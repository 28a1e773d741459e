import { Fault } from '#shared/domain/fault.ts';
import type { BatchBalance, BirthCertificate } from '#shared/signed/index.ts';
import type { PdfForm } from '#shared/contract/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import {
  createNodePlatform,
  openDocumentMaker,
  openStationDatabaseForReading,
  type ReadableDatabase,
  type SignedDocument,
} from '#station';
import { type CommonOptions, dataDirOf } from './command.ts';
import { APP_VERSION } from './program.ts';
import { withStation } from './with-station.ts';

/** What makes signed documents: the station, or this process beside it. */
export interface DocumentSource {
  readonly database: ReadableDatabase;
  /** True: the station stores what it signs. */
  readonly isKept: boolean;
  balance(batchId: string, by: Actor, signal: AbortSignal): Promise<SignedDocument<BatchBalance>>;
  balanceAsText(balance: BatchBalance): Promise<Buffer>;
  certificate(runId: string, by: Actor, signal: AbortSignal): Promise<SignedDocument<BirthCertificate>>;
  certificateAsPdf(
    made: SignedDocument<BirthCertificate>,
    form: PdfForm,
    signal: AbortSignal,
  ): Promise<Buffer>;
}

/**
 * Opens the station, or reads its data while another process owns it: then documents are signed with the same key and are not
 * stored. The registry learns a new key when it answers. Faults: those of `withStation`; `data-busy` while another process
 * owns the data of a station that has no key yet.
 */
export async function withDocuments<T>(
  options: CommonOptions,
  signal: AbortSignal,
  work: (source: DocumentSource) => Promise<T>,
): Promise<T> {
  let isOpen = false;
  try {
    return await withStation(options, async ({ documents, database, sync, signingKeys }) => {
      isOpen = true;
      const keysBefore = signingKeys.list().length;
      const result = await work({
        database,
        isKept: true,
        balance: (...args) => documents.balance(...args),
        balanceAsText: (balance) => documents.maker.balanceAsText(balance),
        certificate: (...args) => documents.certificate(...args),
        certificateAsPdf: (...args) => documents.maker.certificateAsPdf(...args),
      });
      if (signingKeys.list().length > keysBefore) await sync.drain(signal).catch(() => undefined);
      return result;
    });
  } catch (error) {
    if (isOpen || !(error instanceof Fault) || error.code !== 'data-busy') throw error;
    const database = openStationDatabaseForReading(dataDirOf(options));
    try {
      const maker = await openDocumentMaker(database, createNodePlatform(dataDirOf(options)), APP_VERSION);
      if (maker === null) throw error;
      return await work({
        database,
        isKept: false,
        balance: (...args) => maker.balance(...args),
        balanceAsText: (balance) => maker.balanceAsText(balance),
        certificate: (...args) => maker.certificate(...args),
        certificateAsPdf: (...args) => maker.certificateAsPdf(...args),
      });
    } finally {
      database.close();
    }
  }
}
