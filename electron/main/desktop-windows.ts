import type { BrowserWindow, Session } from 'electron';
import { addressOfUnit } from './deep-link.ts';
import { HOME_URL } from './pages.ts';
import { openWindow } from './window.ts';
import { type Monitor, otherMonitor, placeWindow, type WindowKind } from './window-state.ts';
import type { WindowStore } from './window-store.ts';

const OFFICE_URL = `${HOME_URL}#/back-office`;

export interface DesktopWindowsOptions {
  readonly preload: string;
  readonly store: WindowStore;
  readonly isKiosk: boolean;
  /** The monitors now, the primary one first. */
  readonly monitors: () => readonly Monitor[];
  readonly sessionOf: (kind: WindowKind) => Session;
  /** Called for each new window, before it is shown. */
  readonly onOpened: (window: BrowserWindow, kind: WindowKind) => void;
  /** The line window was closed; the program ends. */
  readonly onLineClosed: () => void;
}

/**
 * The windows: one for the line, and one for the office beside it, which is open when a person wants it. Each has its own
 * user. On a locked screen with one monitor the office is in the line window.
 */
export class DesktopWindows {
  readonly #options: DesktopWindowsOptions;
  readonly #open = new Map<WindowKind, BrowserWindow>();
  #isEnding = false;

  constructor(options: DesktopWindowsOptions) {
    this.#options = options;
  }

  get(kind: WindowKind): BrowserWindow | null {
    return this.#open.get(kind) ?? null;
  }

  /** Opens the windows that were open when the program ended. */
  restore(unit: string | null): void {
    this.#create('line', HOME_URL);
    if (unit !== null) this.showUnit(unit);
    else if (this.#options.store.state.isOfficeOpen && !this.#isShared()) this.showOffice();
  }

  showLine(): void {
    focus(this.#open.get('line'));
  }

  /** Shows the office window at an address of our pages; without one, where it was. */
  showOffice(address?: string): void {
    const kind = this.#isShared() ? 'line' : 'office';
    const open = this.#open.get(kind);
    if (open === undefined) {
      this.#create(kind, address ?? OFFICE_URL);
      return;
    }
    // Of an address that differs in its fragment alone, Chromium tells the page and loads nothing.
    if (address !== undefined || kind === 'line') void open.loadURL(address ?? OFFICE_URL);
    focus(open);
  }

  showUnit(unit: string): void {
    this.showOffice(addressOfUnit(unit));
  }

  /** The program ends: what is open now is open after the next start. */
  end(): void {
    this.#isEnding = true;
  }

  #isShared(): boolean {
    return this.#options.isKiosk && this.#options.monitors().length < 2;
  }

  #create(kind: WindowKind, address: string): void {
    const { store, preload, isKiosk, monitors, sessionOf, onOpened, onLineClosed } = this.#options;
    const now = monitors();
    const preferred = kind === 'office' ? otherMonitor(store.state.line?.bounds ?? null, now) : undefined;
    const window = openWindow({
      preload,
      session: sessionOf(kind),
      place: placeWindow(store.state[kind], now, preferred ?? now[0]),
      isKiosk: isKiosk && kind === 'line',
      address,
      onPlace: (place) => store.change({ [kind]: place }),
    });
    this.#open.set(kind, window);
    if (kind === 'office') store.change({ isOfficeOpen: true });
    window.on('closed', () => {
      this.#open.delete(kind);
      if (kind === 'line') onLineClosed();
      else if (!this.#isEnding) store.change({ isOfficeOpen: false });
    });
    onOpened(window, kind);
  }
}

function focus(window: BrowserWindow | undefined): void {
  if (window === undefined) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
