import type { QuotasView, SectionHandlers } from '#shared/contract/index.ts';
import type { BluetoothQuotas } from './quotas.ts';

export function quotaHandlers({
  batches: { quotas },
}: {
  readonly batches: { readonly quotas: BluetoothQuotas };
}): SectionHandlers<'quotas'> {
  const view = (): QuotasView => ({ quotas: [...quotas.all()] });
  return {
    'quotas.get': () => view(),
    'quotas.set': (quota, { by }) => {
      quotas.set(quota, by);
      return view();
    },
    'quotas.remove': ({ productId }, { by }) => {
      quotas.remove(productId, by);
      return view();
    },
  };
}
