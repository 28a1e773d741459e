import { MIN_REVEALING_LENGTH } from '../../../../core/secret-mask/index.ts';
import type { BleLink } from '../ble-provisioning.ts';

/**
 * Keeps values that are received out of the recording until the result is called. Then those that have a piece of a secret are
 * recorded as asterisks: the mask of the run does not find a secret that is cut by the headers of frames.
 */
export function withholdPieces(mask: BleLink['mask'], secrets: readonly string[]): () => void {
  if (mask === undefined) return () => undefined;
  const pieces = secrets.flatMap((secret) => [...piecesOf(Buffer.from(secret))]);
  const hold = mask.hold();
  return () => hold.release((value) => !pieces.some((piece) => Buffer.from(value).includes(piece)));
}

function* piecesOf(secret: Buffer): Generator<Buffer, void, undefined> {
  const size = Math.min(MIN_REVEALING_LENGTH, secret.length);
  if (size > 0) for (let at = 0; at + size <= secret.length; at++) yield secret.subarray(at, at + size);
}
