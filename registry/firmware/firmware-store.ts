import { createHash, randomUUID } from 'node:crypto';
import { KeyedSequencer } from '#node-kit/async/index.ts';
import type {
  FirmwareReply,
  FirmwareUploadReply,
  FirmwareUploadRequest,
  FirmwareView,
} from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { FirmwareRow, Store } from '../store/index.ts';
import { createContentFiles } from './content-files.ts';
import type { DownloadPass } from './download-pass.ts';

/** An upload that nobody continued for so long is forgotten. */
const STALE_MS = 7 * 24 * 3_600_000;
/** An upload that its station has not begun again for so long may be continued by another. */
const GIVEN_UP_MS = 24 * 3_600_000;

export interface FirmwareStoreParts {
  readonly dataDir: string;
  readonly store: Store;
  readonly pass: DownloadPass;
  readonly now: () => number;
}

/** A piece of a content and where it belongs. */
export interface Chunk {
  readonly offset: number;
  /** Size of the whole, as the sender believes it to be. */
  readonly totalBytes: number;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Firmware of all products. Every method may be called again after a lost answer. Faults are `RegistryError`s. */
export interface FirmwareStore {
  /** Faults: `conflict` when the version is there with another content, `disk-full`. */
  begin(request: FirmwareUploadRequest, station: string): Promise<FirmwareUploadReply>;
  /** The station that brought it. */
  uploaderOf(firmwareId: string): string;
  received(firmwareId: string): Promise<FirmwareUploadReply>;
  /** Faults: `conflict` with `receivedBytes` when another byte is due, `bad-input` when the chunk came damaged. */
  append(firmwareId: string, chunk: Chunk): Promise<FirmwareUploadReply>;
  /** Reads the whole again; only when its hashes fit it is kept. Faults: `conflict` (then it starts from 0 again). */
  complete(firmwareId: string): Promise<FirmwareView>;
  list(productId: string | null): Promise<FirmwareView[]>;
  get(firmwareId: string): Promise<FirmwareReply>;
  /** Faults: `conflict` while it is not complete. */
  setState(firmwareId: string, state: 'offline' | 'online'): Promise<FirmwareView>;
  /** What a device or a station downloads; null when there is nothing complete of this id. */
  file(firmwareId: string): { readonly row: FirmwareRow; readonly path: string } | null;
  /** Forgets what was given up. */
  sweep(): Promise<void>;
}

export function createFirmwareStore(parts: FirmwareStoreParts): FirmwareStore {
  const { store, now } = parts;
  const files = createContentFiles(parts.dataDir);
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
  const view = async (row: FirmwareRow): Promise<FirmwareView> => {
    const { config: _, ...rest } = row;
    return {
      ...rest,
      receivedBytes: await receivedOf(row),
      download: row.state === 'online' ? parts.pass.issue(row.firmwareId, now()) : null,
    };
  };
  const requireFreeVersion = (wanted: Pick<FirmwareRow, 'productId' | 'version' | 'sha256'>): void => {
    const holder = store.firmware.complete(wanted.productId, wanted.version);
    if (holder === null || holder.sha256 === wanted.sha256) return;
    throw new RegistryError(
      'conflict',
      `version ${wanted.version} of ${wanted.productId} is there already with another content (${holder.sha256.slice(0, 12)}…)`,
      'A new content needs a new version number.',
      { taken: true, sha256: holder.sha256 },
    );
  };

  return {
    begin: (request, station) =>
      sequencer.run(`${request.productId}/${request.version}`, async () => {
        const { configBase64, ...rest } = request;
        const known = store.firmware.byContent(request.productId, request.version, request.sha256);
        if (known !== null) {
          if (known.sizeBytes !== request.sizeBytes || known.md5 !== request.md5) throw otherFacts();
          // What its station gave up may be sent by another.
          store.write(() => store.firmware.touch(known.firmwareId, station, now(), now() - GIVEN_UP_MS));
          return reply(known);
        }
        requireFreeVersion(request);
        await files.requireRoom(request.sizeBytes);
        const row: FirmwareRow = {
          ...rest,
          firmwareId: randomUUID(),
          config: Buffer.from(configBase64, 'base64'),
          state: 'uploading',
          uploadedBy: station,
          createdMs: now(),
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
        if (chunk.totalBytes !== row.sizeBytes) throw otherFacts();
        const receivedBytes = await receivedOf(row);
        const end = chunk.offset + chunk.bytes.length;
        // Its answer was lost, or another station was faster: what is here needs no second time.
        if (end <= receivedBytes) return reply(row);
        if (chunk.offset !== receivedBytes || end > row.sizeBytes) throw notDue(receivedBytes);
        if (createHash('sha256').update(chunk.bytes).digest('hex') !== chunk.sha256) {
          throw new RegistryError(
            'bad-input',
            'the chunk is not what its hash says: it was changed on the way',
            'Send it again.',
            { receivedBytes, damaged: true },
          );
        }
        await files.append(firmwareId, chunk.bytes);
        return { ...(await reply(row)), receivedBytes: end };
      }),

    complete: (firmwareId) =>
      sequencer.run(firmwareId, async () => {
        const row = rowOf(firmwareId);
        if (row.state !== 'uploading') return view(row);
        const receivedBytes = await receivedOf(row);
        if (receivedBytes < row.sizeBytes) throw notDue(receivedBytes);
        // Of a content that another product has, or that a kill left without its record, the hash was checked then.
        if (!(await files.hasContent(row.sha256, row.sizeBytes))) {
          const facts = await files.inspect(firmwareId);
          const fits =
            facts.sizeBytes === row.sizeBytes && facts.sha256 === row.sha256 && facts.md5 === row.md5;
          if (!fits) {
            await files.drop(firmwareId);
            throw new RegistryError(
              'conflict',
              'what arrived is not what was announced: its hash differs',
              'Send it again from the beginning.',
              { receivedBytes: 0, damaged: true },
            );
          }
          requireFreeVersion(row);
          await files.keep(firmwareId, row.sha256);
        }
        store.write(() => {
          requireFreeVersion(row);
          store.firmware.setComplete(firmwareId, now());
        });
        await files.drop(firmwareId);
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
      store.write(() => store.firmware.dropStale(now() - STALE_MS));
      await files.sweep((firmwareId) => store.firmware.byId(firmwareId)?.state === 'uploading');
    },
  };
}

function notDue(receivedBytes: number): RegistryError {
  return new RegistryError('conflict', `byte ${receivedBytes} is due next`, 'Continue from there.', {
    receivedBytes,
  });
}

function otherFacts(): RegistryError {
  return new RegistryError(
    'conflict',
    'this content was announced with another size or MD5',
    'Import the package again at the station.',
    { facts: true },
  );
}
