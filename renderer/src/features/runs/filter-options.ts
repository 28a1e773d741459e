import type { BatchView, RunChoices, RunFilter } from '#shared/contract/index.ts';
import { FAULT_CODES, type FaultCode } from '#shared/domain/fault.ts';
import type { Translator } from '#services/i18n/index.ts';
import { placeName } from '#shared/words/index.ts';
import type { SelectOption } from '#ui/index.ts';

/** The conditions of a cause of failure. */
export type Cause = Pick<RunFilter, 'failureCode' | 'failurePhase' | 'failureStep' | 'failureMeasurement'>;

/** A cause as the value of a select, which compares by identity. */
export const keyOfCause = ({ failureCode, failurePhase, failureStep, failureMeasurement }: Cause): string =>
  failureCode === undefined
    ? ''
    : JSON.stringify([failureCode, failurePhase, failureStep, failureMeasurement]);

export function causeOfKey(key: string): { readonly [K in keyof Cause]-?: Cause[K] | undefined } {
  const [code, phase, step, measurement] = (key === '' ? [] : JSON.parse(key)) as (string | null)[];
  return {
    failureCode: isFaultCode(code) ? code : undefined,
    failurePhase: phase ?? undefined,
    failureStep: step ?? undefined,
    failureMeasurement: measurement ?? undefined,
  };
}

const isFaultCode = (code: string | null | undefined): code is FaultCode =>
  FAULT_CODES.some((known) => known === code);

/** All causes; a code with several causes comes first as a whole. */
export function causeOptions(
  { failures, recipeTitles }: RunChoices,
  i18n: Translator,
): SelectOption<string>[] {
  const options = new Map<string, SelectOption<string>>();
  for (const { code, phase, step, measurement, runs } of failures) {
    if (!isFaultCode(code)) continue;
    const label = i18n.faultName(code);
    const ofCode = failures.filter((one) => one.code === code);
    if (ofCode.length > 1) {
      const total = ofCode.reduce((sum, one) => sum + one.runs, 0);
      const value = keyOfCause({ failureCode: code });
      options.set(value, { value, label, hint: i18n.t('runs.cause.all', { count: total }) });
    }
    const place = placeName(recipeTitles, { phase, step }, i18n.language);
    const value = keyOfCause({
      failureCode: code,
      failurePhase: phase,
      failureStep: step,
      ...(measurement === null ? {} : { failureMeasurement: measurement }),
    });
    const at = measurement === null ? place : `${measurement} · ${place}`;
    options.set(value, { value, label, hint: i18n.t('runs.cause.at', { at, count: runs }) });
  }
  return [...options.values()];
}

export const batchOptions = (batches: readonly BatchView[]): SelectOption<string>[] =>
  batches.map(({ batchId, name, recipe }) => ({
    value: batchId,
    label: name,
    hint: `${recipe.name} ${recipe.version}`,
  }));

export const recipeOptions = ({ recipes }: Pick<RunChoices, 'recipes'>): SelectOption<string>[] =>
  recipes.map(({ hash, name, version }) => ({
    value: hash,
    label: `${name} ${version}`,
    hint: hash.slice(0, 8),
  }));
