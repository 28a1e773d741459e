/** One file inside a package. */
export interface PackageFile {
  /** Path inside the package with `/`, checked: it leads nowhere else. */
  readonly path: string;
  /** As declared. What `read` gives is exactly this long, or it faults. */
  readonly sizeBytes: number;
  /** The content, once, streamed. Faults: `firmware-invalid` when it is not what was declared; the signal's reason. */
  read(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** A package opened for reading: a zip, a folder, or single files. Closing lets go of the file. */
export interface PackageSource extends AsyncDisposable {
  /** Name of the archive or folder, for people. */
  readonly name: string;
  readonly files: readonly PackageFile[];
}

/** So many files may be in a package, so deep may its folders go: a home directory is not a package. */
export const MAX_FILES = 10_000;
export const MAX_DEPTH = 32;
