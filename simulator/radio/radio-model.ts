/** Radio properties of a controller. They are evaluated at each use, so that faults take effect at once. */
export interface RadioModel {
  /** RSSI at which others receive it, in dBm. */
  rssiDbm(): number;
  /** Whether its advertisements are transmitted. */
  transmits(): boolean;
  /** Whether one advertisement is lost on its way. */
  losesAdvertisement(): boolean;
  /** Delay of each data packet, in milliseconds. Packets of a connection keep their order. */
  dataDelayMs(): number;
  /** How often a data packet is lost, each time until the next connection event, before it arrives. */
  dataLosses(): number;
  /** Whether data packets are lost although the connection stays open. */
  losesData(): boolean;
}

export const IDEAL_RADIO: RadioModel = {
  rssiDbm: () => -50,
  transmits: () => true,
  losesAdvertisement: () => false,
  dataDelayMs: () => 0,
  dataLosses: () => 0,
  losesData: () => false,
};
