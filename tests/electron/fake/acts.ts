import { once } from 'node:events';
import * as electron from './electron.ts';
import { until } from '../../support/until.ts';

export type Load = () => Promise<void>;
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Loads main and lets Electron become ready; returns the window and the core's first process. */
export async function launch(load: Load) {
  await load();
  electron.app.ready.resolve();
  const window = await until(() => electron.BrowserWindow.all[0], 'a window');
  const child = await until(() => electron.children[0], 'the core');
  await settled();
  return { window, child };
}

export function preventable<T extends object>(extra: T) {
  const event = { prevented: false, preventDefault: () => void (event.prevented = true), ...extra };
  return event;
}

/** A page asks for a port, as its preload does. */
export function connect(
  sender: electron.FakeContents,
  senderFrame: { url: string } | null = sender.mainFrame,
): void {
  electron.ipcMain.emit('gongwei:connect', { sender, senderFrame });
}

export function ready(child: electron.FakeChild): void {
  child.emit('message', { t: 'ready', station: 'S1' });
}

export async function nextFork(): Promise<electron.FakeChild> {
  const [child] = (await once(electron.forks, 'fork')) as [electron.FakeChild];
  await settled();
  return child;
}
