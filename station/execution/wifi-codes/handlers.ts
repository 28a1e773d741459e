import type { CodePicture, SectionHandlers } from '#shared/contract/index.ts';
import { encodeModules } from '../../results/labels/index.ts';
import type { OwnCodes } from './own-codes.ts';
import type { ShownCodes } from './shown-codes.ts';

export function wifiCodeHandlers({
  codes,
  ownCodes,
}: {
  readonly codes: ShownCodes;
  readonly ownCodes: OwnCodes;
}): SectionHandlers<'wifiCodes'> {
  return {
    'wifiCodes.shown': ({ slot, codeId }) => {
      const { ssid, payload } = codes.read(slot, codeId);
      return { ssid, picture: pictureOf(payload) };
    },
    'wifiCodes.make': async (order, { by, signal }) => {
      const made = await ownCodes.make(order, by, signal);
      return { ...made, picture: pictureOf(made.text) };
    },
    'wifiCodes.token': ({ tokenId }, { signal }) => ownCodes.read(tokenId, signal),
    'wifiCodes.withdraw': ({ tokenId }, { by, signal }) => ownCodes.withdraw(tokenId, by, signal),
  };
}

/** Large modules matter more than redundancy on a screen, which has no scratches: error correction level L. */
function pictureOf(payload: string): CodePicture {
  const { columns, rows, dark, quietModules } = encodeModules(payload, 'qr', 'L');
  const lines = Array.from({ length: rows }, (_, row) =>
    [...dark.subarray(row * columns, (row + 1) * columns)].join(''),
  );
  return { quietModules, rows: lines };
}
