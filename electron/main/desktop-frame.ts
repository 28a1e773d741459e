import { BrowserWindow, Menu } from 'electron';
import type { StationNotice } from '../ipc/index.ts';
import { type DesktopLanguage, desktopWords, languageOfLocale } from './desktop-words.ts';
import { type DesktopActions, menuTemplate } from './menu.ts';
import { notifyStation } from './notices.ts';
import { createTray } from './tray.ts';

export interface DesktopFrameOptions {
  readonly isMac: boolean;
  /** The locale of the operating system. */
  readonly locale: string;
  readonly icon: string;
  readonly actions: DesktopActions;
}

/** What is around the pages, in the language of the station: the menu, the tray and the notifications. */
export class DesktopFrame {
  readonly #options: DesktopFrameOptions;
  #language: DesktopLanguage;
  #tray: ReturnType<typeof createTray> = null;
  #office: BrowserWindow | null = null;

  constructor(options: DesktopFrameOptions) {
    this.#options = options;
    this.#language = languageOfLocale(options.locale);
    this.#draw();
  }

  /** The language that the station's pages begin with; `null`: that of the operating system. */
  setLanguage(language: DesktopLanguage | null): void {
    const next = language ?? languageOfLocale(this.#options.locale);
    if (next === this.#language) return;
    this.#language = next;
    this.#draw();
  }

  /** The menu is at the top of this window. */
  addOffice(window: BrowserWindow): void {
    this.#office = window;
    window.on('closed', () => (this.#office = null));
    this.#draw();
  }

  /** Ends the program as its menu does. */
  quit(): void {
    this.#options.actions.quit();
  }

  /** Told by the operating system, unless a window is in front: then its page shows it. */
  notify(notice: StationNotice): void {
    if (BrowserWindow.getFocusedWindow() === null) notifyStation(notice, this.#language);
  }

  #draw(): void {
    const { isMac, icon, actions } = this.#options;
    const words = desktopWords(this.#language);
    const menu = (): Menu => Menu.buildFromTemplate(menuTemplate(words, actions, isMac));
    Menu.setApplicationMenu(isMac ? menu() : null);
    if (!isMac) this.#office?.setMenu(menu());
    this.#tray?.destroy();
    this.#tray = createTray(icon, words, actions);
  }
}
