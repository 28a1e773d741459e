import { AT_ERR_CODE, AT_LINE_END, type CmeErrorCode } from '#shared/domain/at-module.ts';

import type { Dialect } from './dialect.ts';

/** Writes what a module says, in its own dialect. Text is Latin-1: one character, one byte. */
export class ReplyWriter {
  readonly #dialect: Dialect;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #hasBlank: () => boolean;

  /** `hasBlank`: asked at each reply, whether one stands after the colon whatever the dialect has. */
  constructor(dialect: Dialect, send: (bytes: Uint8Array) => void, hasBlank: () => boolean = () => false) {
    this.#dialect = dialect;
    this.#send = say;
    this.#hasBlank = hasBlank;
  }

  get #blank(): string {
    return this.#dialect.blankAfterColon || this.#hasBlank() ? ' ' : '';
  }

  /** Lines as they stand, in one piece. */
  lines(...lines: readonly string[]): void {
    this.#send(Buffer.from(lines.map((line) => line + AT_LINE_END).join(''), 'latin1'));
  }

  /** The command is accepted; what becomes of it is said later. */
  accepted(): void {
    this.lines('OK');
  }

  /** Answers and then `OK`, the end of a query. */
  answer(...lines: readonly string[]): void {
    this.lines(...lines, ...(this.#dialect.emptyLineBeforeOk ? ['', 'OK'] : ['OK']));
  }

  /** `+NAME:value`, with the dialect's blank. */
  field(name: string, value: string): string {
    return `+${name}:${this.#blank}${value}`;
  }

  /** What became of an accepted command. */
  done(name: string): void {
    this.lines(this.field(name, 'OK'));
  }

  failed(name: string, code: number): void {
    this.lines(this.field(name, `FAIL${this.#dialect.commaInFail ? ',' : ''}${code}`));
  }

  cme(code: CmeErrorCode): void {
    this.lines(`${this.#dialect.cmePrefix}${this.#blank}${code}`);
  }

  /** No such command, or a form it does not have. */
  unknown(): void {
    this.lines(`ERR CODE:${AT_ERR_CODE.unknownCommand}`, '', 'ERROR');
  }

  /** ESP-AT's answer to a parameter that its own commands do not take. */
  refused(): void {
    this.lines('', 'ERROR');
  }

  /** The previous command is still being worked on; this one is dropped. */
  overlapping(): void {
    if (this.#dialect.overlap === 'cme') this.cme(200);
    else this.lines(`ERR CODE:${AT_ERR_CODE.busy}`, '', 'busy p...');
  }
}
