import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Updates } from './updates.ts';

export function updateHandlers({ updates }: { readonly updates: Updates }): SectionHandlers<'updates'> {
  return {
    'updates.setSource': ({ source }, { by }) => updates.setSource(source, by),
    'updates.check': (_, { signal }) => updates.check(signal),
    'updates.download': (_, { by }) => updates.startDownload(by),
    'updates.cancel': () => updates.cancel(),
    'updates.install': (_, { by, signal }) => updates.install(by, signal),
  };
}
