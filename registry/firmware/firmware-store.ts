import { join } from 'node:path';
import { KeyedSequencer } from '#node-kit/async/index.ts';
import type {
  FirmwareReply,
  FirmwareUploadReply,
  FirmwareUploadRequest,
  RegistryFirmware,
} from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { FirmwareRow, Store } from '../store/index.ts';
import { randomId } from '../platform.ts';
import { type Chunk, createContentFiles, requireNextChunk, wrongOffset } from '../files/index.ts';
import type { DownloadUrlSigner } from './download-url-signer.ts';

/** An upload without a new chunk for this time is deleted at the next start. */
const DELETE_AFTER_MS = 7 * 24 * 3_600_000;
/** An upload without a new chunk for this time may be taken over by another station. */
const TAKE_OVER_AFTER_MS = 24 * 3_600_000;

export interface FirmwareStoreOptions {
  readonly dataDir: string;
  readonly store: Store;
  readonly urlSigner: DownloadUrlSigner;
  readonly nowMs: () => number;
}

/** The firmware of all products. Every call may be repeated. Errors are `RegistryError`s with the codes below and `not-found`. */
export interface FirmwareStore {
  /**
   * Announces an upload. Errors: `conflict` when the version has another content, or this content was announced with another
   * size or MD5; `disk-full`.
   */
  begin(request: FirmwareUploadRequest, station: string): Promise<FirmwareUploadReply>;
  /** The station that uploads or uploaded the firmware. */
  uploaderOf(firmwareId: string): string;
  received(firmwareId: string): Promise<FirmwareUploadReply>;
  /**
   * Errors: `conflict` with `receivedBytes` when the chunk does not begin there, `conflict` when the announced size differs,
   * `bad-input` for a chunk without its hash.
   */
  append(firmwareId: string, chunk: Chunk): Promise<FirmwareUploadReply>;
  /** Reads the content and verifies its hashes. Errors: `conflict`; the upload then starts from 0. */
  complete(firmwareId: string): Promise<RegistryFirmware>;
  list(productId: string | null): Promise<RegistryFirmware[]>;
  get(firmwareId: string): Promise<FirmwareReply>;
  /** Errors: `conflict` while it is not complete. */
  setState(firmwareId: string, state: 'offline' | 'online'): Promise<RegistryFirmware>;
  /** The file for downloads; null while it is not complete. */
  file(firmwareId: string): { readonly row: FirmwareRow; readonly path: string } | null;
  /** Deletes uploads that were not continued, and their files. */
  sweep(): Promise<void>;
}

export function createFirmwareStore(options: FirmwareStoreOptions): FirmwareStore {
  const { store, nowMs } = options;
  const files = createContentFiles(join(options.dataDir, 'firmware'));
  const sequencer = new KeyedSequencer<string>();

  const rowOf = (firmwareId: string): FirmwareRow => {
    const row = store.firmware.byId(firmwareId);
    if (row !== null) return row;
    throw new RegistryError('not-found', `firmware ${firmwareId} is not known`, 'Announce the upload again.');
  };
  const receivedOf = async (row: FirmwareRow): Promise<number> => {
    if (row.state !== 'uploading' || (await files.hasContent(row.sha256, row.sizeBytes)))
      return row.sizeBytes;
    return files.received(row.firmwareId);
  };
  const reply = async (row: FirmwareRow): Promise<FirmwareUploadReply> => ({
    firmwareId: row.firmwareId,
    receivedBytes: await receivedOf(row),
    sizeBytes: row.sizeBytes,
    state: row.state,
  });
  const view = async (row: FirmwareRow): Promise<RegistryFirmware> => {
    const { config: _, ...rest } = row;
    return {
      ...rest,
      receivedBytes: await receivedOf(row),
      download: row.state === 'online' ? options.urlSigner.sign(row.firmwareId, nowMs()) : null,
    };
  };
  const requireFreeVersion = (wanted: Pick<FirmwareRow, 'productId' | 'version' | 'sha256'>): void => {
    const holder = store.firmware.findComplete(wanted.productId, wanted.version);
    if (holder === null || holder.sha256 === wanted.sha256) return;
    throw new RegistryError(
      'conflict',
      `version ${wanted.version} of ${wanted.productId} exists already with another content (${holder.sha256.slice(0, 12)}…)`,
      'A new content needs a new version number.',
      { taken: true, sha256: holder.sha256 },
    );
  };

  return {
    begin: (request, station) =>
      sequencer.run(`${request.productId}/${request.version}`, async () => {
        const { configBase64, ...rest } = request;
        const existing = store.firmware.byContent(request.productId, request.version, request.sha256);
        if (existing !== null) {
          if (existing.sizeBytes !== request.sizeBytes || existing.md5 !== request.md5)
            throw otherAnnouncement();
          store.write(() =>
            store.firmware.touch(existing.firmwareId, station, nowMs(), nowMs() - TAKE_OVER_AFTER_MS),
          );
          return reply(existing);
        }
        requireFreeVersion(request);
        await files.requireRoom(request.sizeBytes);
        const row: FirmwareRow = {
          ...rest,
          firmwareId: randomId(),
          config: Buffer.from(configBase64, 'base64'),
          state: 'uploading',
          uploadedBy: station,
          createdMs: nowMs(),
          completedMs: null,
        };
        store.write(() => store.firmware.insert(row));
        return reply(row);
      }),

    uploaderOf: (firmwareId) => rowOf(firmwareId).uploadedBy,
    received: async (firmwareId) => reply(rowOf(firmwareId)),

    append: (firmwareId, chunk) =>
      sequencer.run(firmwareId, async () => {
        const row = rowOf(firmwareId);
        if (chunk.totalBytes !== row.sizeBytes) throw otherAnnouncement();
        const receivedBytes = await receivedOf(row);
        if (!requireNextChunk(chunk, receivedBytes, row.sizeBytes)) return reply(row);
        await files.append(firmwareId, chunk.bytes);
        return { ...(await reply(row)), receivedBytes: chunk.offset + chunk.bytes.length };
      }),

    complete: (firmwareId) =>
      sequencer.run(firmwareId, async () => {
        const row = rowOf(firmwareId);
        if (row.state !== 'uploading') return view(row);
        const receivedBytes = await receivedOf(row);
        if (receivedBytes < row.sizeBytes) throw wrongOffset(receivedBytes);
        // An existing content of this hash was verified before: another product has it, or a crash came before its record.
        if (!(await files.hasContent(row.sha256, row.sizeBytes))) {
          const received = await files.inspect(firmwareId);
          const isAsAnnounced =
            received.sizeBytes === row.sizeBytes &&
            received.sha256 === row.sha256 &&
            received.md5 === row.md5;
          if (!isAsAnnounced) {
            await files.deletePartial(firmwareId);
            throw new RegistryError(
              'conflict',
              'the received content has another hash than announced',
              'Send it again from the beginning.',
              { receivedBytes: 0, damaged: true },
            );
          }
          requireFreeVersion(row);
          await files.commit(firmwareId, row.sha256);
        }
        store.write(() => {
          requireFreeVersion(row);
          store.firmware.setComplete(firmwareId, nowMs());
        });
        await files.deletePartial(firmwareId);
        return view(rowOf(firmwareId));
      }),

    list: (productId) => Promise.all(store.firmware.list(productId).map(view)),
    async get(firmwareId) {
      const row = rowOf(firmwareId);
      return { ...(await view(row)), configBase64: Buffer.from(row.config).toString('base64') };
    },
    async setState(firmwareId, state) {
      const row = rowOf(firmwareId);
      if (row.state === 'uploading') {
        throw new RegistryError(
          'conflict',
          `version ${row.version} of ${row.productId} is not complete yet`,
          'Finish its upload first.',
        );
      }
      store.write(() => store.firmware.setState(firmwareId, state));
      return view(rowOf(firmwareId));
    },
    file(firmwareId) {
      const row = store.firmware.byId(firmwareId);
      return row === null || row.state === 'uploading' ? null : { row, path: files.pathOf(row.sha256) };
    },
    async sweep() {
      store.write(() => store.firmware.deleteUnfinished(nowMs() - DELETE_AFTER_MS));
      await files.sweep((firmwareId) => store.firmware.byId(firmwareId)?.state === 'uploading');
    },
  };
}

function otherAnnouncement(): RegistryError {
  return new RegistryError(
    'conflict',
    'this content was announced with another size or MD5',
    'Import the package again at the station.',
    { facts: true },
  );
}
