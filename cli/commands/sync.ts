import type { Command } from 'commander';
import { asFileFault, writeFileAtomicSync } from '#node-kit/files/index.ts';
import { visibleJson } from '#shared/codec/visible-text.ts';
import type { SyncState } from '#shared/contract/index.ts';
import { type ReadableDatabase, unsentMessages } from '#station';
import { counted } from '#shared/words/index.ts';
import { type ApproverFlags, approverOf, beforeApproval, withApprover } from '../approval.ts';
import { type CommonOptions, command, group, interruptSignal } from '../command.ts';
import { createOutput, type Output, table, writeJsonLine } from '../output.ts';
import { pointInTime } from '../point-in-time.ts';
import { terminalSession } from '../terminal-session.ts';
import { withStation, withDatabase } from '../with-station.ts';

const ELSEWHERE = 'Choose another folder, or give write permission on this one.';

export function syncCommand(): Command {
  return group('sync', 'the outbox: messages that the registry has not acknowledged', [
    command('status', 'numbers of pending, parked and sent messages').action(status),
    command('drain', 'send all pending messages now').action(drain),
    command('retry', 'put a parked message back in the queue')
      .argument('<key>')
      .option('--set-aside', 'also when a person has set it aside; this decision is undone')
      .action(retry),
    withApprover(
      command('set-aside', 'leave a parked message parked, and send the later messages of its unit')
        .argument('<key>')
        .requiredOption('--reason <text>', 'reason why the registry does not need it'),
      'who approved it',
    ).action(setAside),
    withApprover(
      command('resend', 'send acknowledged messages again, to a registry that was restored from a backup')
        .requiredOption('--since <time>', 'not later than its backup: 2026-11-21T08:00', pointInTime('begin'))
        .requiredOption('--reason <text>', 'reason of the decision'),
      'who approved it',
    ).action(resend),
    command('export', 'write all pending and parked messages as JSON Lines')
      .argument('[file]', '- is standard output', '-')
      .action(exportAll),
  ]);
}

async function status(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const { oldestPendingAtMs, ...counts } = database.outbox.getCounts();
    const oldestMs = oldestPendingAtMs === null ? null : Math.max(0, Date.now() - oldestPendingAtMs);
    printResult(out, { ...counts, oldestMs }, database);
  });
}

async function drain(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    printResult(out, await station.sync.drain(interruptSignal()), station.database);
  });
}

async function retry(key: string, options: CommonOptions & { readonly setAside?: boolean }): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => {
    const { sync, database } = station;
    const isSetAside = options.setAside === true && database.outbox.findSetAside(key) !== null;
    const by = terminalSession();
    printResult(out, isSetAside ? sync.retrySetAside(key, by) : sync.retry(key, by), database);
  });
}

async function setAside(
  key: string,
  options: CommonOptions & ApproverFlags & { readonly reason: string },
): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    const signal = interruptSignal();
    await beforeApproval(station, options, signal);
    const claim = { reason: options.reason, ...approverOf(options) };
    printResult(out, await station.sync.setAside(key, claim, terminalSession(), signal), station.database);
  });
}

async function resend(
  options: CommonOptions & ApproverFlags & { readonly since: number; readonly reason: string },
): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    const signal = interruptSignal();
    await beforeApproval(station, options, signal);
    const claim = { reason: options.reason, ...approverOf(options) };
    printResult(
      out,
      await station.sync.resend(options.since, claim, terminalSession(), signal),
      station.database,
    );
  });
}

/** Writes the file atomically. Standard output has no other lines. */
async function exportAll(file: string, options: CommonOptions): Promise<void> {
  let messages = 0;
  await withDatabase(options, (database) => {
    if (file === '-') {
      for (const message of unsentMessages(database)) writeJsonLine(message);
      return;
    }
    const lines = function* (): Generator<string> {
      for (const message of unsentMessages(database)) {
        messages += 1;
        yield `${visibleJson(message)}\n`;
      }
    };
    try {
      writeFileAtomicSync(file, lines());
    } catch (cause) {
      throw asFileFault(cause, file, 'written', {
        'file-denied': { hint: ELSEWHERE },
        'file-missing': { hint: ELSEWHERE },
      });
    }
  });
  if (file === '-') return;
  const out = createOutput(options);
  out.event('sync.exported', { file, messages });
  out.print(`${counted(messages, 'message')} in ${file}`);
}

function printResult(
  out: Output,
  state: Pick<SyncState, 'pending' | 'parked' | 'setAside' | 'sent' | 'oldestMs' | 'waiting'>,
  database: ReadableDatabase,
): void {
  const { pending, parked, setAside, sent, oldestMs, waiting = 0 } = state;
  const items = database.outbox.listParked();
  out.event('sync.status', { pending, parked, setAside, oldestMs, sent, waiting });
  for (const { key, kind, orderKey, reason, setAside } of items)
    out.event('sync.parked', { key, kind, orderKey, reason, setAside });
  out.print(
    `${pending} pending${oldestMs === null ? '' : ` (oldest ${Math.round(oldestMs / 1000)} s)`}, ${parked} parked${waiting === undefined || waiting === 0 ? '' : ` (${counted(waiting, 'waits', 'wait')} behind)`}${setAside === 0 ? '' : `, ${setAside} set aside`}, ${sent} sent`,
  );
  if (items.length > 0)
    out.print(
      table(
        ['parked', 'reason'],
        items.map((item) => [
          item.key,
          item.setAside === null ? item.reason : `${item.reason}; set aside: ${item.setAside}`,
        ]),
      ),
    );
}
