import { aboutUnit, type RunningUnit, type Requests } from '../../parts/described/index.ts';
import { proofOf, type ProofKind, type Written } from '../../parts/identity/index.ts';
import { LineSplitter, type SplitLine } from '../../parts/line-splitter.ts';
import type { ConsoleDialect } from './dialect.ts';

export const FIRMWARE = { model: 'GW-CONSOLE-1', version: '1.0.0' } as const;
const LONGEST_LINE_BYTES = 160;

/** The console of a unit that takes an identity: one request per line, one line as the answer. */
export class IdentityConsole implements Requests<SplitLine> {
  readonly #lines = new LineSplitter(LONGEST_LINE_BYTES);
  readonly #proof: ProofKind;
  readonly #dialect: ConsoleDialect;

  /** `proof`: what `ID?` shows of the secret. */
  constructor(proof: ProofKind, dialect: ConsoleDialect) {
    this.#proof = proof;
    this.#dialect = dialect;
  }

  push(bytes: Uint8Array): readonly SplitLine[] {
    return this.#lines.push(bytes);
  }

  clear(): void {
    this.#lines.clear();
  }

  async answer(line: SplitLine, unit: RunningUnit): Promise<Uint8Array | null> {
    const answer = line.kind === 'too-long' ? 'ERR LINE' : await this.#execute(line.text.trim(), unit);
    return answer === null ? null : this.line(answer);
  }

  /** A line as this console writes it. */
  line(text: string): Uint8Array {
    const { lineEnd, blankLine } = this.#dialect;
    return Buffer.from(`${blankLine ? lineEnd : ''}${text}${lineEnd}`);
  }

  async #execute(line: string, unit: RunningUnit): Promise<string | null> {
    const { context, memory, cloud, signal } = unit;
    const [command, ...words] = line.split(/ +/);
    if (command === 'SETID') return this.#setIdentity(words, unit);
    if (words.length > 0) return 'ERR';
    switch (command) {
      case 'ID?':
        return this.#identity(unit);
      case 'CLRID':
        await cloud.close(false);
        await memory.erase(signal);
        return 'OK';
      case 'LOGIN':
        return (await cloud.open(signal)) ? 'ONLINE' : 'ERR LOGIN';
      case 'LOGOUT':
        await cloud.close(false);
        return 'OK';
      default:
        return aboutUnit(line, context, { ...FIRMWARE, version: cloud.version }) ?? 'ERR';
    }
  }

  async #setIdentity(
    words: readonly string[],
    { memory, cloud, signal }: RunningUnit,
  ): Promise<string | null> {
    const [productId, deviceName, deviceSecret] = words;
    if (productId === undefined || deviceName === undefined || deviceSecret === undefined) return 'ERR VALUE';
    if (words.length > 3) return 'ERR VALUE';
    // A login with the old identity ends.
    await cloud.close(false);
    return reply(await memory.write({ productId, deviceName, deviceSecret }, signal));
  }

  #identity({ memory }: RunningUnit): string {
    const held = memory.identity;
    if (held === null) return 'ID -';
    const proof = proofOf(held, this.#proof);
    // The secret itself is case-sensitive.
    const shown = this.#proof !== 'full' && this.#dialect.upperCase ? proof?.toUpperCase() : proof;
    return ['ID', held.productId, held.deviceName, ...(shown == null ? [] : [shown])].join(' ');
  }
}

function reply(written: Written): string | null {
  switch (written) {
    case 'stored':
      return 'OK';
    case 'bad-value':
      return 'ERR VALUE';
    case 'refused':
      return 'ERR BUSY';
    case 'failed':
      return 'ERR FLASH';
    case 'no-reply':
      return null;
  }
}
