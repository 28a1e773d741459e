import { extname, resolve } from 'node:path';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { BALANCE_LISTS, type BalanceCounts, type BatchBalance, openTodo } from '#shared/signed/index.ts';
import { counted } from '#shared/words/index.ts';
import { type CommonOptions, interruptSignal } from '../../command.ts';
import { findBatch } from '../../lookup/batch.ts';
import { createOutput, type Output } from '../../output.ts';
import { printQuestion } from '../../output.ts';
import { readPipedText } from '../../read-piped-line.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withDocuments } from '../../with-documents.ts';
import { withCalls } from '../../with-calls.ts';
import { writeSharedFile } from '../../write-shared-file.ts';

/** Open identities that a terminal lists; the file has all. */
const MAX_LISTED = 20;

export async function balance(
  text: string,
  options: CommonOptions & { readonly out: string },
): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  const ending = extname(path).toLowerCase();
  if (ending !== '.json' && ending !== '.txt') {
    throw new Fault('bad-input', `${options.out} ends with neither .json nor .txt`, {
      hint: 'Both are signed: .json is for programs, .txt for people.',
    });
  }
  const signal = interruptSignal();
  await withDocuments(options, signal, async (source) => {
    const { batchId } = findBatch(source.database.batches, text);
    const made = await source.balance(batchId, terminalSession(), signal);
    const file = ending === '.json' ? made.file : await source.balanceAsText(made.document);
    await writeSharedFile(path, file, signal);
    const { counts, addsUp, previous, comparedWithRegistryAt, units } = made.document;
    out.event('batch.balance', {
      batch: batchId,
      path,
      sha256: sha256Hex(file),
      fingerprint: made.keyId,
      counts,
      addsUp,
      running: units.running,
      comparedWithRegistry: comparedWithRegistryAt !== null,
      changes: previous?.changes.length ?? 0,
      stored: source.isKept,
    });
    printBalance(out, made.document);
    out.print(`written to ${path}`);
    if (!source.isKept)
      out.notice('note: another process runs the station, so the balance is not stored there');
  });
}

export async function close(
  text: string,
  options: CommonOptions & { readonly yes?: boolean },
): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withCalls(options, async ({ database, call }) => {
    const { batchId, name } = findBatch(database.batches, text);
    if (options.yes !== true && process.stdin.isTTY) {
      const now = await call('documents.balance', { batchId, compare: false }, signal);
      printSum(out, now.counts);
      printQuestion(`Batch ${name} takes no runs after that. Close it? [y/N] `);
      const answer = (await readPipedText(16)).trim().toLowerCase();
      if (answer !== 'y' && answer !== 'yes')
        throw new Fault('cancelled', 'the batch was not closed', { hint: 'Nothing was changed.' });
    }
    const { counts, sha256, keyId, comparedAtMs, notCompared } = await call(
      'documents.closeBatch',
      { batchId },
      signal,
    );
    // The registry learns a new key with the messages; offline it learns it later.
    await call('sync.drain', {}, signal).catch(() => undefined);
    out.event('batch.closed', {
      batch: batchId,
      name,
      counts,
      sha256,
      fingerprint: keyId,
      comparedWithRegistry: comparedAtMs !== null,
      notCompared,
    });
    printSum(out, counts);
    printDoubts(out, counts);
    out.print(
      comparedAtMs !== null
        ? 'compared with the registry'
        : `NOT compared with the registry: ${notCompared?.message ?? 'this station has none'}. ` +
            `"batch balance ${batchId} --out FILE.json" compares once it answers`,
    );
    out.print(
      `batch ${name} is closed; "batch balance ${batchId} --out FILE.json" writes its signed balance`,
    );
  });
}

function printSum(out: Output, counts: BalanceCounts): void {
  const parts = BALANCE_LISTS.filter((list) => list !== 'open' || counts.open > 0).map(
    (list) => `${NAMES[list]} ${counts[list]}`,
  );
  out.print(`issued ${counts.issued} = ${parts.join(' + ')}`);
}

function printBalance(out: Output, { counts, lists, units, comparedWithRegistryAt }: BatchBalance): void {
  printSum(out, counts);
  if (comparedWithRegistryAt === null) out.print('not compared with the registry');
  if (units.running > 0) out.print(`${counted(units.running, 'run')} not ended`);
  printDoubts(out, counts);
  for (const { deviceName, serialNumber, open } of lists.open.slice(0, MAX_LISTED)) {
    if (open === undefined) continue;
    const detail = open.detail === '' ? '' : ` (${open.detail})`;
    out.print(`  ${deviceName} ${serialNumber ?? '-'}: ${openTodo(open.reason).en}${detail}`);
  }
  if (counts.open > MAX_LISTED) out.print(`  and ${counts.open - MAX_LISTED} more in the file`);
}

function printDoubts(out: Output, { inDoubt }: BalanceCounts): void {
  if (inDoubt === 0) return;
  out.print(
    `${counted(inDoubt, 'identity is', 'identities are')} in doubt: only reading the unit settles it`,
  );
}

const NAMES = {
  registered: 'registered',
  retired: 'retired',
  quarantined: 'quarantined',
  returned: 'returned to the pool',
  inDoubt: 'in doubt',
  open: 'OPEN',
} as const;
