import type { NetworksView } from '#shared/contract/index.ts';
import type { Answers } from '../mock-station.ts';

/** Two networks of a line. */
export function networkAnswers(): Answers {
  let view: NetworksView = {
    networks: [
      { name: 'guest', ssid: 'Line 3 guest', isOpen: true },
      { name: 'line', ssid: 'Line 3', isOpen: false },
    ],
  };
  return {
    'networks.get': () => view,
    'networks.set': ({ name, ssid, password }) => {
      const own = view.networks.find((network) => network.name === name);
      const isOpen = password === null ? (own?.isOpen ?? false) : password === '';
      const others = view.networks.filter((network) => network !== own);
      view = { networks: [...others, { name, ssid, isOpen }] };
      return view;
    },
    'networks.remove': ({ name }) => {
      view = { networks: view.networks.filter((network) => network.name !== name) };
      return view;
    },
  };
}
