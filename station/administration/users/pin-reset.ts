import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';
import { writeFileAtomicSync } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';

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
  readonly validMs: number;
}

interface OpenReset {
  readonly name: string;
  readonly code: string;
  readonly endsAtMonotonicMs: number;
  attempts: number;
}

/**
 * The codes that prove that a person is at the computer of the station: each is in a file in the data directory, which only
 * the account that runs the station can read. One code at a time; it ends with its use, its time, or five wrong codes.
 */
export class PinReset {
  readonly #platform: Pick<Platform, 'clock' | 'random' | 'paths'>;
  #open: OpenReset | null = null;

  constructor(platform: Pick<Platform, 'clock' | 'random' | 'paths'>) {
    this.#platform = platform;
    this.#removeFile();
  }

  /** Writes a new code for a user, in place of an earlier one. Faults: those of writing a file. */
  begin(name: string): PinResetFile {
    const { clock, random } = this.#platform;
    const code = newCode(random.bytes(CODE_CHARACTERS));
    const path = this.#path();
    this.end();
    writeFileAtomicSync(path, [textOf(name, code)], 0o600);
    this.#open = { name, code, endsAtMonotonicMs: clock.monotonicMs() + VALID_MS, attempts: 0 };
    return { path, validMs: VALID_MS };
  }

  /** The user of the code. Faults: `reset-code-wrong`. */
  check(text: string): string {
    const open = this.#open;
    const typed = text.normalize('NFKC').toUpperCase().replaceAll(/[\s-]/g, '');
    if (open !== null && this.#platform.clock.monotonicMs() < open.endsAtMonotonicMs) {
      open.attempts += 1;
      if (equalInConstantTime(Buffer.from(typed), Buffer.from(open.code))) return open.name;
      if (open.attempts < MAX_ATTEMPTS) throw wrongCode();
    }
    this.end();
    throw wrongCode();
  }

  /** The code is over: it was used, or the station closes. */
  end(): void {
    this.#open = null;
    this.#removeFile();
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
