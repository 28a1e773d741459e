/** Radio properties of a controller. They are evaluated at each use, so that faults take effect at once. */
export interface RadioModel {
  /** RSSI at which others receive it, in dBm. */
  rssiDbm(): number;
  /** Whether its advertisements are transmitted. */
  transmits(): boolean;
  /** Delay of each data packet, in milliseconds. */
  dataDelayMs(): number;
  /** Whether data packets are lost although the connection stays open. */
  losesData(): boolean;
}

export const IDEAL_RADIO: RadioModel = {
  rssiDbm: () => -50,
  transmits: () => true,
  dataDelayMs: () => 0,
  losesData: () => false,
};
