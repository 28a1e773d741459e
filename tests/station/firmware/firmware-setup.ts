import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FirmwareJob, FirmwareView } from '#shared/contract/index.ts';
import { createNodePlatform } from '#station';
import { createAuditTrail } from '../../../station/core/audit-log/index.ts';
import { UploadStore } from '../../../station/core/uploads/index.ts';
import { createFirmware, type Firmware, type FirmwareOptions } from '../../../station/firmware/index.ts';
import type { RegistryClient } from '../../../station/registry-sync/client/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../station/core/database/index.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { zipBytes, type ZipEntry } from './zip-bytes.ts';
import { Changes } from '../../support/until.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

export const LI = { user: 'Li', role: 'engineer' } as const;

export type Told = { kind: 'package'; package: FirmwareView } | { kind: 'job'; job: FirmwareJob };

/** The firmware of a station, on a data directory of its own. */
export interface FirmwareSetup extends AsyncDisposable {
  readonly dir: string;
  readonly dataDir: string;
  readonly database: WritableDatabase;
  readonly uploads: UploadStore;
  readonly firmware: Firmware;
  readonly told: Told[];
  /** Resolves with the first thing told that fits, past or to come. */
  until(fits: (told: Told) => boolean): Promise<Told>;
  /** Writes a file and returns its path. */
  write(name: string, bytes: Uint8Array): string;
  import(path: string, request?: Parameters<Firmware['importFrom']>[1]): ReturnType<Firmware['importFrom']>;
  /** Files of contents, without what belongs to nothing. */
  contents(): string[];
}

export function openFirmware(
  options: {
    /** Of a setup before this one; its own when left out. */
    readonly dataDir?: string;
    readonly registry?: RegistryClient | null;
    readonly registryUrl?: string;
    readonly retryDelaysMs?: readonly number[];
  } = {},
): FirmwareSetup {
  const temp = tempDir('firmware');
  const dataDir = options.dataDir ?? join(temp.path, 'data');
  const database = openStationDatabase(dataDir);
  const platform = createNodePlatform(dataDir);
  const uploads = new UploadStore(dataDir, () => platform.random.id());
  const told: Told[] = [];
  const changes = new Changes();
  const parts: FirmwareOptions = {
    database,
    platform,
    audit: createAuditTrail(database, platform.clock),
    uploads,
    registry: () => options.registry ?? null,
    registryUrl: () => (options.registry == null ? null : (options.registryUrl ?? 'http://registry')),
    publish(delta) {
      told.push(delta);
      changes.notify();
    },
    ...(options.retryDelaysMs === undefined ? {} : { retryDelaysMs: options.retryDelaysMs }),
  };
  const firmware = createFirmware(parts);
  return {
    dir: temp.path,
    dataDir,
    database,
    uploads,
    firmware,
    told,
    until: (fits) =>
      changes.until(
        () => told.find(fits),
        () => `told only ${JSON.stringify(told)}`,
      ),
    write(name, bytes) {
      const path = join(temp.path, name);
      writeFileSync(path, bytes);
      return path;
    },
    import: (path, request = {}) => firmware.importFrom([path], request, () => undefined, LI, NEVER_ABORTED),
    contents() {
      const dir = join(dataDir, 'firmware');
      return existsSync(dir) ? readdirSync(dir).sort() : [];
    },
    async [Symbol.asyncDispose]() {
      await firmware.close();
      // A test that opens the directory again has closed it before.
      database.close();
      temp[Symbol.dispose]();
    },
  };
}

/** A firmware with the header of protocols 7.4, written here by hand: another encoder than the simulator's. */
export function otaBytes(
  options: { readonly version?: string; readonly body?: Buffer; readonly type?: string } = {},
): Buffer {
  const body = options.body ?? Buffer.from('a body of no great length');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  const text = (value: string, bytes: number): Buffer =>
    Buffer.concat([Buffer.from(value), Buffer.alloc(bytes)]).subarray(0, bytes);
  return Buffer.concat([
    Buffer.from('BL60X_OTA_Ver1.0'),
    text(options.type ?? 'RAW ', 4),
    length,
    Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]),
    text('JX-12F', 16),
    text(options.version ?? '1.0.3', 16),
    createHash('sha256').update(body).digest(),
    Buffer.alloc(512 - 96, 0xff),
    body,
  ]);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** The two entries of a sound package. */
export function packageOf(
  ota: Buffer,
  config: string | object = { productId: 'CS0SLTKSYA', version: '1.0.3' },
): ZipEntry[] {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  return [
    { name: 'fw.bin.ota', data: ota, deflate: true },
    { name: 'ota_cfg.json', data: Buffer.from(text), deflate: true },
  ];
}

export function packageBytes(ota: Buffer, config?: string | object): Buffer {
  return zipBytes(packageOf(ota, config));
}
