import { Fault } from '#shared/domain/fault.ts';
import { isOfKeychain, KEYCHAIN_PREFIX, type SecretBox } from '#station';
import type { CoreMessage } from '../ipc/index.ts';

/** The desktop's keychain for the core. Only main may use it, so each request is a message. */
export interface Keychain {
  /**
   * A SecretBox that uses the keychain. It also opens keys that a terminal has wrapped with the key file, so that the
   * desktop can open a data directory that a terminal made. Without a secure keychain it uses the key file alone.
   */
  box(keyFile: SecretBox, available: boolean): SecretBox;
  /** Takes main's answer to a request; `null` when the keychain refused. */
  answer(id: number, output: Uint8Array | null): void;
}

export function createKeychain(send: (message: CoreMessage) => void): Keychain {
  const waiting = new Map<number, (output: Uint8Array | null) => void>();
  let nextId = 1;

  async function request(op: 'wrap' | 'unwrap', input: Uint8Array): Promise<Uint8Array> {
    const id = nextId++;
    const output = await new Promise<Uint8Array | null>((resolve) => {
      waiting.set(id, resolve);
      send({ t: 'keychain', id, op, input });
    });
    if (output !== null) return output;
    throw new Fault('secret-unreadable', "this computer's keychain does not open this station's secrets", {
      hint: 'Sign in to the computer as the user who set the station up, or restore its keychain.',
    });
  }

  return {
    box: (keyFile, available) => ({
      kind: available ? 'keychain' : keyFile.kind,
      warning: () => keyFile.warning?.() ?? null,
      async wrap(plain) {
        if (!available) return keyFile.wrap(plain);
        return new Uint8Array([...KEYCHAIN_PREFIX, ...(await request('wrap', plain))]);
      },
      async unwrap(wrapped) {
        return isOfKeychain(wrapped)
          ? request('unwrap', wrapped.subarray(KEYCHAIN_PREFIX.length))
          : keyFile.unwrap(wrapped);
      },
    }),
    answer(id, output) {
      waiting.get(id)?.(output);
      waiting.delete(id);
    },
  };
}
