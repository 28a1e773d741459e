/** What the firmware speaks: BluFi with one of its securities, or one of Tencent's two forms of it. */
export type BlufiKind = 'blufi' | 'blufi-v2' | 'tencent-combo' | 'tencent-llsync7';

/** Type bytes of what differs between the firmwares. `0`: it has none. */
export interface DialectTypes {
  readonly askState: number;
  readonly state: number;
  readonly token: number;
  /** Whether the unit tells what the cloud said about the token. */
  readonly tellsBinding: boolean;
}

/** Sources: ESP-IDF, "BluFi"; Tencent, assisted provisioning V1.1 of 2020-09-23; LLSync protocol 1.4.1, chapter 7. */
export const DIALECTS: Readonly<Record<BlufiKind, DialectTypes>> = {
  blufi: { askState: 0x14, state: 0x3d, token: 0x4d, tellsBinding: false },
  'blufi-v2': { askState: 0x14, state: 0x3d, token: 0x4d, tellsBinding: false },
  'tencent-combo': { askState: 0x10, state: 0x11, token: 0x15, tellsBinding: true },
  'tencent-llsync7': { askState: 0x14, state: 0x3d, token: 0x4d, tellsBinding: true },
};

/** Type bytes that all have. */
export const TYPE = {
  ack: 0x00,
  security: 0x04,
  mode: 0x08,
  join: 0x0c,
  askVersion: 0x1c,
  closeLink: 0x20,
  askNetworks: 0x24,
  exchange: 0x01,
  ssid: 0x09,
  password: 0x0d,
  version: 0x41,
  networks: 0x45,
  error: 0x49,
} as const;
