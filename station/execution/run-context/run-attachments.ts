import { sha256Hex } from '#node-kit/crypto/index.ts';
import {
  attachmentName,
  type AttachmentSource,
  isTextual,
  MAX_ATTACHMENT_BYTES,
  MAX_ATTACHMENTS,
  MAX_RUN_ATTACHMENT_BYTES,
  sniffMediaType,
  uniqueAttachmentName,
} from '#shared/domain/attachment.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type AttachmentFiles, maskContent } from '../../core/attachments/index.ts';
import type { NewAttachment, ReadableDatabase } from '../../core/database/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { IoRequest, RunIo } from '../recording/index.ts';
import type { Photo, PhotoRequest } from './prompt.ts';

/** A file as it comes from a prompt, a script or a program. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What its maker says that it is; it decides between kinds of text only. */
  readonly said: string | null;
}

export interface RunAttachmentsOptions {
  readonly services: {
    readonly platform: { readonly clock: Pick<Clock, 'monotonicMs'> };
    readonly database: Pick<ReadableDatabase, 'attachments'>;
    readonly attachments: Pick<AttachmentFiles, 'store'>;
    readonly askPhoto: AskPhoto;
  };
  readonly io: Pick<RunIo, 'mask' | 'request'>;
  readonly run: {
    readonly runId: string;
    /** See `ActiveRun.baseAtMs`. */
    readonly baseAtMs: number;
    readonly request: { readonly slot: number };
  };
}

/** Asks the operator at a slot for a photo. Faults: `prompt-unanswered`, the signal's reason. */
export type AskPhoto = (
  run: { readonly slot: number; readonly runId: string },
  request: PhotoRequest,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Photo>;

/** A file whose secrets are hidden, before it is stored. */
interface PreparedFile {
  readonly attachment: Omit<NewAttachment, 'madeAtMs'>;
  readonly bytes: Uint8Array;
}

/** The files that one run keeps: their names, bounds and secrets. A recording has their digests and lengths. */
export class RunAttachments {
  readonly #options: RunAttachmentsOptions;
  readonly #names: Set<string>;
  readonly #startedMs: number;
  #bytes: number;

  constructor(options: RunAttachmentsOptions) {
    this.#options = options;
    const { services, run } = options;
    this.#startedMs = services.platform.clock.monotonicMs();
    // Of a run that is resumed.
    const before = services.database.attachments.listOfRun(run.runId);
    this.#names = new Set(before.map(({ name }) => name.toLowerCase()));
    this.#bytes = before.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Keeps a stored file with an attempt. */
  add(ofAttempt: NewAttachment[], stored: NewAttachment): void {
    const key = stored.name.toLowerCase();
    // In a replay the recorded run has stored it.
    if (!this.#names.has(key)) this.#bytes += stored.bytes;
    this.#names.add(key);
    ofAttempt.push(stored);
  }

  /** Keeps a file of a script with an attempt. Faults: those of `RunContext.attach`. */
  async attach(ofAttempt: NewAttachment[], file: GivenFile, signal: AbortSignal): Promise<NewAttachment> {
    const prepared = await this.#prepare(file, 'script');
    const { name, sha256, bytes } = prepared.attachment;
    const request = {
      kind: 'attachment',
      key: name,
      parameters: `${bytes} bytes, SHA-256 ${sha256}`,
      signal,
    };
    return this.#request(ofAttempt, request, () => this.#store(prepared));
  }

  /** Asks for a photo and keeps it with an attempt. Faults: those of `RunContext.askPhoto`. */
  async askPhoto(
    ofAttempt: NewAttachment[],
    asked: PhotoRequest,
    name: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<NewAttachment> {
    const { services, run } = this.#options;
    const request = { kind: 'operator', key: asked.step, parameters: asked.kind, signal };
    return this.#request(ofAttempt, request, async () => {
      const at = { slot: run.request.slot, runId: run.runId };
      const { bytes } = await services.askPhoto(at, asked, timeoutMs, signal);
      return this.storeFile({ name: `${name}${endingOf(bytes)}`, bytes, said: null }, 'prompt');
    });
  }

  /** Stores a file within a request of the recording. Faults: those of `RunContext.storeFile`. */
  async storeFile(file: GivenFile, madeBy: 'prompt' | 'tool'): Promise<NewAttachment> {
    return this.#store(await this.#prepare(file, madeBy));
  }

  async #request(
    ofAttempt: NewAttachment[],
    request: IoRequest,
    store: () => Promise<NewAttachment>,
  ): Promise<NewAttachment> {
    const { value } = await this.#options.io.request(request, async () => ({
      value: { ...(await store()) },
    }));
    const stored = value as unknown as NewAttachment;
    this.add(ofAttempt, stored);
    return stored;
  }

  /**
   * Gives a file its name, hides the secrets of the run in it, and recognises what it is. It counts towards the bounds of the run
   * from now on. Faults: `attachment-refused`.
   */
  async #prepare({ name, bytes, said }: GivenFile, madeBy: AttachmentSource): Promise<PreparedFile> {
    const { mask } = this.#options.io;
    const shown = attachmentName(mask.maskText(name));
    if (bytes.length > MAX_ATTACHMENT_BYTES) throw tooLarge(shown);
    if (this.#names.size >= MAX_ATTACHMENTS)
      throw refused(shown, `the run has ${MAX_ATTACHMENTS} attachments already`);
    if (this.#bytes + bytes.length > MAX_RUN_ATTACHMENT_BYTES)
      throw refused(
        shown,
        `the attachments of the run would have more than ${inMiB(MAX_RUN_ATTACHMENT_BYTES)}`,
      );
    const unique = uniqueAttachmentName(shown, this.#names);
    // Before the first wait, so that a file that comes meanwhile gets another name.
    this.#names.add(unique.toLowerCase());
    this.#bytes += bytes.length;
    const mediaType = sniffMediaType(bytes, unique, said);
    const masked = await maskContent(bytes, isTextual(mediaType), mask);
    if (masked === null)
      throw refused(unique, 'it has a secret of the unit in it, and only a text can be masked');
    const attachment = { name: unique, mediaType, bytes: masked.length, sha256: sha256Hex(masked), madeBy };
    return { attachment, bytes: masked };
  }

  async #store({ attachment, bytes }: PreparedFile): Promise<NewAttachment> {
    const { services, run } = this.#options;
    await services.attachments.store(attachment.sha256, bytes, run.runId);
    const elapsedMs = services.platform.clock.monotonicMs() - this.#startedMs;
    return { ...attachment, madeAtMs: Math.round(run.baseAtMs + elapsedMs) };
  }
}

/** The ending of a picture by its bytes. */
function endingOf(bytes: Uint8Array): string {
  switch (sniffMediaType(bytes, '')) {
    case 'image/png':
      return '.png';
    case 'image/webp':
      return '.webp';
    default:
      return '.jpg';
  }
}

/** The fault of a file that is larger than an attachment may be. */
export function tooLarge(name: string): Fault {
  return refused(name, `it has more than ${inMiB(MAX_ATTACHMENT_BYTES)}`);
}

function refused(name: string, why: string): Fault {
  return new Fault('attachment-refused', `${name} cannot be attached: ${why}`, {
    hint: 'Make the file smaller, make fewer of them, or leave the secret out of it.',
    details: { name },
  });
}

function inMiB(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
