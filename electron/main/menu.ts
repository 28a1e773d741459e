import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopWords } from './desktop-words.ts';

/** What menu and tray can do. */
export interface DesktopActions {
  readonly showLine: () => void;
  readonly showOffice: () => void;
  readonly print: () => void;
  readonly quit: () => void;
}

/**
 * The menu of the office window, on macOS of the program. The line window has none elsewhere: a scanner may send Alt and
 * control characters, which would open a menu or run its shortcuts.
 */
export function menuTemplate(
  words: DesktopWords,
  actions: DesktopActions,
  isMac: boolean,
): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    {
      label: isMac ? 'Gongwei' : words.file,
      submenu: [
        { label: words.print, accelerator: 'CmdOrCtrl+P', click: actions.print },
        separator,
        { label: words.closeWindow, role: 'close' },
        { label: words.quit, accelerator: 'CmdOrCtrl+Q', click: actions.quit },
      ],
    },
    {
      label: words.edit,
      submenu: [
        { label: words.undo, role: 'undo' },
        { label: words.redo, role: 'redo' },
        separator,
        { label: words.cut, role: 'cut' },
        { label: words.copy, role: 'copy' },
        { label: words.paste, role: 'paste' },
        { label: words.selectAll, role: 'selectAll' },
      ],
    },
    {
      label: words.view,
      submenu: [
        { label: words.resetZoom, role: 'resetZoom' },
        { label: words.zoomIn, role: 'zoomIn' },
        { label: words.zoomOut, role: 'zoomOut' },
        separator,
        { label: words.fullScreen, role: 'togglefullscreen' },
      ],
    },
    {
      label: words.window,
      submenu: [
        { label: words.line, click: actions.showLine },
        { label: words.office, click: actions.showOffice },
      ],
    },
  ];
}

export function trayTemplate(words: DesktopWords, actions: DesktopActions): MenuItemConstructorOptions[] {
  return [
    { label: words.line, click: actions.showLine },
    { label: words.office, click: actions.showOffice },
    { type: 'separator' },
    { label: words.quit, click: actions.quit },
  ];
}
