import { contract, type StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type Handlers,
  type Role,
  serve,
  type Session,
  type SessionRef,
  type Transport,
} from '#shared/rpc/index.ts';
import type { Access } from './administration/people/index.ts';
import type { Upload, UploadStore } from './core/uploads/index.ts';
import type { Firmware } from './firmware/index.ts';
import type { Platform } from './core/platform/index.ts';
import type { ExportedFile, Reports } from './results/reports/index.ts';
import type { StationTopics } from './topics.ts';

export interface PageServiceOptions {
  readonly platform: Platform;
  readonly handlers: Handlers<StationContract>;
  readonly topics: StationTopics;
  readonly access: Access;
  readonly reports: Reports;
  readonly firmware: Firmware;
  readonly uploads: UploadStore;
}

/** What pages get of a station: the contract on a wire, and files beside it. */
export interface PageService {
  /** Serves the contract on a wire until it closes. All wires of one browser session or window share their session. */
  serve(transport: Transport, sessionRef: SessionRef): void;
  /** A file made for somebody to take along; `null` when there is none of that id or this person may not have it. */
  file(fileId: string, session: Session): ExportedFile | null;
  /**
   * Takes a file that a page brings, as `sizeBytes` announced bytes; its id is good for one import by the same person.
   * Faults: `forbidden`, and those of `UploadStore.receive`.
   */
  receiveUpload(
    name: string,
    sizeBytes: number,
    source: AsyncIterable<Uint8Array>,
    session: Session,
    signal: AbortSignal,
  ): Promise<Upload>;
}

export function createPageService({
  platform,
  handlers,
  topics,
  access,
  reports,
  firmware,
  uploads,
}: PageServiceOptions): PageService {
  return {
    serve(transport, sessionRef) {
      serve(transport, {
        contract,
        handlers,
        topics: { ...topics, session: access.topic(sessionRef) },
        sessionRef,
        nowMs: () => platform.clock.monotonicMs(),
        onCall: (name) => access.note(sessionRef, name),
        onDefect,
      });
    },
    file(fileId, { role }) {
      const report = mayCall('reports.export', role) ? reports.file(fileId) : null;
      return report ?? (mayCall('firmware.get', role) ? firmware.documentFile(fileId) : null);
    },
    async receiveUpload(name, sizeBytes, source, { role, user }, signal) {
      if (mayCall('firmware.import', role)) return uploads.receive(name, sizeBytes, source, signal, user);
      throw new Fault('forbidden', `${role} may not bring files`, { hint: 'Sign in as an engineer.' });
    },
  };

  function onDefect(error: unknown, where: string): string {
    const correlationId = platform.random.id().slice(-12);
    platform.log.error('api.defect', error, { where, correlationId });
    return correlationId;
  }
}

/** A file goes another way than the call that made it or needs it; it may be had by the same people. */
function mayCall(name: 'reports.export' | 'firmware.import' | 'firmware.get', role: Role): boolean {
  return contract.calls[name].roles.some((allowed) => allowed === role);
}
