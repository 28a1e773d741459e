/** What the firmware speaks: BluFi with one of its securities, or one of Tencent's two forms of it. */
export type BlufiKind = 'blufi' | 'blufi-v2' | 'tencent-combo' | 'tencent-llsync7';

/** Type bytes of what differs between the firmwares. `0`: it has none. */
export interface DialectTypes {
  readonly askVersion: number;
  readonly version: number;
  readonly askState: number;
  readonly state: number;
  readonly token: number;
  /** Whether the unit tells what the cloud said about the token. */
  readonly tellsBinding: boolean;
  /** What asks the unit for its log, and what it answers with; `null`: it has none. */
  readonly log: { readonly ask: number; readonly say: number } | null;
  /**
   * Firmware of Tencent is built on ESP-IDF before 5.1, which does not look at bytes after the frame: Tencent's app writes one more
   * byte where a frame has no data.
   */
  readonly allowsMoreBytes: boolean;
}

/**
 * Sources: ESP-IDF, "BluFi"; Tencent, assisted provisioning V1.1 of 2020-09-23; LLSync protocol 1.4.1, chapter 7; what Tencent's app
 * writes and reads (qcloud-iotexplorer-appdev-plugin-wificonf-blecombo 3.0.118).
 */
const BLUFI = {
  askVersion: 0x1c,
  version: 0x41,
  askState: 0x14,
  state: 0x3d,
  token: 0x4d,
  tellsBinding: false,
  log: null,
  allowsMoreBytes: false,
} as const satisfies DialectTypes;

export const DIALECTS: Readonly<Record<BlufiKind, DialectTypes>> = {
  blufi: BLUFI,
  'blufi-v2': BLUFI,
  'tencent-combo': {
    askVersion: 0x18,
    version: 0x19,
    askState: 0x10,
    state: 0x11,
    token: 0x15,
    tellsBinding: true,
    log: { ask: 0x1c, say: 0x1d },
    allowsMoreBytes: true,
  },
  'tencent-llsync7': { ...BLUFI, tellsBinding: true, allowsMoreBytes: true },
};

/** Type bytes that all have. */
export const TYPE = {
  ack: 0x00,
  security: 0x04,
  mode: 0x08,
  join: 0x0c,
  closeLink: 0x20,
  askNetworks: 0x24,
  exchange: 0x01,
  ssid: 0x09,
  password: 0x0d,
  networks: 0x45,
  error: 0x49,
} as const;
