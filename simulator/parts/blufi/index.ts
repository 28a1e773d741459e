/** The provisioning firmware of units with BluFi over Bluetooth, and with Tencent's older dialects of it. */
export { BlufiUnit } from './blufi-unit.ts';
export type { BlufiKind } from './dialect.ts';
