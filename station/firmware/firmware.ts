import { basename, posix } from 'node:path';
import type {
  FirmwareDetails,
  FirmwareFieldChanges,
  FirmwareFieldMap,
  FirmwareJob,
  FirmwareTopicState,
  FirmwareView,
} from '#shared/contract/index.ts';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { Fault } from '#shared/domain/fault.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { FLASHER_ARGS_NAME } from '#shared/domain/flasher-args.ts';
import { CONFIG_NAME } from '#shared/domain/firmware.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { UploadStore } from '../core/uploads/index.ts';
import type { Platform } from '../core/platform/index.ts';
import {
  type FirmwareRegistry,
  type RegistryClient,
  registryNotConfigured,
} from '../registry-sync/client/index.ts';
import type { FirmwareRow, FirmwareUploadRow, WritableDatabase } from '../core/database/index.ts';
import { createContentStore } from '../core/content-store/index.ts';
import { FIRMWARE_CONTENTS } from './firmware-contents.ts';
import { type ExportedFile, exportFiles } from './export-files.ts';
import { checkNames, type FirmwareNames, importPackage, nameFirmware } from './import-package.ts';
import { BackgroundJobs } from './background-jobs.ts';
import { changeFieldMap } from './field-map.ts';
import { FIELD_MAP, readFirmware } from './read-firmware.ts';
import { type UploadProgress, uploadPackage } from './upload-package.ts';
import { sha256InFileId } from './views.ts';

export interface FirmwareOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly uploads: UploadStore;
  readonly registry: () => RegistryClient | null;
  /** Address of the registry this station is bound to. */
  readonly registryUrl: () => string | null;
  readonly publish: (
    delta: { kind: 'package'; package: FirmwareView } | { kind: 'job'; job: FirmwareJob },
  ) => void;
  /** See `PackageUploadOptions`; for tests. */
  readonly retryDelaysMs?: readonly number[];
}

export interface ImportRequest extends FirmwareNames {
  readonly fields?: FirmwareFieldMap | undefined;
}

/** The firmware of this station. The id of a firmware is its SHA-256, or the first digits of it: 6 or more, in either case. */
export interface Firmware {
  state(): FirmwareTopicState;
  /** Faults: `not-found`, `bad-input` when the digits are ambiguous. */
  get(id: string): FirmwareDetails;
  /** See `importPackage`. */
  importFrom(
    paths: readonly string[],
    request: ImportRequest,
    onProgress: (doneBytes: number, totalBytes: number) => void,
    by: Actor,
    signal: AbortSignal,
  ): Promise<{
    readonly firmware: FirmwareView;
    readonly added: boolean;
    readonly skippedFiles: readonly string[];
  }>;
  /** Imports uploaded files in a job; returns its id. Faults: `not-found`, `bad-input`. */
  startImport(fileIds: readonly string[], request: ImportRequest, by: Actor): string;
  /** See `nameFirmware`. Faults also: `not-found`, `bad-input`. */
  describe(id: string, names: FirmwareNames, by: Actor): FirmwareView;
  /** See `uploadPackage`. Faults also: `not-found`, `not-configured`, `bad-input` without a product or a version. */
  upload(
    id: string,
    onProgress: (progress: UploadProgress) => void,
    by: Actor,
    signal: AbortSignal,
  ): Promise<FirmwareView>;
  /** Uploads in a job; returns its id, also when it is running already. Faults: those of `upload` before its start. */
  startUpload(id: string, by: Actor): string;
  /** Cancels a job; does nothing when it has ended or is unknown. */
  cancel(jobId: string): void;
  /** Faults: `not-found`, `not-configured`, `bad-input` before the upload, those of `RegistryClient`. */
  setOnline(id: string, online: boolean, by: Actor, signal: AbortSignal): Promise<FirmwareView>;
  /**
   * Writes the firmware, its `ota_cfg.json` and its documents into a folder, or only the file with this path inside the
   * package; returns the paths of what it wrote.
   * Faults: `not-found`, those of `exportFiles`.
   */
  exportTo(id: string, dir: string, path: string | undefined): Promise<string[]>;
  /** A document by the file id of `FirmwareDetails`; null for another id. */
  documentFile(fileId: string): OutgoingFile | null;
  /** The meaning of the fields of `ota_cfg.json` at this station. */
  fields(): FirmwareFieldMap;
  /** Replaces all meanings, for imports from now on, and records that in the audit trail. */
  setFields(fields: FirmwareFieldMap, by: Actor): void;
  /** Changes the given meanings, as `setFields` does, and leaves the others; returns the whole map. */
  changeFields(changes: FirmwareFieldChanges, by: Actor): FirmwareFieldMap;
  /** Cancels all jobs and waits for their end. */
  close(): Promise<void>;
}

export function createFirmware(options: FirmwareOptions): Firmware {
  const { database, platform, audit } = options;
  const contents = createContentStore(platform.paths.dataDir, FIRMWARE_CONTENTS);
  contents.sweep(
    (sha256) =>
      database.firmware.findBySha256(sha256) !== null ||
      database.firmware.findDocument(sha256) !== null ||
      database.firmware.isKeptForBatch(sha256),
  );
  const jobs = new BackgroundJobs(platform, (job) => options.publish({ kind: 'job', job }));
  const nowMs = (): number => platform.clock.nowMs();

  const { find, fields, viewOf, get, list } = readFirmware(database, options.registryUrl);
  const publishRow = (row: FirmwareRow): FirmwareView => {
    const view = viewOf(row);
    options.publish({ kind: 'package', package: view });
    return view;
  };
  function setFields(next: FirmwareFieldMap, by: Actor): void {
    const details = Object.fromEntries(
      Object.entries(next).map(([meaning, path]) => [meaning, path ?? null]),
    );
    database.transaction(() => {
      database.meta.set(FIELD_MAP, JSON.stringify(next));
      audit.record(by, 'settings.firmware-fields', FIELD_MAP, details);
    });
  }
  const requireBound = (): { registry: FirmwareRegistry; url: string } => {
    const registry = options.registry();
    const url = options.registryUrl();
    if (registry !== null && url !== null) return { registry: registry.firmware, url };
    throw registryNotConfigured();
  };
  const recordAction = (
    by: Actor,
    action: 'describe' | 'import' | 'offline' | 'online' | 'upload',
    { sha256, productId, version }: FirmwareRow,
    more: Record<string, string | null> = {},
  ): void => audit.record(by, `firmware.${action}`, sha256, { productId, version, ...more });

  const importFrom: Firmware['importFrom'] = async (paths, request, onProgress, by, signal) => {
    const packageImport = { ...request, paths, fieldMap: request.fields ?? fields(), importedBy: by.user };
    const newId = (): string => platform.random.id();
    const onStored = (row: FirmwareRow, added: boolean): void => {
      if (added) recordAction(by, 'import', row, { file: row.fileName });
    };
    const { row, added, skippedFiles } = await importPackage(
      { database, contents, nowMs, newId, onStored },
      packageImport,
      onProgress,
      signal,
    );
    return { firmware: publishRow(row), added, skippedFiles };
  };

  const upload: Firmware['upload'] = async (id, onProgress, by, signal) => {
    const row = find(id);
    const { productId, version } = row;
    if (productId === null || version === null) throw missingNames(row);
    const { registry, url } = requireBound();
    const startedAtMs = nowMs();
    const saveUpload = (change: Partial<FirmwareUploadRow>): void => {
      const base: FirmwareUploadRow = database.firmware.findUpload(row.sha256, url) ?? {
        sha256: row.sha256,
        registryUrl: url,
        registryFirmwareId: null,
        state: 'uploading',
        received: 0,
        registrySha256: null,
        startedAtMs,
        completedAtMs: null,
      };
      database.firmware.putUpload({ ...base, ...change });
    };
    const view = await uploadPackage(
      {
        registry,
        clock: platform.clock,
        path: contents.pathOf(row.sha256),
        ...(options.retryDelaysMs === undefined ? {} : { retryDelaysMs: options.retryDelaysMs }),
      },
      { ...row, productId, version },
      onProgress,
      ({ firmwareId, receivedBytes, state }) => {
        // A complete upload is saved below, with the hash that the registry found.
        if (state !== 'uploading') return;
        database.transaction(() => saveUpload({ registryFirmwareId: firmwareId, received: receivedBytes }));
        publishRow(row);
      },
      signal,
    );
    database.transaction(() => {
      saveUpload({
        registryFirmwareId: view.firmwareId,
        state: view.state === 'online' ? 'online' : 'offline',
        received: view.sizeBytes,
        registrySha256: view.sha256,
        completedAtMs: nowMs(),
      });
      recordAction(by, 'upload', row, { registry: url });
    });
    return publishRow(row);
  };

  return {
    state: () => ({ packages: list(), jobs: [] }),
    get,
    importFrom,
    startImport(fileIds, request, by) {
      checkNames(request);
      const uploadedFiles = options.uploads.take(fileIds, by.user);
      const title = basename(uploadedFiles.paths[0] ?? '');
      return jobs.start({ kind: 'import', title, firmwareId: null }, async (onProgress, signal) => {
        using files = uploadedFiles;
        const { firmware, added } = await importFrom(
          files.paths,
          request,
          (doneBytes, totalBytes) => onProgress({ stage: 'reading', doneBytes, totalBytes }),
          by,
          signal,
        );
        return { firmwareId: firmware.firmwareId, added };
      });
    },
    describe(id, names, by) {
      const checkedNames = checkNames(names);
      return publishRow(
        database.transaction(() => {
          const before = find(id);
          const row = nameFirmware(database, before, checkedNames);
          if (row !== before) recordAction(by, 'describe', row);
          return row;
        }),
      );
    },
    upload,
    startUpload(id, by) {
      const row = find(id);
      if (row.productId === null || row.version === null) throw missingNames(row);
      requireBound();
      return (
        jobs.find('upload', row.sha256) ??
        jobs.start(
          { kind: 'upload', title: row.fileName, firmwareId: row.sha256 },
          async (onProgress, signal) => {
            await upload(row.sha256, onProgress, by, signal);
            return {};
          },
        )
      );
    },
    cancel: (jobId) => jobs.cancel(jobId),
    async setOnline(id, online, by, signal) {
      const row = find(id);
      const { registry, url } = requireBound();
      const uploadRow = database.firmware.findUpload(row.sha256, url);
      if (uploadRow === null || uploadRow.registryFirmwareId === null || uploadRow.state === 'uploading') {
        throw new Fault('bad-input', `${row.fileName} is not at the registry yet`, {
          hint: 'Upload it first, on the page of the firmware or with "firmware upload".',
        });
      }
      const { state } = await registry.setState(
        uploadRow.registryFirmwareId,
        online ? 'online' : 'offline',
        signal,
      );
      database.transaction(() => {
        database.firmware.putUpload({ ...uploadRow, state: state === 'online' ? 'online' : 'offline' });
        recordAction(by, online ? 'online' : 'offline', row, { registry: url });
      });
      return publishRow(row);
    },
    async exportTo(id, dir, onlyPath) {
      const row = find(id);
      const documents = database.firmware.listDocuments(row.sha256);
      const files: ExportedFile[] = [
        { path: row.fileName, content: { file: contents.pathOf(row.sha256) } },
        // The list of a build of ESP-IDF is among the documents.
        ...(documents.some((one) => one.path === FLASHER_ARGS_NAME && one.sha256 === sha256Hex(row.config))
          ? []
          : [{ path: CONFIG_NAME, content: { bytes: row.config } }]),
        ...documents.map(({ path, sha256 }) => ({ path, content: { file: contents.pathOf(sha256) } })),
      ];
      const wanted = files.filter(({ path }) => onlyPath === undefined || path === onlyPath);
      if (wanted.length > 0) return exportFiles(wanted, dir);
      throw new Fault('not-found', `the package has no file ${onlyPath ?? ''}`, {
        hint: `It has ${files.map(({ path }) => path).join(', ')}.`,
      });
    },
    documentFile(fileId) {
      const sha256 = sha256InFileId(fileId);
      const document = sha256 === null ? null : database.firmware.findDocument(sha256);
      if (document === null) return null;
      const name = posix.basename(document.path);
      return { path: contents.pathOf(document.sha256), name, type: 'application/octet-stream' };
    },
    fields,
    setFields,
    changeFields(changes, by) {
      setFields(changeFieldMap(fields(), changes), by);
      return fields();
    },
    close: () => jobs[Symbol.asyncDispose](),
  };
}

function missingNames(row: FirmwareRow): Fault {
  const names = [
    { name: 'product', value: row.productId, invalidText: row.invalidProduct },
    { name: 'version', value: row.version, invalidText: row.invalidVersion },
  ].filter(({ value }) => value === null);
  const reasons = names.map(({ name, invalidText }) =>
    invalidText === null
      ? `its package has no ${name}`
      : `the ${name} "${invalidText}" of its package is not valid`,
  );
  return new Fault('bad-input', `${row.fileName} cannot be uploaded: ${reasons.join(', and ')}`, {
    hint: 'Enter it on the page of the firmware or with --product and --version, or map the fields of its ota_cfg.json.',
    details: { missing: names.map(({ name }) => name).join(' and ') },
  });
}
