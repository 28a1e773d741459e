import type { Session, WebContents } from 'electron';
import { isOurPage } from './pages.ts';

/**
 * Keeps web contents on our page: no navigation, no new window, no embedded view.
 *
 * @param onOpenPage called when a page wants one of our pages in a window of its own; the host opens it
 */
export function guardContents(contents: WebContents, onOpenPage: (url: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (isOurPage(url)) onOpenPage(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // By default Electron answers a request for a Bluetooth device with the first one that it finds.
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
}

/**
 * Denies every permission, device and network request of a page, except the camera for our pages, without the microphone: a prompt
 * may ask for a photo. Downloads are for `guardDownloads`.
 */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const kinds = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const isCamera = permission === 'media' && kinds.length > 0 && kinds.every((kind) => kind === 'video');
    answer(isCamera && isOurPage(details.requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin, { mediaType }) =>
      permission === 'media' && mediaType === 'video' && isOurPage(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url) }));
}

function mayLoad(url: string): boolean {
  return isOurPage(url) || url.startsWith('data:') || url.startsWith('blob:') || url.startsWith('devtools:');
}
