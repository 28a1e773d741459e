import type { YieldWarning } from '#shared/contract/index.ts';
import type { Speaker } from './index.ts';

/** What wants to be looked at before units fail for it, in a sentence. */
export function warningInWords(warning: YieldWarning, say: Speaker): string {
  const name = warning.at === null ? warning.name : `${warning.name} · ${warning.at}`;
  if (warning.kind === 'incapable') return say.t('warning.incapable', { name, cpk: warning.cpk.toFixed(2) });
  const limit = [say.value(warning.limit), warning.unit].filter((part) => part !== null).join(' ');
  return warning.units === 0
    ? say.t('notice.driftReached', { name, limit })
    : say.t('notice.drift', { name, units: warning.units, limit });
}
