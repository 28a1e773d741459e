import { expect } from 'vitest';
import { userFrame } from '../../../../simulator/parts/voice/index.ts';
import type { TestSimulator } from '../../../kit/test-simulator.ts';
import { Terminal } from '../../../kit/terminal.ts';

/** A terminal at a voice module on slot 1 that has booted: it answers, and what it said before is read. */
export async function awake(simulator: TestSimulator): Promise<Terminal> {
  const terminal = await Terminal.open(simulator.pathOf(1));
  await expect
    .poll(async () => {
      await terminal.write(userFrame(0x02));
      return terminal.expect(/\xaa\x55[^]\x82/, 100).then(
        () => true,
        () => false,
      );
    })
    .toBe(true);
  await terminal.expect(/^[^]*/);
  return terminal;
}
