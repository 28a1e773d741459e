import { Fault } from '#shared/domain/fault.ts';
import type { SecretBox } from '#station';
import type { CoreMessage } from '../link/index.ts';

/** Marks what the keychain wrapped; what does not begin so was wrapped with the data directory's key file. */
const MARK = new TextEncoder().encode('gongwei-keychain-1\n');

/** The desktop's keychain as seen from the core: only main may use it, so it is asked by message. */
export interface Keychain {
  /**
   * A SecretBox over the keychain. It opens what a terminal has wrapped with the key file too, so that both can work
   * on one data directory that the terminal has made. Without a keychain worth the name it is the key file alone.
   */
  box(keyFile: SecretBox, available: boolean): SecretBox;
  /** Main's answer; `null` when the keychain refused. */
  answer(id: number, output: Uint8Array | null): void;
}

export function createKeychain(say: (message: CoreMessage) => void): Keychain {
  const waiting = new Map<number, (output: Uint8Array | null) => void>();
  let nextId = 1;

  async function ask(op: 'wrap' | 'unwrap', input: Uint8Array): Promise<Uint8Array> {
    const id = nextId++;
    const output = await new Promise<Uint8Array | null>((resolve) => {
      waiting.set(id, resolve);
      say({ t: 'keychain', id, op, input });
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
        return new Uint8Array([...MARK, ...(await ask('wrap', plain))]);
      },
      async unwrap(wrapped) {
        const byKeychain = MARK.every((byte, index) => wrapped[index] === byte);
        return byKeychain ? ask('unwrap', wrapped.subarray(MARK.length)) : keyFile.unwrap(wrapped);
      },
    }),
    answer(id, output) {
      waiting.get(id)?.(output);
      waiting.delete(id);
    },
  };
}
