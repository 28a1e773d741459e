import { z } from 'zod';

/** Name under which a station keeps a Wi-Fi network, as a recipe writes it: `line`. */
export const NETWORK_NAME = /^[a-z][a-z0-9-]{0,31}$/;
export const networkName = z
  .string()
  .regex(
    NETWORK_NAME,
    'begins with a lower-case letter and has lower-case letters, digits and - only, 32 at most',
  );

/** Most Wi-Fi networks of a station. */
export const MAX_NETWORKS = 32;

/** A Wi-Fi network of the station that its units are provisioned for. All of it is stored sealed. */
export const networkSetting = z.strictObject({
  name: networkName,
  /** 1 to 32 bytes of UTF-8. */
  ssid: z.string(),
  /** Empty for an open network. */
  password: z.string(),
});
export type NetworkSetting = z.infer<typeof networkSetting>;

export const networkSettings = z.array(networkSetting).max(MAX_NETWORKS);
