import { MIN_REVEALING_LENGTH } from '../../../../core/secret-mask/index.ts';
import type { BleLink } from '../ble-provisioning.ts';
import { HEADER_BYTES } from './frame.ts';

/** A unit that says a secret again says it in a few frames. Each concealed text costs time at every byte of the run. */
const MAX_CONCEALED = 64;

/**
 * Keeps received values out of the recording until it is disposed of. Then the data of frames that have a piece of a secret are
 * recorded as asterisks: the mask of the run does not find a secret that is cut by the headers of frames. Headers stay, so that a
 * replay reads the frames. Of a unit that says pieces without end all values are recorded as asterisks.
 */
export class PieceGuard implements Disposable {
  readonly #mask: BleLink['mask'];
  readonly #pieces: readonly Buffer[];
  readonly #hold: { release(isKept: () => boolean): void } | null;
  readonly #concealed = new Set<string>();
  #isFlooded = false;

  /** @param secrets none: nothing is kept */
  constructor(mask: BleLink['mask'], secrets: readonly string[]) {
    this.#mask = mask;
    this.#pieces = secrets.flatMap((secret) => [...piecesOf(Buffer.from(secret))]);
    this.#hold = this.#pieces.length === 0 ? null : (mask?.hold() ?? null);
  }

  receive(value: Uint8Array): void {
    if (this.#hold === null || this.#isFlooded) return;
    const data = Buffer.from(value.subarray(HEADER_BYTES));
    if (!this.#pieces.some((piece) => data.includes(piece))) return;
    const text = data.toString('latin1');
    if (this.#concealed.has(text)) return;
    this.#isFlooded = this.#concealed.size === MAX_CONCEALED;
    if (this.#isFlooded) return;
    this.#concealed.add(text);
    this.#mask?.conceal(data);
  }

  [Symbol.dispose](): void {
    this.#hold?.release(() => !this.#isFlooded);
  }
}

function* piecesOf(secret: Buffer): Generator<Buffer, void, undefined> {
  const size = Math.min(MIN_REVEALING_LENGTH, secret.length);
  if (size > 0) for (let at = 0; at + size <= secret.length; at++) yield secret.subarray(at, at + size);
}
