import type { SecretMask } from '../../core/secret-mask/index.ts';
import type { NetworkToJoin } from './module-wifi.ts';

/** A shorter name is too likely to occur in other texts by chance; `networkOfRun` has the same limit. */
const MASKED_NAME_BYTES = 4;

/**
 * Masks name and password of a network in the form in which they are sent, where some characters are escaped. It takes the same number of
 * places for each network, because a replay has other names and passwords.
 */
export function maskSentNetwork(mask: SecretMask, network: NetworkToJoin, sent: NetworkToJoin): void {
  const isNameMasked = Buffer.byteLength(network.ssid) >= MASKED_NAME_BYTES;
  const texts = [network.password, sent.password, isNameMasked ? sent.ssid : ''];
  mask.protectBytes(texts.map((text) => Buffer.from(text)));
}
