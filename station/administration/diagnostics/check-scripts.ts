import { type ScriptFence, type Wall, WALLS } from '../../execution/scripts/index.ts';
import { type Check, fine, warning } from './check.ts';

const DENIED: Readonly<Record<Wall, string>> = {
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
 * @param ownUser whether scripts can run as a user of their own, for which the station must run as root
 */
export function checkScripts({ walls }: ScriptFence, system: NodeJS.Platform, ownUser: boolean): Check {
  const names = (of: readonly Wall[]): string => of.map((wall) => DENIED[wall]).join(', ');
  const everywhere = 'scripts have no modules of Node';
  if (system !== 'linux')
    return fine('scripts', `${everywhere}; this operating system adds no fence (Linux does)`);
  const missing = WALLS.filter((wall) => !walls.includes(wall) && (wall !== 'user' || ownUser));
  const held = walls.length === 0 ? 'nothing' : names(walls);
  if (missing.length === 0) return fine('scripts', `${everywhere}; the system denies them ${held} too`);
  return warning(
    'scripts',
    `${everywhere}; the system denies them ${held}, but not ${names(missing)}`,
    'Install util-linux (unshare, setpriv), and let this user make namespaces; the Node of Gongwei must be readable by all.',
  );
}
