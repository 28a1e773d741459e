import { type ScriptSandbox, type Restriction, RESTRICTIONS } from '../../execution/scripts/index.ts';
import { type Check, fine, warning } from './check.ts';

const DENIED: Readonly<Record<Restriction, string>> = {
  network: 'the network',
  processes: 'signals to other processes',
  files: "the station's data",
  user: "this user's files",
  privileges: 'more rights',
  limits: 'memory beyond the bound',
};

/**
 * Checks what the operating system denies to the scripts of recipes, besides what their own process denies them.
 *
 * @param ownOsUser whether scripts can run as a user of their own, for which the station must run as root
 */
export function checkScripts(
  { restrictions }: ScriptSandbox,
  system: NodeJS.Platform,
  ownOsUser: boolean,
): Check {
  const names = (of: readonly Restriction[]): string =>
    of.map((restriction) => DENIED[restriction]).join(', ');
  const everywhere = 'scripts have no modules of Node';
  if (system !== 'linux')
    return fine('scripts', `${everywhere}; this operating system adds no sandbox (Linux does)`);
  const missing = RESTRICTIONS.filter(
    (restriction) => !restrictions.includes(restriction) && (restriction !== 'user' || ownOsUser),
  );
  const held = restrictions.length === 0 ? 'nothing' : names(restrictions);
  if (missing.length === 0) return fine('scripts', `${everywhere}; the system denies them ${held} too`);
  return warning(
    'scripts',
    `${everywhere}; the system denies them ${held}, but not ${names(missing)}`,
    'Install util-linux (unshare, setpriv), and let this user make namespaces; the Node of Gongwei must be readable by all.',
  );
}
