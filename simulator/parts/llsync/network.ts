import type { WifiUnit } from '../provisioning/index.ts';

/** What the firmware needs of the unit's Wi-Fi and its cloud. */
export type Network = Pick<WifiUnit, 'wifi' | 'join' | 'logIn' | 'reportToken' | 'close'>;
