import { Menu, nativeImage, Tray } from 'electron';
import type { DesktopWords } from './desktop-words.ts';
import { type DesktopActions, trayTemplate } from './menu.ts';

const SIZE = 22;

/**
 * The icon in the tray, with a menu. `null` where there is no tray, as on some desktops of Linux: everything in its menu is
 * also elsewhere.
 */
export function createTray(icon: string, words: DesktopWords, actions: DesktopActions): Tray | null {
  try {
    const tray = new Tray(nativeImage.createFromPath(icon).resize({ width: SIZE, height: SIZE }));
    tray.setToolTip('Gongwei 工位');
    tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(words, actions)));
    tray.on('click', actions.showLine);
    return tray;
  } catch {
    return null;
  }
}
