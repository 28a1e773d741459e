import { join } from 'node:path';
import { KeyedSequencer } from '#node-kit/async/index.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { StationReportReply, StationReportRequest } from '#shared/registry-api/index.ts';
import { type Chunk, createContentFiles, requireNextChunk } from '../files/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { StationReportRow, Store } from '../store/index.ts';

/** The reports of all stations. Every call may be repeated. */
export interface ReportStore {
  /**
   * Announces a report, or says how much of it is there. Errors: `conflict` when the key has another content already;
   * `disk-full`.
   */
  begin(request: StationReportRequest, station: string): Promise<StationReportReply>;
  /** Errors: `not-found`; `forbidden` for a report of another station; those of `requireNextChunk`; `conflict`; `disk-full`. */
  append(reportId: string, chunk: Chunk, station: string): Promise<StationReportReply>;
  /** Deletes what was not completed and is not announced any more. */
  sweep(): Promise<void>;
}

export function createReportStore({
  dataDir,
  store,
  nowMs,
}: {
  readonly dataDir: string;
  readonly store: Store;
  readonly nowMs: () => number;
}): ReportStore {
  const files = createContentFiles(join(dataDir, 'reports'));
  const turns = new KeyedSequencer<string>();

  async function reply({ reportId, completedMs, sizeBytes }: StationReportRow): Promise<StationReportReply> {
    const isComplete = completedMs !== null;
    return { reportId, isComplete, receivedBytes: isComplete ? sizeBytes : await files.received(reportId) };
  }

  async function complete(row: StationReportRow): Promise<StationReportReply> {
    const { reportId, sha256, sizeBytes } = row;
    if (!(await files.hasContent(sha256, sizeBytes))) {
      const received = await files.inspect(reportId);
      if (received.sha256 !== sha256) {
        await files.deletePartial(reportId);
        throw new RegistryError(
          'conflict',
          'the received report has another hash than announced',
          'Send it again from the beginning.',
          { receivedBytes: 0, damaged: true },
        );
      }
      await files.commit(reportId, sha256);
    }
    store.write(() => store.stationReports.complete(reportId, nowMs()));
    await files.deletePartial(reportId);
    return { reportId, isComplete: true, receivedBytes: sizeBytes };
  }

  return {
    begin(request, station) {
      const { key, name, sizeBytes, sha256 } = request;
      const reportId = sha256Hex(Buffer.from(JSON.stringify([station, key])));
      return turns.run(reportId, async () => {
        const known = store.stationReports.byId(reportId);
        const isSame = known !== null && known.sha256 === sha256 && known.sizeBytes === sizeBytes;
        if (known !== null && known.completedMs !== null) {
          if (isSame) return reply(known);
          throw new RegistryError(
            'conflict',
            `station ${station} has sent "${known.name}" for this already, with another content`,
            'The first one stays. Give this one up at the station.',
          );
        }
        if (known !== null && isSame && sizeBytes > 0) return reply(known);
        await files.requireRoom(sizeBytes);
        await files.deletePartial(reportId);
        const begunMs = nowMs();
        const row = { reportId, station, key, name, sizeBytes, sha256, begunMs, completedMs: null };
        store.write(() => store.stationReports.put(row));
        if (sizeBytes > 0) return reply(row);
        await files.append(reportId, new Uint8Array());
        return complete(row);
      });
    },
    append: (reportId, chunk, station) =>
      turns.run(reportId, async () => {
        const row = store.stationReports.byId(reportId);
        if (row === null)
          throw new RegistryError('not-found', `report ${reportId} was not announced`, 'Announce it first.');
        if (row.station !== station)
          throw new RegistryError('forbidden', `the report is of station ${row.station}`, 'Send your own.');
        if (row.completedMs !== null) return reply(row);
        if (chunk.totalBytes !== row.sizeBytes)
          throw new RegistryError(
            'conflict',
            'the report was announced with another size',
            'Announce it again.',
          );
        const receivedBytes = await files.received(reportId);
        if (!requireNextChunk(chunk, receivedBytes, row.sizeBytes)) return reply(row);
        await files.append(reportId, chunk.bytes);
        const end = chunk.offset + chunk.bytes.length;
        return end === row.sizeBytes ? complete(row) : { reportId, isComplete: false, receivedBytes: end };
      }),
    sweep: () => files.sweep((reportId) => store.stationReports.byId(reportId)?.completedMs === null),
  };
}
