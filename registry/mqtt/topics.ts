/**
 * The topics of one device. Source: Tencent IoT Explorer, MQTT topics (document 002):
 * `$thing/{up|down}/{property|event|action|service|raw}/{pid}/{dn}`, `$ota/report/…`, `$ota/update/…`.
 */
const THING_KINDS = ['property', 'event', 'action', 'service', 'raw'] as const;
export type ThingKind = (typeof THING_KINDS)[number];

export interface DeviceTopics {
  /** What the device may publish to, and what that is about. */
  readonly up: ReadonlyMap<string, ThingKind | 'ota'>;
  /** What the device may subscribe to. */
  readonly down: ReadonlySet<string>;
  downOf(kind: ThingKind | 'ota'): string;
}

export function deviceTopics(productId: string, deviceName: string): DeviceTopics {
  const own = `${productId}/${deviceName}`;
  const downOf = (kind: ThingKind | 'ota'): string =>
    kind === 'ota' ? `$ota/update/${own}` : `$thing/down/${kind}/${own}`;
  return {
    up: new Map<string, ThingKind | 'ota'>([
      ...THING_KINDS.map((kind) => [`$thing/up/${kind}/${own}`, kind] as const),
      [`$ota/report/${own}`, 'ota'],
    ]),
    down: new Set([...THING_KINDS.map(downOf), downOf('ota')]),
    downOf,
  };
}
