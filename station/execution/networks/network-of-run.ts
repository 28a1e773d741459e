import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Json, RunIo } from '../recording/index.ts';
import type { Networks } from './networks.ts';

/** What a unit is given to join a network. */
export interface WifiNetwork {
  readonly ssid: string;
  /** Empty for an open network. */
  readonly password: string;
}

/** A shorter name is too likely to occur in other texts of the run by chance. */
const MASKED_SSID_BYTES = 4;

/** What a recording has of a masked text, so that a replay invents one that is as long in every form in which it is sent. */
const shape = z.object({
  /** In UTF-8. */
  bytes: z.int(),
  /** `"` and `\`, which commands and JSON escape, and `,`, which commands escape. Recordings of earlier versions have none. */
  quotes: z.int().default(0),
  commas: z.int().default(0),
});
type Shape = z.infer<typeof shape>;

const PLAIN = { quotes: 0, commas: 0 } as const;

/** `text` is the name when it is too short to be masked. */
const recorded = z.union([
  z.object({ ssid: z.union([shape, z.object({ text: z.string() })]), password: shape }),
  z.object({ ssidBytes: z.int(), passwordBytes: z.int() }).transform(({ ssidBytes, passwordBytes }) => ({
    ssid: { ...PLAIN, bytes: ssidBytes },
    password: { ...PLAIN, bytes: passwordBytes },
  })),
]);
/**
 * The named network for a run. Its password is masked from then on, and its name from 4 bytes on. The recording has their lengths and
 * how many characters of each are escaped; a replay gets others that are as long in every form. Faults: `network-unknown`, `secret-unreadable`.
 *
 * @param networks `null` in a replay
 */
export function networkOfRun(networks: Pick<Networks, 'find'> | null, io: RunIo, name: string): WifiNetwork {
  let real: WifiNetwork | null = null;
  const of = recorded.parse(
    io.input('network', name, (): Json => {
      if (networks === null) throw new Error('a replay has no networks');
      const { ssid, password } = networks.find(name);
      real = { ssid, password };
      return { ssid: isMasked(ssid) ? shapeOf(ssid) : { text: ssid }, password: shapeOf(password) };
    }),
  );
  const { ssid, password } = (real as WifiNetwork | null) ?? {
    ssid: 'text' in of.ssid ? of.ssid.text : standIn(`ssid of ${name}`, of.ssid),
    password: standIn(`password of ${name}`, of.password),
  };
  io.mask.protectBytes([Buffer.from(password), Buffer.from(isMasked(ssid) ? ssid : '')]);
  return { ssid, password };
}

function isMasked(ssid: string): boolean {
  return Buffer.byteLength(ssid) >= MASKED_SSID_BYTES;
}

function shapeOf(text: string): Shape {
  return {
    bytes: Buffer.byteLength(text),
    quotes: text.match(/["\\]/g)?.length ?? 0,
    commas: text.match(/,/g)?.length ?? 0,
  };
}

/** A text of ASCII characters of this shape, which does not show where the escaped characters are. */
function standIn(of: string, { bytes, quotes, commas }: Shape): string {
  const digits = hash('sha256', of)
    .repeat(2)
    .slice(0, Math.max(0, bytes - quotes - commas));
  return digits + '"'.repeat(quotes) + ','.repeat(commas);
}
