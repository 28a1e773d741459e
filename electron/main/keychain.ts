import { safeStorage } from 'electron';

/**
 * Whether the operating system keeps a secret for us. Linux without a keyring falls back to a password that is
 * written in Chromium's source: that is no keychain, and the key file with owner-only rights is better.
 */
export async function hasKeychain(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return (
    process.platform !== 'linux' ||
    !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
  );
}

/** Wraps or unwraps with the operating system's keychain; `null` when it refuses. */
export async function useKeychain(op: 'wrap' | 'unwrap', input: Uint8Array): Promise<Uint8Array | null> {
  try {
    if (op === 'wrap') return await safeStorage.encryptStringAsync(Buffer.from(input).toString('base64'));
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(input));
    return Buffer.from(result, 'base64');
  } catch {
    // Why is the keychain's secret; that it does not open is what the core says.
    return null;
  }
}
