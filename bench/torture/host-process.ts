import { createInterface } from 'node:readline';
import { Fault } from '#shared/domain/fault.ts';

/** Writes one line of JSON to the torture. A pipe is written synchronously, so a kill after this call does not lose the line. */
export function emit(event: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
}

/**
 * Reads one command a line, handles each as it comes, and ends the process at the end of stdin. A command with an `id` is
 * answered by `done` with that id and the result of `handle` or its fault.
 */
export function serveCommands<Command>(
  handle: (command: Command) => Promise<object | void> | object | void,
): void {
  process.stdout.on('error', () => process.exit(1));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const { id, ...command } = JSON.parse(line) as { readonly id?: number };
    void answer(id, command as Command);
  });
  lines.once('close', () => process.exit(0));
  emit('host.loaded');

  async function answer(id: number | undefined, command: Command): Promise<void> {
    try {
      const result = await handle(command);
      if (id !== undefined) emit('done', { id, ...result });
    } catch (error) {
      if (id === undefined) throw error;
      const fault = error instanceof Fault ? error : null;
      const message = error instanceof Error ? error.message : String(error);
      emit('done', { id, code: fault?.code ?? 'internal', message });
    }
  }
}
