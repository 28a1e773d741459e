import { i8, LE_EVENT } from './hci.ts';

/** What an advertiser sends once: a legacy advertisement, its scan response, or an extended advertisement. */
export interface Sighting {
  readonly kind: 'legacy' | 'scan-response' | 'extended';
  /** `ADV_IND` 0, `ADV_SCAN_IND` 2, `ADV_NONCONN_IND` 3. */
  readonly type: number;
  readonly address: Uint8Array;
  readonly data: Uint8Array;
  readonly rssiDbm: number;
}

const SCAN_RESPONSE = 4;
/** Bits of an extended report's event type (Core Specification Vol 4 Part E 7.7.65.13). */
const BIT = { connectable: 1, scannable: 2, scanResponse: 8, legacy: 16 } as const;
const PHY_1M = 1;
const NO_SET = 0xff;
const NO_POWER = 0x7f;

/** As a controller that scans the old way reports it; extended advertisements are not heard at all. */
export function legacyReport(sighting: Sighting): number[] | null {
  if (sighting.kind === 'extended') return null;
  const type = sighting.kind === 'scan-response' ? SCAN_RESPONSE : sighting.type;
  const { address, data } = sighting;
  return [LE_EVENT.advertisingReport, 1, type, 0, ...address, data.length, ...data, i8(sighting.rssiDbm)];
}

/** As a controller that scans the new way reports it. */
export function extendedReport(sighting: Sighting): number[] {
  const { address, data } = sighting;
  const extended = sighting.kind === 'extended';
  return [
    LE_EVENT.extendedAdvertisingReport,
    1,
    ...[eventType(sighting), 0],
    ...[0, ...address],
    ...[PHY_1M, extended ? PHY_1M : 0, extended ? 0 : NO_SET],
    ...[NO_POWER, i8(sighting.rssiDbm)],
    ...[0, 0],
    ...[0, 0, 0, 0, 0, 0, 0],
    data.length,
    ...data,
  ];
}

function eventType({ kind, type }: Sighting): number {
  if (kind === 'extended') return BIT.connectable;
  const shape = type === 0 ? BIT.connectable | BIT.scannable : type === 2 ? BIT.scannable : 0;
  return shape | BIT.legacy | (kind === 'scan-response' ? BIT.scanResponse : 0);
}
