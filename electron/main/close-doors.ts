import type { App } from 'electron';

/** Switches of Chromium's that open the page to other programs of this computer, or the page to the network. */
const DOORS = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'disable-web-security',
  'load-extension',
  'js-flags',
] as const;

/**
 * What the packaged program is started with decides slots and data, not who may look into the page where an engineer
 * types a PIN. Run from its sources it stays open, for developers and tests.
 */
export function closeDoors(app: Pick<App, 'isPackaged' | 'commandLine'>): void {
  if (!app.isPackaged) return;
  for (const door of DOORS) app.commandLine.removeSwitch(door);
}
