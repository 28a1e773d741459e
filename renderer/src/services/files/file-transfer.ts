import { inject, type InjectionKey } from 'vue';

export interface Upload {
  readonly fileId: string;
  readonly name: string;
}

/** How files get to the station and from it, whichever host the page is in. */
export interface FileTransfer {
  /**
   * Sends a file; the station knows it by its id from then on, for one use. `onProgress` hears bytes sent.
   * Rejects with the station's Fault, `disconnected`, or `cancelled`.
   */
  send(file: File, onProgress: (sentBytes: number) => void, signal: AbortSignal): Promise<Upload>;
  /** Hands a file that the station has made to the person, as a download. Rejects where the station cannot be asked. */
  fetch(fileId: string, name: string): Promise<void>;
}

export const FILE_TRANSFER: InjectionKey<FileTransfer> = Symbol('file transfer');

export function useFileTransfer(): FileTransfer {
  const transfer = inject(FILE_TRANSFER);
  if (transfer === undefined) throw new Error('the application was mounted without a file transfer');
  return transfer;
}
