import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ed25519Pem } from '#node-kit/crypto/index.ts';
import { type CommonOptions, command, interruptSignal } from '../../command.ts';
import { formatUtcTime } from '../../format-time.ts';
import { createOutput, table } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withStation } from '../../with-station.ts';
import { writeSharedFile } from '../../write-shared-file.ts';

interface KeyOptions extends CommonOptions {
  readonly out?: string;
  readonly rotate?: boolean;
}

/** The key with which the station signs balances and certificates. */
export function keyCommand(): Command {
  return command('key', 'the key of the signatures of this station; made when there is none')
    .option('--out <file>', 'write the public key (PEM), for those who verify documents')
    .option('--rotate', 'make a new key; documents that were signed before stay valid')
    .action(key);
}

async function key(options: KeyOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withStation(options, async ({ signingKeys, sync }) => {
    const by = terminalSession();
    const write = async ({ publicKey }: { readonly publicKey: Uint8Array }): Promise<void> => {
      if (options.out !== undefined)
        await writeSharedFile(resolve(options.out), ed25519Pem(publicKey), signal);
    };
    let current = signingKeys.ensure(by);
    // Also before a new key is made: a file that cannot be written is known before the key is changed.
    await write(current);
    if (options.rotate === true) {
      current = signingKeys.rotate(by);
      await write(current);
    }
    // The registry learns it now, or as soon as it answers.
    await sync.drain(signal).catch(() => undefined);
    const keys = signingKeys.list();
    for (const { keyId, reason, createdAtMs } of keys)
      out.event('station.key', { fingerprint: keyId, current: keyId === current.keyId, reason, createdAtMs });
    out.print(
      table(
        ['fingerprint', 'since (UTC)', 'made', ''],
        keys.map(({ keyId, reason, createdAtMs }) => [
          keyId,
          formatUtcTime(createdAtMs),
          REASONS[reason],
          keyId === current.keyId ? 'in use' : '',
        ]),
      ),
    );
  });
}

const REASONS = {
  first: 'as the first one',
  rotated: 'in place of the one before',
  lost: 'because the one before cannot be opened any more',
} as const;
