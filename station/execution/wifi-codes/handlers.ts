import type { SectionHandlers } from '#shared/contract/index.ts';
import type { OwnCodes } from './own-codes.ts';
import { pictureOfCode } from './picture-of-code.ts';
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
      return { ssid, picture: pictureOfCode(payload) };
    },
    'wifiCodes.make': async (order, { by, signal }) => {
      const made = await ownCodes.make(order, by, signal);
      return { ...made, picture: pictureOfCode(made.text) };
    },
    'wifiCodes.token': ({ tokenId }, { signal }) => ownCodes.read(tokenId, signal),
    'wifiCodes.withdraw': ({ tokenId, unlessReported }, { by, signal }) =>
      ownCodes.withdraw(tokenId, { unlessReported }, by, signal),
  };
}
