import { findWifiProblem } from '#shared/codec/qr/index.ts';
import type { NetworksView } from '#shared/contract/index.ts';
import { NETWORK_NAME } from '#shared/domain/network.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';

/** What the form of a Wi-Fi network shows. */
export interface NetworkDraft {
  name: string;
  ssid: string;
  /** '' keeps the stored one, or is an open network. */
  password: string;
  isOpen: boolean;
}
export type NetworkView = NetworksView['networks'][number];
export type NetworkField = 'name' | 'ssid' | 'password';

/** A stored network as the form shows it; without one, an empty form. */
export function draftOfNetwork(network: NetworkView | null): NetworkDraft {
  return {
    name: network?.name ?? '',
    ssid: network?.ssid ?? '',
    password: '',
    isOpen: network?.isOpen ?? false,
  };
}

/** The fields that cannot be saved as they are, with the text that says what to type. `own`: the stored network that is changed. */
export function problemsOfNetwork(
  draft: NetworkDraft,
  own: NetworkView | null,
  others: readonly NetworkView[],
): Partial<Record<NetworkField, PlainMessageKey>> {
  const problems: Partial<Record<NetworkField, PlainMessageKey>> = {};
  const name = draft.name.trim();
  if (!NETWORK_NAME.test(name)) problems.name = 'station.networks.nameWrong';
  else if (others.some((other) => other.name === name)) problems.name = 'station.networks.nameTaken';
  if (findWifiProblem('ssid', draft.ssid) !== null) problems.ssid = 'station.networks.ssidWrong';
  const isKept = draft.password === '' && own !== null && !own.isOpen;
  const isWrong = draft.password === '' ? !isKept : findWifiProblem('password', draft.password) !== null;
  if (!draft.isOpen && isWrong) problems.password = 'station.networks.passwordWrong';
  return problems;
}

/** The password of a draft without problems; `null` keeps the stored one. */
export function passwordOfNetwork(draft: NetworkDraft): string | null {
  if (draft.isOpen) return '';
  return draft.password === '' ? null : draft.password;
}
