import { join } from 'node:path';
import { createYielder } from '#node-kit/async/index.ts';
import { asFileFault, makeDir, writeFileAtomic } from '#node-kit/files/index.ts';
import { visibleJson } from '#shared/codec/visible-text.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { createBackgroundReader, type BackgroundReader } from '../core/background-reads/index.ts';
import type { Platform } from '../core/platform/index.ts';
import { unsentMessagePages } from './unsent-messages.ts';

export interface WrittenMessages {
  readonly fileId: string;
  readonly name: string;
  readonly messages: number;
  readonly bytes: number;
}

/** A file for download. */
interface MessageFile {
  readonly path: string;
  readonly name: string;
  readonly type: string;
}

/** Files with all messages that the registry has not acknowledged, for pages. They are beside the reports, and removed with them. */
export class MessageExports {
  readonly #platform: Platform;
  readonly #reader: BackgroundReader;
  readonly #files = new Map<string, MessageFile>();

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#reader = createBackgroundReader(platform.paths.dataDir);
  }

  /**
   * Writes a new file, oldest message first, while the station goes on working.
   * Faults: `file-missing`, `file-denied`, `disk-full`, `disk-read-only`, `disk-failing`, the signal's reason.
   */
  async write(signal: AbortSignal): Promise<WrittenMessages> {
    throwIfAborted(signal);
    const { clock, random, log, paths } = this.#platform;
    const fileId = Buffer.from(random.bytes(16)).toString('hex');
    const time = new Date(clock.nowMs()).toISOString().slice(0, 19).replace(/[-:]/g, '');
    const name = `outbox_${time}Z_${fileId.slice(0, 6)}.jsonl`;
    const dir = join(paths.dataDir, 'exports');
    const path = join(dir, name);
    let messages = 0;
    makeDir(dir);
    const bytes = await this.#reader.read(async (database, readSignal) => {
      const yielder = createYielder(readSignal);
      async function* lines(): AsyncGenerator<string, void, undefined> {
        for (const page of unsentMessagePages(database)) {
          for (const message of page) yield `${visibleJson(message)}\n`;
          messages += page.length;
          await yielder.afterRows(page.length);
        }
      }
      try {
        return await writeFileAtomic(path, lines(), { signal: readSignal });
      } catch (error) {
        throw asFileFault(error, path, 'written', { 'disk-full': { hint: 'Free space and export again.' } });
      }
    }, signal);
    this.#files.set(fileId, { path, name, type: 'application/jsonl; charset=utf-8' });
    log.info('outbox.exported', { name, messages, bytes });
    return { fileId, name, messages, bytes };
  }

  /** A file that was written since the start of the station, by its id. */
  file(fileId: string): MessageFile | null {
    return this.#files.get(fileId) ?? null;
  }

  /** Aborts exports and waits until they have ended. */
  async close(): Promise<void> {
    await this.#reader.close();
  }
}
