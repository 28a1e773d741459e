import { contract, type StationContract } from '#shared/contract/index.ts';
import { isPhotoName } from '#shared/domain/attachment.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type Handlers,
  type Role,
  serve,
  type Session,
  type Transport,
  type Actor,
} from '#shared/rpc/index.ts';
import type { Downloads } from './administration/downloads/index.ts';
import type { Access } from './administration/users/index.ts';
import type { Upload } from '#shared/files/index.ts';
import type { Admission } from './core/admission/index.ts';
import type { AttachmentFiles } from './core/attachments/index.ts';
import type { ReadableDatabase } from './core/database/index.ts';
import type { UploadStore } from './core/uploads/index.ts';
import type { DocumentFiles } from './execution/documents/index.ts';
import type { Firmware } from './firmware/index.ts';
import type { Platform } from './core/platform/index.ts';
import type { Sync } from './registry-sync/index.ts';
import { attachmentFile } from './results/attachments/index.ts';
import { foreignFile } from './results/foreign-runs/index.ts';
import type { ExportedFile, Reports } from './results/reports/index.ts';
import type { StationTopics } from './topics.ts';

export interface PageServiceOptions {
  readonly attachments: AttachmentFiles;
  readonly database: ReadableDatabase;
  readonly platform: Platform;
  readonly admission: Admission;
  readonly handlers: Handlers<StationContract>;
  readonly topics: StationTopics;
  readonly access: Access;
  readonly downloads: Downloads;
  readonly documentFiles: Pick<DocumentFiles, 'find'>;
  readonly reports: Reports;
  readonly sync: Sync;
  readonly firmware: Firmware;
  readonly uploads: UploadStore;
}

/** The services of a station for pages: the contract over a connection, and file transfers. */
export interface PageService {
  /** Serves the contract over a connection until it closes. All connections of one browser session or window share their session. */
  serve(transport: Transport, session: Session): void;
  /** A file of the station for download; `null` when there is none of that id or this user may not have it. */
  file(fileId: string, by: Actor<Role>): ExportedFile | null;
  /**
   * Stores a file that a page uploads, with `sizeBytes` announced bytes; its id is valid for one import by the same user.
   * Faults: `forbidden`, `station-closing`, and those of `UploadStore.receive`.
   */
  receiveUpload(
    name: string,
    sizeBytes: number,
    source: AsyncIterable<Uint8Array>,
    by: Actor<Role>,
    signal: AbortSignal,
  ): Promise<Upload>;
}

export function createPageService({
  attachments,
  database,
  platform,
  admission,
  handlers,
  topics,
  access,
  downloads,
  documentFiles,
  reports,
  sync,
  firmware,
  uploads,
}: PageServiceOptions): PageService {
  return {
    serve(transport, session) {
      access.adopt(session);
      serve(transport, {
        contract,
        handlers,
        topics: { ...topics, session: access.topic(session) },
        session,
        nowMs: () => platform.clock.monotonicMs(),
        onCall(name) {
          // Calls that pages make by themselves only read; a page repeats them after the loss of its connection.
          if (!isAutomatic(name)) admission.require();
          return access.reportCall(session, name);
        },
        onDefect,
      });
    },
    file(fileId, { role }) {
      const report = mayCall('reports.export', role) ? reports.file(fileId) : null;
      const messages = mayCall('sync.export', role) ? sync.exports.file(fileId) : null;
      const document = mayCall('firmware.get', role) ? firmware.documentFile(fileId) : null;
      const made = mayCall('trail.export', role) ? downloads.find(fileId) : null;
      const signed = mayCall('documents.certificate', role) ? documentFiles.find(fileId) : null;
      const attached = mayCall('attachments.list', role)
        ? attachmentFile({ database, attachments }, fileId)
        : null;
      const ofForeign = mayCall('foreignRuns.get', role) ? foreignFile(database, attachments, fileId) : null;
      return report ?? messages ?? document ?? made ?? signed ?? attached ?? ofForeign;
    },
    async receiveUpload(name, sizeBytes, source, { role, user }, signal) {
      admission.require();
      const mayUpload =
        mayCall('firmware.import', role) ||
        mayCall('documents.verify', role) ||
        (isPhotoName(name) && mayCall('slots.answerPhoto', role));
      if (mayUpload) return uploads.receive(name, sizeBytes, source, user, signal);
      throw new Fault('forbidden', `${role} may not upload files`, { hint: 'Sign in as an engineer.' });
    },
  };

  function onDefect(error: unknown, where: string): string {
    const correlationId = platform.random.id().slice(-12);
    platform.log.error('api.defect', error, { where, correlationId });
    return correlationId;
  }
}

function isAutomatic(name: string): boolean {
  const { calls } = contract as { readonly calls: Readonly<Record<string, { readonly automatic: boolean }>> };
  return Object.hasOwn(calls, name) && calls[name]?.automatic === true;
}

/** A file transfer needs the same role as the call that makes or uses the file. */
function mayCall(
  name:
    | 'slots.answerPhoto'
    | 'attachments.list'
    | 'foreignRuns.get'
    | 'documents.certificate'
    | 'documents.verify'
    | 'reports.export'
    | 'sync.export'
    | 'firmware.import'
    | 'firmware.get'
    | 'trail.export',
  role: Role,
): boolean {
  return contract.calls[name].roles.some((allowed) => allowed === role);
}
