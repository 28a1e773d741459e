import type { Session, WebContents } from 'electron';
import { isOurPage } from './pages.ts';

/** For every web contents that ever comes to be: it stays on our page, opens nothing and embeds nothing. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // Left alone, Electron answers a page that asks for a Bluetooth device with the first it hears.
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
}

/** A page needs no permission, no device and no network; what it may save, `guardDownloads` says. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url) }));
}

function mayLoad(url: string): boolean {
  return isOurPage(url) || url.startsWith('data:') || url.startsWith('blob:') || url.startsWith('devtools:');
}
