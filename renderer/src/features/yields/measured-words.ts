import type { BatchYield } from '#shared/contract/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import type { Tone } from '#ui/index.ts';

export type Series = BatchYield['measurements'][number];

export function keyOf({ phase, step, name, unit, at }: Series): string {
  return JSON.stringify([phase, step, name, unit, at]);
}

/** `3.1 … 3.5 V`, `≥ -70 dBm`, `≤ 80 mA`. */
export function limitsOf({ capability: { low, high }, unit, relative }: Series, i18n: Translator): string {
  if (relative) return i18n.t('yields.measured.ownLimits');
  const end = unit === null ? '' : ` ${unit}`;
  if (low !== null && high !== null) return `${i18n.value(low)} … ${i18n.value(high)}${end}`;
  if (low !== null) return `≥ ${i18n.value(low)}${end}`;
  return high === null ? '' : `≤ ${i18n.value(high)}${end}`;
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
  i18n: Translator,
): { text: string; tone: Tone } {
  const { reaches, slope, rules, centre } = drift;
  const end = unit === null ? '' : ` ${unit}`;
  if (reaches !== null) {
    const limit = `${i18n.value(reaches.limit)}${end}`;
    const text =
      reaches.units === 0
        ? i18n.t('yields.measured.beyond', { limit })
        : i18n.t('yields.measured.reaches', { limit, units: reaches.units });
    return { text, tone: 'warn' };
  }
  if (slope !== null) {
    const change = `${slope > 0 ? '+' : ''}${i18n.value(slope * 100)}${end}`;
    return { text: i18n.t('yields.measured.moves', { change }), tone: 'neutral' };
  }
  if (rules.includes('WE4') || rules.includes('WE3'))
    return { text: i18n.t('yields.measured.shifted', { rules: rules.join(' ') }), tone: 'neutral' };
  const judged = centre !== null || capability.sigma === 0;
  return {
    text: i18n.t(judged ? 'yields.measured.steady' : 'yields.measured.early'),
    tone: judged ? 'good' : 'neutral',
  };
}

/** Sorted by urgency: measurements that will reach a limit, then those closest to one. */
export function byUrgency(all: readonly Series[]): Series[] {
  const rank = ({ drift, capability: { cpk } }: Series): number =>
    drift.reaches === null ? 1_000 + (cpk ?? 1_000) : drift.reaches.units;
  return all.toSorted((a, b) => rank(a) - rank(b));
}
