import { inject, type InjectionKey } from 'vue';

export interface SentFile {
  readonly fileId: string;
  readonly name: string;
}

/** How files get to the station and from it, whichever host the page is in. */
export interface FileCarrier {
  /**
   * Sends a file; the station knows it by its id from then on, for one use. `onProgress` hears bytes sent.
   * Rejects with the station's Fault, `disconnected`, or `cancelled`.
   */
  send(file: File, onProgress: (sentBytes: number) => void, signal: AbortSignal): Promise<SentFile>;
  /** Hands a file that the station has made to the person, as a download. Rejects where the station cannot be asked. */
  fetch(fileId: string, name: string): Promise<void>;
}

export const FILE_CARRIER: InjectionKey<FileCarrier> = Symbol('file carrier');

export function useFileCarrier(): FileCarrier {
  const carrier = inject(FILE_CARRIER);
  if (carrier === undefined) throw new Error('the application was mounted without a file carrier');
  return carrier;
}
