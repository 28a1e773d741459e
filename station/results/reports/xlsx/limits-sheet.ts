import type { MeasuredSeries } from '#shared/domain/yield/index.ts';
import type { RunDetails } from '../../../core/database/index.ts';
import type { Cell } from './cell-xml.ts';
import type { Sheet } from './workbook.ts';

const HEADERS = [
  'phase', 'step', 'measurement', 'unit', 'at', 'limits', 'low', 'high', 'limits of each unit', 'values', 'mean',
  'standard deviation', 'least', 'most', 'Cp', 'Cpk',
]; // prettier-ignore
/** More measurements than these are of a recipe that names them by what it measured. */
const MAX_SEEN = 10_000;

/** The limits of each measurement as the last run had them. */
export class LimitsSeen {
  readonly #texts = new Map<string, { readonly names: readonly string[]; text: string }>();

  add({ steps, measurements }: RunDetails): void {
    const bySeq = new Map(steps.map((step) => [step.seq, step]));
    for (const { stepSeq, name, unit, limits } of measurements) {
      const step = bySeq.get(stepSeq);
      if (step === undefined) continue;
      const key = keyOf(step.phase, step.step, name);
      const known = this.#texts.get(key);
      if (known !== undefined) known.text = limits;
      else if (this.#texts.size < MAX_SEEN)
        this.#texts.set(key, { names: [step.phase, step.step, name, unit ?? ''], text: limits });
    }
  }

  textOf({ phase, step, name }: Pick<MeasuredSeries, 'phase' | 'step' | 'name'>): string | undefined {
    return this.#texts.get(keyOf(phase, step, name))?.text;
  }

  /** The measurements that are in none of the series: those without numbers. */
  *besides(series: readonly MeasuredSeries[]): Generator<{ names: readonly string[]; text: string }> {
    const known = new Set(series.map(({ phase, step, name }) => keyOf(phase, step, name)));
    for (const [key, one] of this.#texts) if (!known.has(key)) yield one;
  }
}

/** The limits of the measurements, and how the values lie in them. Call it before the rows of the measurements are read. */
export function limitsSheet(series: readonly MeasuredSeries[], seen: LimitsSeen): Sheet {
  function* rows(): Generator<Cell[]> {
    for (const one of series) {
      const { n, mean, sigma, min, max, low, high, cp, cpk } = one.capability;
      yield [
        one.phase, one.step, one.name, one.unit, one.at, seen.textOf(one), low, high, one.relative ? 'yes' : null, n, mean,
        sigma, min, max, cp, cpk,
      ]; // prettier-ignore
    }
    for (const { names, text } of seen.besides(series)) yield [...names, null, text];
  }
  return { name: 'limits', columns: HEADERS.map((header) => ({ header })), rows: rows() };
}

function keyOf(phase: string, step: string, name: string): string {
  return JSON.stringify([phase, step, name]);
}
