import type { NetworksView, SectionHandlers } from '#shared/contract/index.ts';
import type { Networks } from './networks.ts';

export function networkHandlers({ networks }: { readonly networks: Networks }): SectionHandlers<'networks'> {
  const view = (): NetworksView => ({
    networks: networks.all().map(({ name, ssid, password }) => ({ name, ssid, isOpen: password === '' })),
  });
  return {
    'networks.get': () => view(),
    'networks.set': (network, { by }) => {
      networks.set(network, by);
      return view();
    },
    'networks.remove': ({ name }, { by }) => {
      networks.remove(name, by);
      return view();
    },
  };
}
