import { safeStorage } from 'electron';
import { hostSystem } from '#node-kit/host-system/index.ts';

/**
 * Whether the operating system has a secure keychain. On Linux without a keyring Electron uses a password that is written in
 * Chromium's source; the key file with owner-only rights is more secure than that.
 */
export async function hasKeychain(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return (
    hostSystem().kind !== 'linux' ||
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
    // The keychain gives no reason. The core reports that the key cannot be opened.
    return null;
  }
}
