import { aboutUnit, type Requests, type RunningUnit } from '../../parts/described/index.ts';
import { LineSplitter, type SplitLine } from '../../parts/line-splitter.ts';

export const FIRMWARE = { model: 'GW-GATT-1', version: '1.0.0' } as const;
const LONGEST_LINE_BYTES = 64;

/** The console on the test pads of the unit. It says who the unit is and has no command for an identity. */
export class Pads implements Requests<SplitLine> {
  readonly #lines = new LineSplitter(LONGEST_LINE_BYTES);

  push(bytes: Uint8Array): readonly SplitLine[] {
    return this.#lines.push(bytes);
  }

  clear(): void {
    this.#lines.clear();
  }

  answer(line: SplitLine, { context, cloud }: RunningUnit): Promise<Uint8Array> {
    const firmware = { ...FIRMWARE, version: cloud.version };
    const answer = line.kind === 'too-long' ? null : aboutUnit(line.text.trim(), context, firmware);
    return Promise.resolve(Buffer.from(`${answer ?? 'ERR'}\r\n`));
  }
}
