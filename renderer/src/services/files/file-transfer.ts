import { inject, type InjectionKey } from 'vue';

export interface Upload {
  readonly fileId: string;
  readonly name: string;
}

/** Transfers files to and from the station, in every host. */
export interface FileTransfer {
  /**
   * Sends a file; the station knows it by its id from then on, for one use. `onProgress` receives the number of bytes sent.
   * Rejects with the station's Fault, `disconnected`, or `cancelled`.
   */
  send(file: File, onProgress: (sentBytes: number) => void, signal: AbortSignal): Promise<Upload>;
  /** Downloads a file of the station. Rejects when the station cannot be reached. */
  fetch(fileId: string, name: string): Promise<void>;
  /** The content of a file of the station, to show it. Rejects with `disconnected`. */
  read(fileId: string): Promise<Blob>;
}

export const FILE_TRANSFER: InjectionKey<FileTransfer> = Symbol('file transfer');

export function useFileTransfer(): FileTransfer {
  const transfer = inject(FILE_TRANSFER);
  if (transfer === undefined) throw new Error('the application was mounted without a file transfer');
  return transfer;
}
