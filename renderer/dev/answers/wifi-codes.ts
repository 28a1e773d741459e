import type { StationContract } from '#shared/contract/index.ts';
import type { CallOutput } from '#shared/rpc/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { SAMPLE_CODE } from '../fixtures/wifi-code.ts';
import type { Answers } from '../mock-station.ts';

/** Codes of a person's own; no unit reports one. */
export function wifiCodeAnswers(nowMs: number): Answers {
  let token: CallOutput<StationContract, 'wifiCodes.token'> | null = null;
  const current = (): NonNullable<typeof token> => {
    if (token === null) throw new Fault('not-found', 'there is no such token');
    return token;
  };
  return {
    'wifiCodes.make': ({ productId, deviceName, network, lifeMs }) => {
      token = {
        tokenId: '5b0f8d3e-52a8-4d6a-9a9e-0d9a53f3b7c1',
        productId,
        deviceName,
        state: 'made',
        madeAtMs: nowMs,
        expiresAtMs: nowMs + lifeMs,
        reportedBy: null,
        reportedAtMs: null,
        refusedBy: null,
        refusedAtMs: null,
        owner: null,
      };
      const ssid = 'name' in network ? SAMPLE_CODE.ssid : network.ssid;
      return { token, ssid, text: SAMPLE_CODE.text, picture: SAMPLE_CODE.picture };
    },
    'wifiCodes.token': current,
    'wifiCodes.withdraw': () => {
      token = { ...current(), state: 'withdrawn' };
      return token;
    },
  };
}
