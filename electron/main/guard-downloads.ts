import { basename, join } from 'node:path';
import type { DownloadItem, Session, WebContents } from 'electron';
import { fileIdIn } from '#shared/contract/station-files.ts';
import { isOurPage } from './pages.ts';

export interface DownloadRules {
  /** Whether it is the page of one of our windows that saves. */
  readonly isOurs: (contents: WebContents) => boolean;
  /** Where the dialog begins. */
  readonly folder: () => string;
  /** A file that was not saved although the person wanted it. */
  readonly onLost: (name: string) => void;
}

/**
 * Lets a page of ours save what the station has made, where its person says in the system's dialog, and nothing else:
 * no address of another kind, nothing that a page has made up itself (`data:`, `blob:`), no detour.
 */
export function guardDownloads(session: Session, rules: DownloadRules): void {
  session.on('will-download', (event, item, contents) => {
    // Electron types it as always there; without a page there is none.
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
      // `cancelled`: the person did not want it after all.
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
