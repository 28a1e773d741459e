/** Which units of a demo are broken by design: one that never answers and one that rejects the write. */
export function faultyUnits(units: number): ReadonlyMap<number, string> {
  if (units < 3) return new Map();
  return new Map([
    [Math.ceil(units / 3), 'silent'],
    [Math.ceil((units * 3) / 4), 'reject-write'],
  ]);
}
