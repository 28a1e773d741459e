import { z } from 'zod';
import { MAX_NETWORKS, networkName } from '../domain/network.ts';
import { call } from '../rpc/contract.ts';
import { empty } from './common.ts';

/** The Wi-Fi networks of the station. A password is written and never read. */
export const networksView = z.object({
  networks: z.array(z.object({ name: z.string(), ssid: z.string(), isOpen: z.boolean() })).max(MAX_NETWORKS),
});
export type NetworksView = z.infer<typeof networksView>;

export const networkCalls = {
  /** Faults: `secret-unreadable`. */
  'networks.get': call(['support', 'engineer'], empty, networksView, { automatic: true, atOnce: false }),
  /**
   * Adds a network or changes the one of this name. `password`: `null` keeps the stored one. Faults: `bad-input` for a network that
   * no device can join, for a new one without a password, and for one too many; `secret-unreadable`.
   */
  'networks.set': call(
    ['engineer'],
    z.strictObject({
      name: networkName,
      ssid: z.string().max(200),
      password: z.string().max(200).nullable(),
    }),
    networksView,
    { automatic: false, atOnce: false },
  ),
  /** Faults: `network-unknown`, `secret-unreadable`. */
  'networks.remove': call(['engineer'], z.strictObject({ name: z.string() }), networksView, {
    automatic: false,
    atOnce: false,
  }),
};
