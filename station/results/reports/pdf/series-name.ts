import type { MeasuredSeries } from '#shared/domain/yield/index.ts';

/** `name @ position [unit]`. */
export function seriesName({ name, at, unit }: Pick<MeasuredSeries, 'name' | 'at' | 'unit'>): string {
  return `${name}${at === null ? '' : ` @ ${at}`}${unit === null || unit === '' ? '' : ` [${unit}]`}`;
}
