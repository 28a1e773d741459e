/** The registry of a station. */
export interface RegistryBinding {
  readonly url: string;
  readonly token: string;
  /** SHA-256 of its certificate; when left out, the certificate authorities of this computer decide. */
  readonly fingerprint?: string | null | undefined;
}

/** A binding as it is stored: with `isOwn` the token is this station's alone and is not exchanged again. */
export interface StoredBinding extends RegistryBinding {
  readonly isOwn: boolean;
  readonly fingerprint: string | null;
}
