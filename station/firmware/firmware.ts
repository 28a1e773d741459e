import type {
  FirmwareDetails,
  FirmwareFieldMap,
  FirmwareJob,
  FirmwareTopicState,
  FirmwareView,
} from '#shared/contract/index.ts';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { Fault } from '#shared/domain/fault.ts';
import { CONFIG_NAME } from '#shared/domain/firmware.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { UploadStore } from '../core/uploads/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { FirmwareRegistry, RegistryClient } from '../registry-sync/client/index.ts';
import type { FirmwareRow, FirmwareUploadRow, WritableDatabase } from '../core/database/index.ts';
import { createContentStore } from './content-store.ts';
import { type PackageContent, exportFiles } from './export-files.ts';
import { checkedNames, type FirmwareNames, importPackage, nameFirmware } from './import-package.ts';
import { createBackgroundJobs } from './background-jobs.ts';
import { INITIAL_FIELD_MAP } from './field-map.ts';
import { baseName } from './pick-files.ts';
import { type UploadProgress, uploadPackage } from './upload-package.ts';
import { sha256InFileId, toDetails, toView } from './views.ts';

const FIELD_MAP = 'firmware.fields';

/** Who asks; goes into the audit trail. */
export interface Actor {
  readonly user: string;
  readonly role: string;
}

export interface FirmwareParts {
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
  /** For tests that do not want to wait. */
  readonly retryPausesMs?: readonly number[];
}

export interface ImportRequest extends FirmwareNames {
  readonly fields?: FirmwareFieldMap | undefined;
}

/** The firmware of this station. A package goes by its SHA-256, or by the beginning of it when that says which. */
export interface Firmware {
  state(): FirmwareTopicState;
  /** Faults: `not-found`, `bad-input` when a beginning fits several. */
  get(id: string): FirmwareDetails;
  /** See `importPackage`. */
  importFrom(
    paths: readonly string[],
    request: ImportRequest,
    actor: Actor,
    onProgress: (doneBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ): Promise<{
    readonly firmware: FirmwareView;
    readonly added: boolean;
    readonly passedOver: readonly string[];
  }>;
  /** The same for files that a page dropped, in the background; returns the job. Faults: `not-found`. */
  startImport(fileIds: readonly string[], request: ImportRequest, actor: Actor): string;
  /** Faults: `firmware-invalid` when a registry has it under another name, or the version is taken. */
  describe(id: string, names: FirmwareNames, actor: Actor): FirmwareView;
  /** See `uploadPackage`. Faults also: `not-configured`, `bad-input` when product or version are not known yet. */
  upload(
    id: string,
    actor: Actor,
    onProgress: (progress: UploadProgress) => void,
    signal: AbortSignal,
  ): Promise<FirmwareView>;
  /** The same in the background; one upload per package at a time. */
  startUpload(id: string, actor: Actor): string;
  cancel(jobId: string): void;
  /** Faults: `bad-input` before it was uploaded, those of `FirmwareRegistry`. */
  setOnline(id: string, online: boolean, actor: Actor, signal: AbortSignal): Promise<FirmwareView>;
  /**
   * Writes the firmware, its `ota_cfg.json` and its documents into a folder, or only the one at `only`; returns where
   * they are. Faults: `not-found`, and those of `exportFiles`.
   */
  exportTo(id: string, dir: string, only: string | undefined): Promise<string[]>;
  /** A document by the id that its details name; `null` for any other id. */
  documentFile(fileId: string): OutgoingFile | null;
  fields(): FirmwareFieldMap;
  setFields(fields: FirmwareFieldMap, actor: Actor): void;
  close(): Promise<void>;
}

export function createFirmware(parts: FirmwareParts): Firmware {
  const { database, platform, audit } = parts;
  const contents = createContentStore(platform.paths.dataDir);
  contents.sweep(
    (sha256) =>
      database.firmware.findBySha256(sha256) !== null || database.firmware.findDocument(sha256) !== null,
  );
  const jobs = createBackgroundJobs(platform, (job) => parts.publish({ kind: 'job', job }));
  const nowMs = (): number => platform.clock.nowMs();

  const uploadOf = (sha256: string): FirmwareUploadRow | null => {
    const url = parts.registryUrl();
    return url === null ? null : database.firmware.findUpload(sha256, url);
  };
  const viewOf = (row: FirmwareRow): FirmwareView => toView(row, uploadOf(row.sha256));
  const tell = (row: FirmwareRow): FirmwareView => {
    const view = viewOf(row);
    parts.publish({ kind: 'package', package: view });
    return view;
  };
  const fields = (): FirmwareFieldMap => {
    const kept = database.meta.get(FIELD_MAP);
    return kept === null ? INITIAL_FIELD_MAP : (JSON.parse(kept) as FirmwareFieldMap);
  };
  const find = (id: string): FirmwareRow => {
    const found = /^[0-9a-f]{6,64}$/.test(id) ? database.firmware.listByPrefix(id) : [];
    const [first, second] = found;
    if (first !== undefined && second === undefined) return first;
    if (first === undefined)
      throw new Fault('not-found', `there is no firmware ${id}`, { hint: 'List them with "firmware list".' });
    throw new Fault('bad-input', `${found.length} packages begin with ${id}`, {
      hint: 'Give more of the id.',
    });
  };
  const bound = (): { registry: FirmwareRegistry; url: string } => {
    const registry = parts.registry();
    const url = parts.registryUrl();
    if (registry !== null && url !== null) return { registry: registry.firmware, url };
    throw new Fault('not-configured', 'this station is bound to no registry', {
      hint: 'Bind it with "station configure --registry URL --token-file FILE".',
    });
  };
  const note = (
    actor: Actor,
    action: string,
    row: FirmwareRow,
    more: Record<string, string | null> = {},
  ): void =>
    audit.append({
      actor: actor.user,
      role: actor.role,
      action: `firmware.${action}`,
      subject: row.sha256,
      details: { productId: row.productId, version: row.version, ...more },
    });

  const importFrom: Firmware['importFrom'] = async (paths, request, actor, onProgress, signal) => {
    const order = { ...request, paths, fieldMap: request.fields ?? fields(), importedBy: actor.user };
    const newId = (): string => platform.random.id();
    const onKept = (row: FirmwareRow, added: boolean): void => {
      if (added) note(actor, 'import', row, { file: row.fileName });
    };
    const { row, added, passedOver } = await importPackage(
      { database, contents, nowMs, newId, onKept },
      order,
      onProgress,
      signal,
    );
    return { firmware: tell(row), added, passedOver };
  };

  const upload: Firmware['upload'] = async (id, actor, onProgress, signal) => {
    const row = find(id);
    const { productId, version } = row;
    if (productId === null || version === null) throw unnamed(row);
    const { registry, url } = bound();
    const startedAt = nowMs();
    const remember = (change: Partial<FirmwareUploadRow>): void => {
      const base: FirmwareUploadRow = database.firmware.findUpload(row.sha256, url) ?? {
        sha256: row.sha256,
        registryUrl: url,
        firmwareId: null,
        state: 'uploading',
        received: 0,
        registrySha256: null,
        startedAt,
        completedAt: null,
      };
      database.firmware.putUpload({ ...base, ...change });
    };
    const view = await uploadPackage(
      {
        registry,
        clock: platform.clock,
        path: contents.pathOf(row.sha256),
        ...(parts.retryPausesMs === undefined ? {} : { retryPausesMs: parts.retryPausesMs }),
      },
      { ...row, productId, version },
      onProgress,
      ({ firmwareId, receivedBytes, state }) => {
        // One that is complete there is told by `complete`, with its hash.
        if (state !== 'uploading') return;
        database.transaction(() => remember({ firmwareId, received: receivedBytes }));
        tell(row);
      },
      signal,
    );
    database.transaction(() => {
      remember({
        firmwareId: view.firmwareId,
        state: view.state === 'online' ? 'online' : 'offline',
        received: view.sizeBytes,
        registrySha256: view.sha256,
        completedAt: nowMs(),
      });
      note(actor, 'upload', row, { registry: url });
    });
    return tell(row);
  };

  return {
    state: () => ({ packages: database.firmware.list().map(viewOf), jobs: [] }),
    get(id) {
      const row = find(id);
      return toDetails(row, uploadOf(row.sha256), fields(), database.firmware.listDocuments(row.sha256));
    },
    importFrom,
    startImport(fileIds, request, actor) {
      checkedNames(request);
      const taken = parts.uploads.take(fileIds, actor.user);
      const title = taken.paths[0]?.split(/[/\\]/).at(-1) ?? '';
      return jobs.start({ kind: 'import', title, firmwareId: null }, async (onProgress, signal) => {
        using files = taken;
        const { firmware, added } = await importFrom(
          files.paths,
          request,
          actor,
          (doneBytes, totalBytes) => onProgress({ stage: 'reading', doneBytes, totalBytes }),
          signal,
        );
        return { firmwareId: firmware.firmwareId, added };
      });
    },
    describe(id, names, actor) {
      const given = checkedNames(names);
      return tell(
        database.transaction(() => {
          const before = find(id);
          const row = nameFirmware(database, before, given);
          if (row !== before) note(actor, 'describe', row);
          return row;
        }),
      );
    },
    upload,
    startUpload(id, actor) {
      const row = find(id);
      if (row.productId === null || row.version === null) throw unnamed(row);
      bound();
      return (
        jobs.running('upload', row.sha256) ??
        jobs.start(
          { kind: 'upload', title: row.fileName, firmwareId: row.sha256 },
          async (onProgress, signal) => {
            await upload(row.sha256, actor, onProgress, signal);
            return {};
          },
        )
      );
    },
    cancel: (jobId) => jobs.cancel(jobId),
    async setOnline(id, online, actor, signal) {
      const row = find(id);
      const { registry, url } = bound();
      const known = database.firmware.findUpload(row.sha256, url);
      if (known === null || known.firmwareId === null || known.state === 'uploading') {
        throw new Fault('bad-input', `${row.fileName} is not at the registry yet`, {
          hint: 'Upload it first: "firmware upload".',
        });
      }
      const { state } = await registry.setState(known.firmwareId, online ? 'online' : 'offline', signal);
      database.transaction(() => {
        database.firmware.putUpload({ ...known, state: state === 'online' ? 'online' : 'offline' });
        note(actor, online ? 'online' : 'offline', row, { registry: url });
      });
      return tell(row);
    },
    async exportTo(id, dir, only) {
      const row = find(id);
      const parts: PackageContent[] = [
        { path: row.fileName, content: { file: contents.pathOf(row.sha256) } },
        { path: CONFIG_NAME, content: { bytes: row.config } },
        ...database.firmware
          .listDocuments(row.sha256)
          .map(({ path, sha256 }) => ({ path, content: { file: contents.pathOf(sha256) } })),
      ];
      const wanted = parts.filter(({ path }) => only === undefined || path === only);
      if (wanted.length > 0) return exportFiles(wanted, dir);
      throw new Fault('not-found', `the package holds no file ${only ?? ''}`, {
        hint: `It holds ${parts.map(({ path }) => path).join(', ')}.`,
      });
    },
    documentFile(fileId) {
      const sha256 = sha256InFileId(fileId);
      const found = sha256 === null ? null : database.firmware.findDocument(sha256);
      if (found === null) return null;
      const name = baseName(found.path);
      return { path: contents.pathOf(found.sha256), name, type: 'application/octet-stream' };
    },
    fields,
    setFields(next, actor) {
      database.transaction(() => {
        database.meta.set(FIELD_MAP, JSON.stringify(next));
        audit.append({
          actor: actor.user,
          role: actor.role,
          action: 'settings.firmware-fields',
          subject: FIELD_MAP,
          details: Object.fromEntries(Object.entries(next).map(([meaning, path]) => [meaning, path ?? null])),
        });
      });
    },
    close: () => jobs.close(),
  };
}

function unnamed(row: FirmwareRow): Fault {
  const missing = [row.productId === null ? 'product' : '', row.version === null ? 'version' : '']
    .filter((one) => one !== '')
    .join(' and ');
  const unfit = [
    row.productId === null ? row.productUnfit : null,
    row.version === null ? row.versionUnfit : null,
  ]
    .filter((one) => one !== null)
    .map((one) => `"${one}"`);
  const fits = unfit.length === 1 ? 'does not fit' : 'do not fit';
  const why =
    unfit.length === 0
      ? 'its package does not say'
      : `its package says ${unfit.join(' and ')}, which ${fits}`;
  return new Fault('bad-input', `the ${missing} of ${row.fileName} is not known: ${why}`, {
    hint: 'Say it with --product and --version, or map the fields of its ota_cfg.json.',
    details: { missing },
  });
}
