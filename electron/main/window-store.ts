import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomicSync } from '#node-kit/files/index.ts';
import { type DesktopState, NO_STATE, parseDesktopState } from './window-state.ts';

/** Where the windows were, kept in a file. A place that cannot be read or written is forgotten: it is a convenience. */
export interface WindowStore {
  readonly state: DesktopState;
  change(part: Partial<DesktopState>): void;
}

export function openWindowStore(file: string): WindowStore {
  let state = read(file);
  return {
    get state() {
      return state;
    },
    change(part) {
      const next = { ...state, ...part };
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileAtomicSync(file, [`${JSON.stringify(state)}\n`], 0o600);
      } catch {
        // The next start opens the windows where they were before.
      }
    },
  };
}

function read(file: string): DesktopState {
  try {
    return parseDesktopState(readFileSync(file, 'utf8'));
  } catch {
    return NO_STATE;
  }
}
