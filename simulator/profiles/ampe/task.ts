import type { DeviceContext } from '../profile.ts';
import type { AmpeRequest, ActionResult } from './envelope.ts';
import type { Terminal } from './terminal.ts';

/** One request under way. */
export interface Task {
  readonly request: AmpeRequest;
  readonly context: DeviceContext;
  readonly terminal: Terminal;
  /** Fires when power goes, or when the task is ended by another. */
  readonly signal: AbortSignal;
  /** What `my.on` of the document receives, by the name of the listener. */
  readonly deliver: (listener: string, data?: Readonly<Record<string, unknown>>) => void;
  /** Work that outlives the reply. */
  readonly track: (work: Promise<void>) => void;
}

/** `null`: it answers nothing, where the document does not say that it answers. */
export type Action = (task: Task) => Promise<ActionResult | null>;
export type Actions = Readonly<Record<string, Action>>;
