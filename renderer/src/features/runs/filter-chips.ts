import type { RunFilter } from '#shared/contract/index.ts';
import type { FirstRunFilter } from '#shared/contract/run-filter.ts';
import type { Translator } from '#services/i18n/index.ts';
import { changeFilter, type FilterChange } from './filter-changes.ts';
import { outcomeName } from './outcome-name.ts';

/** A condition in words, and the filter without it. */
export interface FilterChip {
  readonly key: string;
  readonly label: string;
  readonly without: RunFilter;
}

/** Names for values that a filter has as ids. */
export interface FilterNames {
  readonly batch: (batchId: string) => string;
  readonly recipe: (hash: string) => string;
  /** A phase, and a step in it; '' for none. */
  readonly place: (place: { readonly phase: string; readonly step: string }) => string;
}

/** The conditions of a filter, one for each that can be removed alone. */
export function chipsOf(filter: RunFilter, names: FilterNames, i18n: Translator): FilterChip[] {
  const chips: FilterChip[] = [];
  const add = (key: string, label: string, change: FilterChange): void => {
    chips.push({ key, label, without: changeFilter(filter, change) });
  };
  const { text, serialNumber, outcomes, batchId, recipe, slot, operator, station } = filter;
  if (text !== undefined) add('text', i18n.t('runs.chip.text', { text }), { text: undefined });
  if (serialNumber !== undefined)
    add('serial', i18n.t('runs.chip.serial', { serial: serialNumber }), { serialNumber: undefined });
  for (const outcome of outcomes ?? []) {
    const others = outcomes?.filter((one) => one !== outcome) ?? [];
    add(`outcome-${outcome}`, outcomeName(outcome, i18n), {
      outcomes: others.length === 0 ? undefined : others,
    });
  }
  const failure = failureOf(filter, names, i18n);
  if (failure !== null)
    add('failure', failure, {
      failureCode: undefined,
      failurePhase: undefined,
      failureStep: undefined,
      failureMeasurement: undefined,
    });
  if (batchId !== undefined)
    add('batch', i18n.t('runs.chip.batch', { batch: names.batch(batchId) }), { batchId: undefined });
  if (recipe !== undefined)
    add('recipe', i18n.t('runs.chip.recipe', { recipe: names.recipe(recipe) }), { recipe: undefined });
  if (slot !== undefined) add('slot', i18n.t('runs.chip.slot', { slot }), { slot: undefined });
  if (operator !== undefined)
    add('operator', i18n.t('runs.chip.operator', { operator }), { operator: undefined });
  if (station !== undefined) add('station', i18n.t('runs.chip.station', { station }), { station: undefined });
  const time = timeOf(filter, i18n);
  if (time !== null) add('time', time, { fromAtMs: undefined, toAtMs: undefined });
  const { time: period, endedFromAtMs, endedToAtMs, first, firstRun } = filter;
  if (period !== undefined) add('period', i18n.t(`runs.time.${period}`), { time: undefined });
  const ended = timeOf({ fromAtMs: endedFromAtMs, toAtMs: endedToAtMs }, i18n);
  if (ended !== null)
    add('ended', i18n.t('runs.chip.ended', { time: ended }), {
      endedFromAtMs: undefined,
      endedToAtMs: undefined,
    });
  if (first !== undefined) add('first', i18n.t(`runs.chip.first.${first}`), { first: undefined });
  if (firstRun !== undefined) add('first-run', firstRunOf(firstRun, i18n), { firstRun: undefined });
  if (filter.counted === true) add('counted', i18n.t('runs.chip.counted'), { counted: undefined });
  const measured = measuredOf(filter, i18n);
  if (measured !== null) add('measured', measured, { measured: undefined });
  return chips;
}

function failureOf(filter: RunFilter, names: FilterNames, i18n: Translator): string | null {
  const { failureCode, failurePhase, failureStep, failureMeasurement } = filter;
  const place = names.place({ phase: failurePhase ?? '', step: failureStep ?? '' });
  const cause = failureCode === undefined ? '' : i18n.faultName(failureCode);
  const parts = [cause, failureMeasurement ?? '', place].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(' · ');
}

interface Times {
  readonly fromAtMs?: number | undefined;
  readonly toAtMs?: number | undefined;
}

function firstRunOf({ of, slot, ...times }: FirstRunFilter, i18n: Translator): string {
  const parts = [
    slot === undefined ? null : i18n.t('runs.chip.slot', { slot }),
    timeOf(times, i18n),
    of === 'tested' ? i18n.t('runs.chip.tested') : null,
  ];
  return i18n.t('runs.chip.firstRun', { conditions: i18n.list(parts.filter((part) => part !== null)) });
}

/** The time range of a filter in words; `null` without one. */
export function timeOf({ fromAtMs, toAtMs }: Times, i18n: Translator): string | null {
  const from = fromAtMs === undefined ? null : i18n.timestamp(fromAtMs);
  const to = toAtMs === undefined ? null : i18n.timestamp(toAtMs);
  if (from === null) return to === null ? null : i18n.t('runs.chip.until', { to });
  return to === null ? i18n.t('runs.chip.since', { from }) : i18n.t('runs.chip.between', { from, to });
}

function measuredOf({ measured }: RunFilter, i18n: Translator): string | null {
  if (measured === undefined) return null;
  const { fromValue, toValue, at } = measured;
  const name = [measured.name, at ?? ''].join(' ').trim();
  const from = fromValue === undefined ? '…' : i18n.value(fromValue);
  const to = toValue === undefined ? '…' : i18n.value(toValue);
  return i18n.t('runs.chip.measured', { name, from, to });
}
