import { i8, LE_EVENT } from './hci.ts';

/** One transmission of an advertiser: a legacy advertisement, its scan response, or an extended advertisement. */
export interface Advertisement {
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

/** The report of legacy scanning; `null` for an extended advertisement, which legacy scanning does not receive. */
export function legacyReport(advertisement: Advertisement): number[] | null {
  if (advertisement.kind === 'extended') return null;
  const type = advertisement.kind === 'scan-response' ? SCAN_RESPONSE : advertisement.type;
  const { address, data } = advertisement;
  return [
    LE_EVENT.advertisingReport,
    1,
    type,
    0,
    ...address,
    data.length,
    ...data,
    i8(advertisement.rssiDbm),
  ];
}

/** The report of extended scanning. */
export function extendedReport(advertisement: Advertisement): number[] {
  const { address, data } = advertisement;
  const extended = advertisement.kind === 'extended';
  return [
    LE_EVENT.extendedAdvertisingReport,
    1,
    ...[eventType(advertisement), 0],
    ...[0, ...address],
    ...[PHY_1M, extended ? PHY_1M : 0, extended ? 0 : NO_SET],
    ...[NO_POWER, i8(advertisement.rssiDbm)],
    ...[0, 0],
    ...[0, 0, 0, 0, 0, 0, 0],
    data.length,
    ...data,
  ];
}

function eventType({ kind, type }: Advertisement): number {
  if (kind === 'extended') return BIT.connectable;
  const shape = type === 0 ? BIT.connectable | BIT.scannable : type === 2 ? BIT.scannable : 0;
  return shape | BIT.legacy | (kind === 'scan-response' ? BIT.scanResponse : 0);
}
