/** One file inside a package. */
export interface PackageFile {
  /** Path inside the package with `/`; it does not leave the package. */
  readonly path: string;
  /** As declared; `read` yields exactly this many bytes or throws. */
  readonly sizeBytes: number;
  /**
   * The content as a stream; may be called once. Faults: `firmware-invalid`, `file-missing`, `file-denied`, `data-busy`,
   * `disk-full`, `disk-read-only`, `disk-failing`, the signal's reason.
   */
  read(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** A package that is open for reading; disposing of it closes its file. */
export interface PackageSource extends AsyncDisposable {
  /** Name of the archive or folder. */
  readonly name: string;
  readonly files: readonly PackageFile[];
}

/** Limits of a package: a home directory, for example, is refused. */
export const MAX_FILES = 10_000;
export const MAX_DEPTH = 32;
