import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  STATION_ITSELF,
  createNodePlatform,
  createStation,
  type Platform,
  readRecipe,
  type RunResult,
  type Station,
  type StationConfig,
} from '#station';

import { loadLibc, openPty, type PtyPair } from '../../../simulator/pty/index.ts';
import { PRODUCT } from './sample-store.ts';
import { tempDir } from './temp-dir.ts';

/** A unit made for one test: told every chunk that comes, and says what it wants. */
export type Peer = (bytes: Buffer, say: (text: string | Uint8Array) => void) => void;

export interface PeerLine extends AsyncDisposable {
  readonly dir: string;
  readonly station: Station;
  readonly batchId: string;
  readonly pairs: readonly PtyPair[];
  run(slot?: number, serialNumber?: string | null): Promise<RunResult>;
}

/** A recipe for a device that answers `MAC?`, around the steps of a test. */
export function peerRecipe(
  steps: string,
  more: { readonly device?: string; readonly top?: string } = {},
): string {
  return `gongwei: recipe/1
name: peer
version: 1.0.0
title: { zh-CN: 测试, en: Test }
product: ${PRODUCT}
serialNumber: { pattern: '.+', example: SN1 }
${more.top ?? ''}
device:
  profile: described
  serial: { baudRate: 115200 }
  identify:
    - { text: 'MAC?', end: lf, expect: '(?<mac>[0-9A-F]{12})' }
${more.device ?? ''}
phases:
  - name: who
    kind: setup
    steps: [{ verb: identify }]
  - name: test
    steps:
${steps
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
`;
}

/** A real station on real ptys, at whose other ends the test itself is the unit. */
export async function startPeers(
  recipe: string,
  peers: readonly Peer[],
  options: {
    readonly files?: Readonly<Record<string, string | Uint8Array>>;
    readonly config?: Partial<StationConfig>;
    readonly boardPath?: string;
    readonly platform?: (paths: readonly string[]) => Partial<Platform>;
  } = {},
): Promise<PeerLine> {
  await using opening = new AsyncDisposableStack();
  const dir = opening.use(tempDir('peers')).path;
  const libc = loadLibc();
  const pairs = peers.map((peer, index) => {
    const pair = openPty(libc);
    opening.defer(() => pair.close());
    const say = (text: string | Uint8Array): void => void pair.master.write(text);
    pair.master.on('data', (bytes: Buffer) => {
      // Every peer can say who it is; the rest is its own.
      if (bytes.toString('latin1').includes('MAC?'))
        say(`AABBCCDDEE${String(index + 1).padStart(2, '0')}\r\n`);
      else peer(bytes, say);
    });
    return pair;
  });
  const path = join(dir, 'recipe.yaml');
  writeFileSync(path, recipe);
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(dir, name), text);
  const station = await createStation(
    createNodePlatform(join(dir, 'station'), options.platform?.(pairs.map((pair) => pair.path))),
    {
      slots: pairs.map((pair, index) => ({
        slot: index + 1,
        portPath: pair.path,
        boardPath: options.boardPath,
      })),
      appVersion: '0.0.0-test',
      autoSync: false,
      ...options.config,
    },
  );
  opening.defer(() => station.close());
  const { batchId } = station.batches.create(
    {
      recipe: await readRecipe(path),
      quantity: 1000,
      name: 'test',
    },
    STATION_ITSELF,
  );
  const close = opening.move();
  return {
    dir,
    station,
    batchId,
    pairs,
    async run(slot = 1, serialNumber = `SN${slot}`) {
      const result = await station.startUnit({ batchId, serialNumber, operator: 'Li', slot }).finished;
      station.slots.acknowledge(slot);
      return result;
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}
