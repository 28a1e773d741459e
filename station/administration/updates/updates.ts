import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { Sequencer } from '#node-kit/async/index.ts';
import type { UpdateState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { compareVersions } from '#shared/domain/version.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import { checkBackup, type WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Slots } from '../../execution/slots/index.ts';
import { type Health, DISK_LIMITS, freeBytes, megabytes } from '../health/index.ts';
import { backupStamp } from '../recovery/index.ts';
import { requireIdle } from '../reopening/index.ts';
import { download, MAX_INSTALLER_BYTES, verifyInstaller } from './download.ts';
import {
  chooseInstaller,
  type Feed,
  type FeedFile,
  feedName,
  type InstallTarget,
  parseFeed,
} from './feed.ts';
import { checkedSource, openSource } from './source.ts';

/** Keys in the table `meta`; persisted. */
const SOURCE = 'updates.source';
const READY = 'updates.ready';
const MAX_FEED_BYTES = 256 * 1024;
/** Pages are told of a download at these steps, not of each piece. */
const PROGRESS_BYTES = 512 * 1024;

const stored = z.object({
  version: z.string(),
  fileName: z.string(),
  sha512: z.string(),
  sizeBytes: z.number(),
});
type Ready = z.infer<typeof stored>;

/** What a source offers for this computer. */
interface FoundUpdate {
  readonly source: string;
  readonly feed: Feed;
  readonly file: FeedFile;
}

/** Opens a verified installer at the computer, outside of this process. Faults: `tool-missing` when that fails. */
export type OpenInstaller = (path: string) => Promise<void>;

export interface UpdatesOptions {
  readonly platform: Platform;
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly health: Health;
  readonly slots: Slots;
  readonly appVersion: string;
  readonly dataVersion: number;
  readonly target: InstallTarget;
  /** Absent where a person opens the installer. */
  readonly openInstaller: OpenInstaller | undefined;
  readonly publish: (state: UpdateState) => void;
}

/** Finds, downloads and verifies newer versions of the program, and hands their installers over. Nothing is installed by itself. */
export class Updates {
  readonly #options: UpdatesOptions;
  readonly #folder: string;
  readonly #turns = new Sequencer();
  #checkedAtMs: number | null = null;
  #found: FoundUpdate | null = null;
  #download: {
    readonly abort: AbortController;
    version: string;
    bytes: number;
    totalBytes: number | null;
  } | null = null;
  #downloading: Promise<void> = Promise.resolve();
  #isInstalling = false;
  #fault: Fault | null = null;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#folder = join(options.platform.paths.dataDir, 'updates');
    this.#tidy();
  }

  state(): UpdateState {
    const { appVersion, dataVersion, openInstaller } = this.#options;
    const ready = this.#ready();
    const { feed, file } = this.#found ?? {};
    return {
      source: this.#options.database.meta.get(SOURCE) || null,
      running: { version: appVersion, data: dataVersion },
      checkedAtMs: this.#checkedAtMs,
      offer:
        feed === undefined || file === undefined
          ? null
          : {
              version: feed.version,
              verdict: this.#verdictOf(feed.version),
              releasedAtMs: feed.releasedAtMs,
              notes: feed.notes,
              fileName: file.url,
              sizeBytes: file.size ?? null,
            },
      download:
        this.#download === null
          ? null
          : {
              version: this.#download.version,
              bytes: this.#download.bytes,
              totalBytes: this.#download.totalBytes,
            },
      fault: this.#fault?.toView() ?? null,
      ready:
        ready === null
          ? null
          : { version: ready.version, path: join(this.#folder, ready.fileName), sizeBytes: ready.sizeBytes },
      canOpenInstaller: openInstaller !== undefined,
    };
  }

  /** A source that is set again is no change. Faults: `bad-input`. */
  setSource(text: string | null, by: Actor): UpdateState {
    const { database, audit } = this.#options;
    const [from, to] = [database.meta.get(SOURCE) || null, text === null ? null : checkedSource(text)];
    if (from === to) return this.state();
    database.transaction(() => {
      audit.record(by, 'settings.updates', SOURCE, { from, to });
      database.meta.set(SOURCE, to ?? '');
    });
    this.cancel();
    this.#found = null;
    this.#checkedAtMs = null;
    return this.#publish();
  }

  /** Faults: `not-configured`, `update-unreachable`, `update-invalid`. */
  check(signal: AbortSignal): Promise<UpdateState> {
    return this.#turns.run(async () => {
      const source = this.#requireSource();
      const name = feedName(this.#options.target);
      const text = await openSource(source).readText(name, MAX_FEED_BYTES, signal);
      const feed = parseFeed(text, name);
      const file = chooseInstaller(feed, this.#options.target);
      this.#found = file === null ? null : { source, feed, file };
      this.#checkedAtMs = this.#options.platform.clock.nowMs();
      return this.#publish();
    }, signal);
  }

  /** Begins the download of what was offered. Faults: `not-configured`, `update-older`, `disk-full`, `data-busy`. */
  startDownload(by: Actor): UpdateState {
    const found = this.#found;
    if (found === null)
      throw new Fault('not-configured', 'no update was found', { hint: 'Check for updates first.' });
    if (this.#download !== null)
      throw new Fault('data-busy', 'an update is downloaded already', { hint: 'Wait for it, or cancel it.' });
    if (this.#isInstalling)
      throw new Fault('data-busy', 'an update is installed now', {
        hint: 'Wait until its installer is open.',
      });
    this.#requireNewer(found.feed.version);
    const total = found.file.size ?? null;
    this.#requireSpace(total);
    const abort = new AbortController();
    this.#download = { abort, version: found.feed.version, bytes: 0, totalBytes: total };
    this.#fault = null;
    this.#downloading = this.#run(found, by, abort.signal);
    return this.#publish();
  }

  /** Ends a download and removes its part. */
  cancel(): UpdateState {
    this.#download?.abort.abort(new Fault('cancelled', 'the download was cancelled'));
    return this.state();
  }

  /**
   * Hands the installer over after a backup. Until then no other one is downloaded, which could have its name.
   * Faults: `not-found`, `data-busy`, `update-invalid`, `update-older`, `slot-busy`, those of a backup, `tool-missing`.
   */
  install(by: Actor, signal: AbortSignal): Promise<{ isOpened: boolean; path: string; backup: string }> {
    return this.#turns.run(async () => {
      if (this.#download !== null)
        throw new Fault('data-busy', 'an update is downloaded now', { hint: 'Wait for it, or cancel it.' });
      this.#isInstalling = true;
      try {
        return await this.#install(by, signal);
      } finally {
        this.#isInstalling = false;
      }
    }, signal);
  }

  async #install(
    by: Actor,
    signal: AbortSignal,
  ): Promise<{ isOpened: boolean; path: string; backup: string }> {
    const { slots, health, platform, database, audit, openInstaller, appVersion } = this.#options;
    const ready = this.#ready();
    if (ready === null)
      throw new Fault('not-found', 'no update was downloaded', { hint: 'Download it first.' });
    requireIdle(slots);
    this.#requireNewer(ready.version);
    const path = join(this.#folder, ready.fileName);
    await this.#verify(path, ready, signal);
    const backup = await health.backUp(backupStamp(platform.clock.nowMs()), by, { signal });
    await checkBackup(backup, { signal });
    // The file may have been changed during the backup, which takes longer than anything else here.
    await this.#verify(path, ready, signal);
    // A unit may have been started meanwhile.
    requireIdle(slots);
    database.transaction(() =>
      audit.record(by, 'update.install', ready.version, { from: appVersion, backup: basename(backup) }),
    );
    await openInstaller?.(path);
    return { isOpened: openInstaller !== undefined, path, backup: basename(backup) };
  }

  async #verify(path: string, ready: Ready, signal: AbortSignal): Promise<void> {
    try {
      await verifyInstaller(path, { ...ready, name: ready.fileName }, signal);
    } catch (error) {
      if (error instanceof Fault && error.code === 'update-invalid') this.#forget();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.cancel();
    await this.#downloading;
  }

  async #run({ source, feed, file }: FoundUpdate, by: Actor, signal: AbortSignal): Promise<void> {
    const { database, audit, platform } = this.#options;
    let shownBytes = 0;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const { sizeBytes } = await download(
        openSource(source).read(file.url, signal),
        join(this.#folder, file.url),
        { name: file.url, sha512: file.sha512, sizeBytes: file.size ?? null },
        (bytes) => {
          if (this.#download !== null) this.#download.bytes = bytes;
          if (bytes - shownBytes < PROGRESS_BYTES) return;
          shownBytes = bytes;
          this.#publish();
        },
        signal,
      );
      const ready: Ready = { version: feed.version, fileName: file.url, sha512: file.sha512, sizeBytes };
      database.transaction(() => {
        audit.record(by, 'update.download', feed.version, { source, file: file.url, sha512: file.sha512 });
        database.meta.set(READY, JSON.stringify(ready));
      });
      this.#tidy();
    } catch (error) {
      if (signal.aborted) this.#fault = null;
      else if (error instanceof Fault) this.#fault = error;
      else {
        platform.log.error('update.download', error);
        this.#fault = new Fault('internal', 'the download ended with a defect', { cause: error });
      }
    } finally {
      this.#download = null;
      this.#publish();
    }
  }

  #requireSource(): string {
    const source = this.#options.database.meta.get(SOURCE) || null;
    if (source !== null) return source;
    throw new Fault('not-configured', 'no source of updates is set', {
      hint: 'Type the address or the folder of the updates.',
    });
  }

  #verdictOf(version: string): 'newer' | 'same' | 'older' {
    const difference = compareVersions(version, this.#options.appVersion);
    return difference > 0 ? 'newer' : difference === 0 ? 'same' : 'older';
  }

  #requireNewer(version: string): void {
    const verdict = this.#verdictOf(version);
    if (verdict === 'newer') return;
    const { appVersion } = this.#options;
    throw new Fault(
      'update-older',
      `${version} is ${verdict === 'same' ? 'what runs already' : `older than ${appVersion}`}`,
      {
        hint: 'An older program cannot read the data of a newer one. To go back, restore a backup of its time with it.',
        details: { version, running: appVersion },
      },
    );
  }

  /** The installer, and what production needs. */
  #requireSpace(totalBytes: number | null): void {
    const free = freeBytes(this.#options.platform.paths.dataDir);
    const needed = (totalBytes ?? MAX_INSTALLER_BYTES) + DISK_LIMITS.lowBytes;
    if (free === null || free >= needed) return;
    throw new Fault(
      'disk-full',
      `${megabytes(free)} MB are free, and the update needs ${megabytes(needed)} MB`,
      {
        hint: 'Free space on this disk.',
      },
    );
  }

  /** The installer that is there; `null` when there is none, or when its version runs now. */
  #ready(): Ready | null {
    const text = this.#options.database.meta.get(READY) || null;
    const ready = text === null ? null : (stored.safeParse(JSON.parse(text)).data ?? null);
    if (ready === null || this.#verdictOf(ready.version) !== 'newer') return null;
    const size = statSync(join(this.#folder, ready.fileName), { throwIfNoEntry: false })?.size;
    return size === ready.sizeBytes ? ready : null;
  }

  #forget(): void {
    this.#options.database.meta.set(READY, '');
    this.#tidy();
    this.#publish();
  }

  /** Removes installers and parts that are of no use any longer. */
  #tidy(): void {
    const kept = this.#ready()?.fileName ?? null;
    for (const name of listFolder(this.#folder))
      if (name !== kept) rmSync(join(this.#folder, name), { force: true, recursive: true });
  }

  #publish(): UpdateState {
    const state = this.state();
    this.#options.publish(state);
    return state;
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
