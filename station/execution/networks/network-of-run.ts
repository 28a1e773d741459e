import { hash } from 'node:crypto';
import type { RunIo } from '../recording/index.ts';
import type { Networks } from './networks.ts';

/** What a unit is given to join a network. */
export interface WifiNetwork {
  readonly ssid: string;
  /** Empty for an open network. */
  readonly password: string;
}

/** A shorter name is too likely to occur in other texts of the run by chance. */
const MASKED_SSID_BYTES = 4;

/**
 * The named network for a run. Its password is masked from then on, and its name from 4 bytes on. The recording has their lengths;
 * a replay gets others of the same lengths. Faults: `network-unknown`, `secret-unreadable`.
 *
 * @param networks `null` in a replay
 */
export function networkOfRun(networks: Pick<Networks, 'find'> | null, io: RunIo, name: string): WifiNetwork {
  let real: WifiNetwork | null = null;
  const { ssidBytes, passwordBytes } = io.input('network', name, () => {
    if (networks === null) throw new Error('a replay has no networks');
    const { ssid, password } = networks.find(name);
    real = { ssid, password };
    return { ssidBytes: Buffer.byteLength(ssid), passwordBytes: Buffer.byteLength(password) };
  });
  const { ssid, password } = (real as WifiNetwork | null) ?? {
    ssid: standIn(`ssid of ${name}`, ssidBytes),
    password: standIn(`password of ${name}`, passwordBytes),
  };
  const isMasked = ssidBytes >= MASKED_SSID_BYTES;
  io.mask.protectBytes([Buffer.from(password), Buffer.from(isMasked ? ssid : '')]);
  return { ssid, password };
}

/** A text of ASCII characters with this many bytes. */
function standIn(of: string, bytes: number): string {
  return hash('sha256', of).repeat(2).slice(0, bytes);
}
