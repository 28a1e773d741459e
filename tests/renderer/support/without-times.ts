import type { ScanEffect } from '../../../renderer/src/services/scanner/scan-effect.ts';

/** An effect of keys without its times. */
export function withoutTimes(effect: ScanEffect): object {
  const {
    firstKeyAtMs: _first,
    lastKeyAtMs: _last,
    atMs: _at,
    directlyAfterLine: _directlyAfterLine,
    ...rest
  } = { firstKeyAtMs: 0, lastKeyAtMs: 0, atMs: 0, directlyAfterLine: false, ...effect };
  return rest;
}
