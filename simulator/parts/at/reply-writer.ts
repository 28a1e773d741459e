import { AT_ERR_CODE, AT_LINE_END, type CmeErrorCode, CME_CODE } from '#shared/domain/at-module.ts';

import type { Dialect } from './dialect.ts';

/** Writes the replies of a module in its dialect, encoded as Latin-1. */
export class ReplyWriter {
  readonly #dialect: Dialect;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #hasBlank: () => boolean;

  /** `hasBlank` is called for each reply: whether a blank follows the colon in any dialect. */
  constructor(dialect: Dialect, send: (bytes: Uint8Array) => void, hasBlank: () => boolean = () => false) {
    this.#dialect = dialect;
    this.#send = send;
    this.#hasBlank = hasBlank;
  }

  get #blank(): string {
    return this.#dialect.blankAfterColon || this.#hasBlank() ? ' ' : '';
  }

  /** Writes lines unchanged, in one piece. */
  lines(...lines: readonly string[]): void {
    this.#send(Buffer.from(lines.map((line) => line + AT_LINE_END).join(''), 'latin1'));
  }

  /** The command is accepted. Its result follows later. */
  accepted(): void {
    this.lines('OK');
  }

  /** Writes lines and then `OK`, the end of a query. */
  answer(...lines: readonly string[]): void {
    this.lines(...lines, ...(this.#dialect.emptyLineBeforeOk ? ['', 'OK'] : ['OK']));
  }

  /** `+NAME:value`, with the dialect's blank. */
  field(name: string, value: string): string {
    return `+${name}:${this.#blank}${value}`;
  }

  /** `+NAME:length,` and that many bytes as they are: the result of an accepted command that is no line. */
  content(name: string, bytes: Uint8Array): void {
    const header = Buffer.from(this.field(name, `${bytes.length},`), 'latin1');
    this.#send(Buffer.concat([header, bytes, Buffer.from(AT_LINE_END)]));
  }

  /** The result of an accepted command. */
  done(name: string): void {
    this.lines(this.field(name, 'OK'));
  }

  failed(name: string, code: number): void {
    this.lines(this.field(name, `FAIL${this.#dialect.commaInFail ? ',' : ''}${code}`));
  }

  cme(code: CmeErrorCode): void {
    this.lines(`${this.#dialect.cmePrefix}${this.#blank}${code}`);
  }

  /** The command or its form is unknown. */
  unknown(): void {
    this.lines(`ERR CODE:${AT_ERR_CODE.unknownCommand}`, '', 'ERROR');
  }

  /** ESP-AT's reply to an invalid parameter of its commands. */
  refused(): void {
    this.lines('', 'ERROR');
  }

  /** The command is dropped, because the previous one is still running. */
  overlapping(): void {
    if (this.#dialect.overlap === 'cme') this.cme(CME_CODE.busy);
    else this.lines(`ERR CODE:${AT_ERR_CODE.busy}`, '', 'busy p...');
  }
}
