import type { RunContext } from '../run-context/index.ts';

const LINE_END = { crlf: '\r\n', lf: '\n', cr: '\r', none: '' } as const;

/** The bytes that a step writes: of its `send`, or of its `text` in UTF-8 with its line end. Faults: those of `RunScope.text`. */
export function bleMessageBytes(
  step: {
    readonly send?: string | undefined;
    readonly text?: string | undefined;
    readonly end: keyof typeof LINE_END;
  },
  run: RunContext,
): Uint8Array {
  return step.text === undefined
    ? run.scope.bytes(step.send ?? '')
    : Buffer.from(run.scope.text(step.text) + LINE_END[step.end]);
}
