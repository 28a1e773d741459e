/**
 * The topics of one device. Sources: document 002 prints the two property topics; the others of the thing model are on
 * Tencent's public page of IoT Explorer that it links (1081/34916); those of firmware and time are in Tencent's device SDKs:
 * `$thing/{up|down}/{property|event|action|service|raw}/{pid}/{dn}`, `$ota/report/…`, `$ota/update/…`,
 * `$sys/operation/…`, `$sys/operation/result/…`.
 */
const THING_KINDS = ['property', 'event', 'action', 'service', 'raw'] as const;
export type ThingKind = (typeof THING_KINDS)[number];
/** The function of a topic; `system`: requests to the cloud itself. */
export type TopicKind = ThingKind | 'ota' | 'system';

export interface DeviceTopics {
  /** Topics that the device may publish to. */
  readonly up: ReadonlyMap<string, TopicKind>;
  /** Topics that the device may subscribe to. */
  readonly down: ReadonlySet<string>;
  downOf(kind: TopicKind): string;
}

export function deviceTopics(productId: string, deviceName: string): DeviceTopics {
  const own = `${productId}/${deviceName}`;
  const downOf = (kind: TopicKind): string => {
    if (kind === 'ota') return `$ota/update/${own}`;
    return kind === 'system' ? `$sys/operation/result/${own}` : `$thing/down/${kind}/${own}`;
  };
  return {
    up: new Map<string, TopicKind>([
      ...THING_KINDS.map((kind) => [`$thing/up/${kind}/${own}`, kind] as const),
      [`$ota/report/${own}`, 'ota'],
      [`$sys/operation/${own}`, 'system'],
    ]),
    down: new Set([...THING_KINDS.map(downOf), downOf('ota'), downOf('system')]),
    downOf,
  };
}
