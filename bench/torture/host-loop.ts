import { createInterface } from 'node:readline';
import { Fault } from '#shared/domain/fault.ts';

/** One line of JSON for the one who started this process. Pipes are written at once: what was said before a kill was said. */
export function say(event: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
}

/**
 * Obeys one order a line, each as it comes, and ends the process when nobody is left to give any. An order with an
 * `id` is answered by `done` with that id: with what `obey` returns, or with the fault.
 */
export function serveOrders<Order>(obey: (order: Order) => Promise<object | void> | object | void): void {
  process.stdout.on('error', () => process.exit(1));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const { id, ...order } = JSON.parse(line) as { readonly id?: number };
    void answer(id, order as Order);
  });
  lines.once('close', () => process.exit(0));
  say('host.loaded');

  async function answer(id: number | undefined, order: Order): Promise<void> {
    try {
      const result = await obey(order);
      if (id !== undefined) say('done', { id, ...result });
    } catch (error) {
      if (id === undefined) throw error;
      const fault = error instanceof Fault ? error : null;
      const message = error instanceof Error ? error.message : String(error);
      say('done', { id, code: fault?.code ?? 'internal', message });
    }
  }
}
