import type { ScanEffect } from '../../../renderer/src/services/scanner/scan-effect.ts';

/** An effect of keys without its times. */
export function withoutTimes(effect: ScanEffect): object {
  const {
    firstAtMs: _first,
    lastAtMs: _last,
    atMs: _at,
    joined: _joined,
    ...rest
  } = { firstAtMs: 0, lastAtMs: 0, atMs: 0, joined: false, ...effect };
  return rest;
}
