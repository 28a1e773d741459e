import { MIN_REVEALING_LENGTH } from '../../../../core/secret-mask/index.ts';
import type { BleLink } from '../ble-provisioning.ts';
import { HEADER_BYTES } from './frame.ts';

/**
 * Keeps received values out of the recording until it is disposed of. Then the data of frames that have a piece of a secret are
 * recorded as asterisks: the mask of the run does not find a secret that is cut by the headers of frames. Headers stay, so that a
 * replay reads the frames.
 */
export class PieceGuard implements Disposable {
  readonly #mask: BleLink['mask'];
  readonly #pieces: readonly Buffer[];
  readonly #hold: { release(isKept: () => boolean): void } | null;

  /** @param secrets none: nothing is kept */
  constructor(mask: BleLink['mask'], secrets: readonly string[]) {
    this.#mask = mask;
    this.#pieces = secrets.flatMap((secret) => [...piecesOf(Buffer.from(secret))]);
    this.#hold = this.#pieces.length === 0 ? null : (mask?.hold() ?? null);
  }

  receive(value: Uint8Array): void {
    const data = Buffer.from(value.subarray(HEADER_BYTES));
    if (this.#hold !== null && this.#pieces.some((piece) => data.includes(piece))) this.#mask?.conceal(data);
  }

  [Symbol.dispose](): void {
    this.#hold?.release(() => true);
  }
}

function* piecesOf(secret: Buffer): Generator<Buffer, void, undefined> {
  const size = Math.min(MIN_REVEALING_LENGTH, secret.length);
  if (size > 0) for (let at = 0; at + size <= secret.length; at++) yield secret.subarray(at, at + size);
}
