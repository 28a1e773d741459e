import { sha256Hex } from '#node-kit/crypto/index.ts';

import type { DeviceContext } from '../../profiles/profile.ts';
import { LineSplitter } from '../line-splitter.ts';
import { Tasks } from '../tasks.ts';
import type { EspChip } from './chip.ts';
import type { StoredIdentity } from '../../flash/index.ts';
import type { UnitContent } from './unit-content.ts';

const LOAD_MS = 150;
const LONGEST_LINE_BYTES = 64;

export interface EspApplicationOptions {
  readonly context: DeviceContext;
  readonly chip: EspChip;
  readonly content: UnitContent;
  /** Restarts into the ROM's loader, as an application can. */
  readonly toDownload: () => void;
  readonly restart: () => void;
}

/** The application in the flash: it prints a boot log, and answers a console of one line per command. */
export class EspApplication {
  readonly #options: EspApplicationOptions;
  readonly #tasks: Tasks;
  readonly #lines = new LineSplitter(LONGEST_LINE_BYTES);
  #signal: AbortSignal | null = null;

  constructor(options: EspApplicationOptions) {
    this.#options = options;
    this.#tasks = new Tasks(options.context.onError);
  }

  /** Loads the application. Without one the boot ROM reports the header that it has read. */
  async start(signal: AbortSignal): Promise<void> {
    const { context, content, chip } = this.#options;
    const image = content.application();
    if (image === null) {
      this.#print('invalid header: 0xffffffff');
      return;
    }
    await context.wait(LOAD_MS, signal);
    this.#print(
      `I (29) boot: ESP-IDF 2nd stage bootloader`,
      `I (58) boot: Loaded app from partition at offset 0x${image.offset.toString(16)}`,
      `I (190) cpu_start: Project name:     ${image.project ?? ''}`,
      `I (196) cpu_start: App version:      ${image.version ?? ''}`,
      `I (230) app: ${chip.title} ${context.mac} ready`,
    );
    this.#signal = signal;
  }

  receive(bytes: Uint8Array): void {
    const signal = this.#signal;
    if (signal === null) return;
    for (const line of this.#lines.push(bytes)) {
      this.#options.context.commandStarted();
      this.#tasks.track(this.#answer(line.kind === 'line' ? line.text.trim() : '', signal));
    }
  }

  async #answer(question: string, signal: AbortSignal): Promise<void> {
    const { context, content } = this.#options;
    await context.wait(context.random.integer(2, 8), signal);
    const image = content.application();
    switch (question) {
      case 'MAC?':
        return this.#print(`MAC:${context.mac}`);
      case 'VER?':
        return this.#print(`VER:${image?.project ?? ''} ${image?.version ?? ''}`);
      case 'SN?':
        return this.#print(`SN:${context.serialNumber}`);
      case 'ID?':
        return this.#print(identityLine(content.identity()));
      case 'DOWNLOAD':
        return this.#options.toDownload();
      case 'RESTART':
        return this.#options.restart();
      default:
        return this.#print('ERR');
    }
  }

  #print(...lines: readonly string[]): void {
    this.#options.context.send(Buffer.from(lines.map((line) => `${line}\r\n`).join('')));
  }
}

/** The secret does not leave the unit: its SHA-256 does. */
function identityLine(identity: StoredIdentity | null): string {
  if (identity === null) return 'ID -';
  return `ID ${identity.productId} ${identity.deviceName} ${sha256Hex(identity.deviceSecret)}`;
}
