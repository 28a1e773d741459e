import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { CoreMessage } from '../ipc/index.ts';

/** Installers of newer versions, which main opens. */
export interface Installer {
  /** Absent on Linux, where a package manager installs: the page says so. Faults: `tool-missing`. */
  readonly open: ((path: string) => Promise<void>) | undefined;
  /** Takes main's answer to a request. */
  answer(id: number, isOpened: boolean): void;
}

export function createInstaller(send: (message: CoreMessage) => void, { kind } = hostSystem()): Installer {
  const waiting = new Map<number, (isOpened: boolean) => void>();
  let nextId = 1;
  async function open(path: string): Promise<void> {
    const id = nextId++;
    const isOpened = await new Promise<boolean>((resolve) => {
      waiting.set(id, resolve);
      send({ t: 'installer', id, path });
    });
    if (isOpened) return;
    throw new Fault('tool-missing', `the installer ${path} could not be opened`, {
      hint: 'Close this program and open the installer by hand.',
      details: { tool: path },
    });
  }
  return {
    open: kind === 'windows' || kind === 'macos' ? open : undefined,
    answer(id, isOpened) {
      waiting.get(id)?.(isOpened);
      waiting.delete(id);
    },
  };
}
