import { basename, join } from 'node:path';
import type { DownloadItem, Session, WebContents } from 'electron';
import { fileIdIn } from '#shared/contract/station-files.ts';
import { isOurPage } from './pages.ts';

export interface DownloadRules {
  /** Whether the page that saves belongs to one of our windows. */
  readonly isOurs: (contents: WebContents) => boolean;
  /** The folder that the dialog opens. */
  readonly folder: () => string;
  /** A file could not be saved although the person wanted it. */
  readonly onLost: (name: string) => void;
}

/**
 * Lets our pages save only files that the station has made, to the place that the person chooses in the system's dialog. Other
 * addresses, content that a page has made itself (`data:`, `blob:`) and redirects are refused.
 */
export function guardDownloads(session: Session, rules: DownloadRules): void {
  session.on('will-download', (event, item, contents) => {
    // Electron declares `contents` as never null; a download without a page has none.
    if (!isStationFile(item) || (contents as WebContents | null) === null || !rules.isOurs(contents)) {
      event.preventDefault();
      return;
    }
    const name = basename(item.getFilename());
    item.setSaveDialogOptions({
      defaultPath: join(rules.folder(), name),
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    item.once('done', (_event, state) => {
      // `cancelled` means that the person has closed the dialog.
      if (state === 'interrupted') rules.onLost(name);
    });
  });
}

function isStationFile(item: DownloadItem): boolean {
  const url = item.getURL();
  return (
    item.getURLChain().every((one) => one === url) &&
    isOurPage(url) &&
    fileIdIn(new URL(url).pathname) !== null
  );
}
