/** Stands for the token in the custom data. */
export const TOKEN = '{token}';

/** Settings of `blufi` and `blufi-v2`. */
export interface BlufiOptions {
  /** False: no key is agreed, and the password is sent in clear. */
  readonly encrypt: boolean;
  readonly checksum: boolean;
  /** Whether the unit confirms each frame. */
  readonly acks: boolean;
  /** Whether the unit scans, and must see the network. */
  readonly wifiList: boolean;
  /** Sent after the unit has joined; `{token}` is the token. */
  readonly customData: string;
}

export const BLUFI_DEFAULTS: BlufiOptions = {
  encrypt: true,
  checksum: true,
  acks: false,
  wifiList: false,
  customData: TOKEN,
};
