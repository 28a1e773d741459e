import type { DeviceContext } from '../profile.ts';
import type { AmpeRequest, Outcome } from './envelope.ts';
import type { Terminal } from './terminal.ts';

/** One request under way. */
export interface Task {
  readonly request: AmpeRequest;
  readonly context: DeviceContext;
  readonly terminal: Terminal;
  /** Fires when power goes, or when the task is ended by another. */
  readonly signal: AbortSignal;
  /** What the document has as `my.on`: an envelope of the same task with the listener's name as `event`. */
  readonly tell: (listener: string, data: Readonly<Record<string, unknown>>) => void;
  /** Work that outlives the reply. */
  readonly track: (work: Promise<void>) => void;
}

export type Action = (task: Task) => Promise<Outcome>;
export type Actions = Readonly<Record<string, Action>>;
