import type { BatchYield } from '#shared/contract/index.ts';
import type { Speaker } from '../../services/i18n/index.ts';
import type { Tone } from '../../ui/index.ts';

export type Series = BatchYield['measurements'][number];

export function keyOf({ phase, step, name, unit, at }: Series): string {
  return JSON.stringify([phase, step, name, unit, at]);
}

/** `3.1 … 3.5 V`, `≥ -70 dBm`, `≤ 80 mA`. */
export function limitsOf({ capability: { low, high }, unit, relative }: Series, say: Speaker): string {
  if (relative) return say.t('measured.ownLimits');
  const end = unit === null ? '' : ` ${unit}`;
  if (low !== null && high !== null) return `${say.value(low)} … ${say.value(high)}${end}`;
  if (low !== null) return `≥ ${say.value(low)}${end}`;
  return high === null ? '' : `≤ ${say.value(high)}${end}`;
}

/** 1 is a mean 3σ away from the nearer limit, 1.33 one of 4σ: what is usually asked for. */
export function toneOfCpk(cpk: number | null): Tone {
  if (cpk === null) return 'neutral';
  if (cpk < 1) return 'bad';
  return cpk < 1.33 ? 'warn' : 'good';
}

/** Where a value is going, in one sentence. */
export function driftInWords(
  { drift, unit, capability }: Series,
  say: Speaker,
): { text: string; tone: Tone } {
  const { reaches, slope, rules, centre } = drift;
  const end = unit === null ? '' : ` ${unit}`;
  if (reaches !== null) {
    const limit = `${say.value(reaches.limit)}${end}`;
    const text =
      reaches.units === 0
        ? say.t('measured.beyond', { limit })
        : say.t('measured.reaches', { limit, units: reaches.units });
    return { text, tone: 'warn' };
  }
  if (slope !== null) {
    const change = `${slope > 0 ? '+' : ''}${say.value(slope * 100)}${end}`;
    return { text: say.t('measured.moves', { change }), tone: 'neutral' };
  }
  if (rules.includes('WE4') || rules.includes('WE3'))
    return { text: say.t('measured.shifted', { rules: rules.join(' ') }), tone: 'neutral' };
  const judged = centre !== null || capability.sigma === 0;
  return { text: say.t(judged ? 'measured.steady' : 'measured.early'), tone: judged ? 'good' : 'neutral' };
}

/** What wants to be looked at comes first: what will reach a limit, then what is closest to one. */
export function byUrgency(all: readonly Series[]): Series[] {
  const rank = ({ drift, capability: { cpk } }: Series): number =>
    drift.reaches === null ? 1_000 + (cpk ?? 1_000) : drift.reaches.units;
  return all.toSorted((a, b) => rank(a) - rank(b));
}
