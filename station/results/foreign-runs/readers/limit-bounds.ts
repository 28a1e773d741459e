/**
 * The numeric limits of a text of `formatLimits`: `3.1 … 3.5 V`, `≥ 2`, `≤ 2`, `> 2`, `< 2`, `3.3 V ± 5 %`; the narrowest when there are
 * several, `null` for an open side.
 */
export function boundsOfText(limits: string): { readonly low: number | null; readonly high: number | null } {
  const lows: number[] = [];
  const highs: number[] = [];
  for (const part of limits.split(', ')) {
    if (part.startsWith('= ') || part.startsWith('~ ')) break;
    const range = /^(\S+) … (\S+)(?: |$)/.exec(part);
    const side = /^([≥≤<>]) (\S+)/.exec(part);
    const about = /^(\S+)(?: .*)? ± (\S+) %$/.exec(part);
    if (range !== null) {
      lows.push(Number(range[1]));
      highs.push(Number(range[2]));
    } else if (side !== null) {
      (side[1] === '≥' || side[1] === '>' ? lows : highs).push(Number(side[2]));
    } else if (about !== null) {
      const [of, percent] = [Number(about[1]), Number(about[2])];
      lows.push(of - (Math.abs(of) * percent) / 100);
      highs.push(of + (Math.abs(of) * percent) / 100);
    }
  }
  return { low: extreme(lows, Math.max), high: extreme(highs, Math.min) };
}

function extreme(numbers: readonly number[], pick: (...numbers: number[]) => number): number | null {
  const finite = numbers.filter(Number.isFinite);
  return finite.length === 0 ? null : pick(...finite);
}
