import type { DeviceContext } from '../profile.ts';
import type { AmpeRequest, ActionResult } from './envelope.ts';
import type { Terminal } from './terminal.ts';

/** One running request. */
export interface Task {
  readonly request: AmpeRequest;
  readonly context: DeviceContext;
  readonly terminal: Terminal;
  /** Aborts at power-off. */
  readonly signal: AbortSignal;
  /** Sends data to a listener of `my.on`. */
  readonly deliver: (listener: string, data?: Readonly<Record<string, unknown>>) => void;
  /** Registers work that continues after the reply. */
  readonly track: (work: Promise<void>) => void;
}

/** Executes a request. `null`: it has no reply in the document. */
export type Action = (task: Task) => Promise<ActionResult | null>;
export type Actions = Readonly<Record<string, Action>>;
