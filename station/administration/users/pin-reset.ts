import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';
import { writeFileAtomicSync } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import { createLockOut, type LockOut } from './lock-out.ts';

/** The file in the data directory with the code. */
const FILE = 'pin-reset-code.txt';
const VALID_MS = 15 * 60_000;
const MAX_ATTEMPTS = 5;
/** Without characters that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_CHARACTERS = 12;
const GROUP = 4;

export interface PinResetFile {
  readonly path: string;
  /** How long the code in the file is still valid, ms. */
  readonly validMs: number;
  /** False for the code of an earlier request, which is still valid. */
  readonly isNew: boolean;
}

type ResetPlatform = Pick<Platform, 'clock' | 'log' | 'random' | 'paths'>;

interface OpenReset {
  readonly name: string;
  readonly code: string;
  readonly endsAtMonotonicMs: number;
  /** Aborted when the code is over. */
  readonly over: AbortController;
  attempts: number;
}

/**
 * The codes that prove that a person is at the computer of the station: each is in a file in the data directory, which only
 * the account that runs the station can read. One code at a time; it ends with its use, its time, or five wrong codes, and
 * its file with it. Codes are limited as PINs are: after the fifth one in a row that was not used a request has to wait.
 */
export class PinReset {
  readonly #platform: ResetPlatform;
  /** Counts the codes that were written and not used. */
  readonly #written: LockOut;
  #open: OpenReset | null = null;

  constructor(platform: ResetPlatform) {
    this.#platform = platform;
    this.#written = createLockOut(platform.clock, new Map());
    this.#removeFile();
  }

  /**
   * Writes a code for a user. While an earlier code of this user is valid, it stays the code.
   * Faults: `reset-code-wait`, and those of writing a file.
   */
  begin(name: string): PinResetFile {
    const { clock, random } = this.#platform;
    const path = this.#path();
    const leftMs = this.#leftMs();
    if (this.#open?.name === name && leftMs > 0) {
      if (!existsSync(path)) writeFileAtomicSync(path, [textOf(name, this.#open.code)], 0o600);
      return { path, validMs: leftMs, isNew: false };
    }
    this.end();
    const seconds = Math.ceil(this.#written.leftMs(name, this) / 1000);
    if (seconds > 0)
      throw new Fault('reset-code-wait', 'too many codes for a new PIN were written and not used', {
        hint: `Wait ${seconds} s, then ask again; or set the PIN with the command "user pin".`,
        details: { seconds },
      });
    const code = newCode(random.bytes(CODE_CHARACTERS));
    writeFileAtomicSync(path, [textOf(name, code)], 0o600);
    this.#written.wrong(name, this);
    const over = new AbortController();
    this.#open = { name, code, endsAtMonotonicMs: clock.monotonicMs() + VALID_MS, over, attempts: 0 };
    this.#endLater(over.signal);
    return { path, validMs: VALID_MS, isNew: true };
  }

  /** The user of the code. Faults: `reset-code-wrong`. */
  check(text: string): string {
    const open = this.#open;
    const typed = text.normalize('NFKC').toUpperCase().replaceAll(/[\s-]/g, '');
    if (open !== null && this.#leftMs() > 0) {
      open.attempts += 1;
      if (equalInConstantTime(Buffer.from(typed), Buffer.from(open.code))) return open.name;
      if (open.attempts < MAX_ATTEMPTS) throw wrongCode();
    }
    this.end();
    throw wrongCode();
  }

  /** The code of this user was used: the next request does not wait. */
  finish(name: string): void {
    this.#written.right(name, this);
    this.end();
  }

  /** The account of the user has changed: a code for it is over. */
  endFor(name: string): void {
    if (this.#open?.name === name) this.end();
  }

  /** The code is over, and its file is removed. */
  end(): void {
    this.#open?.over.abort();
    this.#open = null;
    this.#removeFile();
  }

  #leftMs(): number {
    if (this.#open === null) return 0;
    return Math.max(0, this.#open.endsAtMonotonicMs - this.#platform.clock.monotonicMs());
  }

  /** The file does not stay behind when no other call comes. */
  #endLater(signal: AbortSignal): void {
    const { clock, log } = this.#platform;
    clock
      .sleep(VALID_MS, signal)
      .then(() => {
        if (!signal.aborted) this.end();
      })
      .catch((error: unknown) => {
        if (!signal.aborted) log.error('access.pin-reset', error);
      });
  }

  #path(): string {
    return join(this.#platform.paths.dataDir, FILE);
  }

  #removeFile(): void {
    rmSync(this.#path(), { force: true });
  }
}

function newCode(bytes: Uint8Array): string {
  return [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function textOf(name: string, code: string): string {
  const groups = Array.from({ length: CODE_CHARACTERS / GROUP }, (_, at) =>
    code.slice(at * GROUP, (at + 1) * GROUP),
  );
  return [
    `Gongwei: code for a new PIN of ${name}. Valid for 15 minutes. Type it at the page of the station.`,
    `Gongwei：用于为 ${name} 重新设置 PIN 码，15 分钟内有效。请在工位页面输入。`,
    '',
    groups.join('-'),
    '',
  ].join('\n');
}

function wrongCode(): Fault {
  return new Fault('reset-code-wrong', 'this is not the code in the file, or it is no longer valid', {
    hint: 'Compare it with the file, or ask for a new code.',
  });
}
