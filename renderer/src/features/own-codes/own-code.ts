import type { StationContract } from '#shared/contract/index.ts';
import type { CallOutput } from '#shared/rpc/index.ts';

type Made = CallOutput<StationContract, 'wifiCodes.make'>;

/** A provisioning token as the registry reports it. */
export type OwnToken = CallOutput<StationContract, 'wifiCodes.token'>;

/** A code that was made on this page. */
export interface OwnCode {
  readonly token: OwnToken;
  readonly ssid: string;
  /** Secret; `null` when the code is of no more use. */
  readonly picture: Made['picture'] | null;
  /** When the page received it, on the steady clock of the page. */
  readonly sinceMs: number;
}

/** The time that a code is still valid. It is counted from its receipt: the registry's clock may differ. */
export function leftMsOf({ token, sinceMs }: OwnCode, nowMs: number): number {
  return Math.max(0, token.expiresAtMs - token.madeAtMs - Math.max(0, nowMs - sinceMs));
}

/** The state that a page shows: a token whose time is over has expired before the registry says it. */
export function stateOf(token: OwnToken, leftMs: number): OwnToken['state'] {
  return token.state === 'made' && leftMs === 0 ? 'expired' : token.state;
}

/** Whether the registry changes this state no more because of a provisioning. */
export function isFinal(state: OwnToken['state']): boolean {
  switch (state) {
    case 'made':
    case 'reported':
      return false;
    case 'bound':
    case 'released':
    case 'withdrawn':
    case 'expired':
      return true;
  }
}
