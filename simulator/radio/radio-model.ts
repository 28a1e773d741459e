/** How a controller is heard, asked at the moment it matters, so that faults come and go live. */
export interface Antenna {
  /** Strength with which others hear it, dBm. */
  rssiDbm(): number;
  /** Whether what it advertises goes out at all. */
  transmits(): boolean;
  /** How long each packet of data takes, milliseconds. */
  dataDelayMs(): number;
  /** Packets of data vanish although the link stands. */
  losesData(): boolean;
}

export const GOOD_ANTENNA: Antenna = {
  rssiDbm: () => -50,
  transmits: () => true,
  dataDelayMs: () => 0,
  losesData: () => false,
};
