import type { YieldWarning } from '#shared/contract/index.ts';
import type { Translator } from './index.ts';

/** A warning of the yield as a sentence. */
export function formatWarning(warning: YieldWarning, i18n: Translator): string {
  const name = warning.at === null ? warning.name : `${warning.name} · ${warning.at}`;
  if (warning.kind === 'incapable') return i18n.t('notice.incapable', { name, cpk: warning.cpk.toFixed(2) });
  const limit = [i18n.value(warning.limit), warning.unit].filter((part) => part !== null).join(' ');
  return warning.units === 0
    ? i18n.t('notice.driftReached', { name, limit })
    : i18n.t('notice.drift', { name, units: warning.units, limit });
}
