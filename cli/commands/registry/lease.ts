import type { Command } from 'commander';
import { openRegistryStore } from '#registry';
import { counted } from '#shared/words/index.ts';
import { type ApproverFlags, withApprover } from '../../approval.ts';
import { approverAtRegistry } from '../../registry-approval.ts';
import { registryDir } from '../../data-directories.ts';
import { type CommonOptions, command, dataDirOf, group } from '../../command.ts';
import { formatUtcTime } from '../../format-time.ts';
import { createOutput, table } from '../../output.ts';

interface DecisionOptions extends CommonOptions, ApproverFlags {
  readonly reason: string;
}

/** Decisions about leases, on the registry's own data, also while it serves. */
export function leaseCommand(): Command {
  const decided = (name: string, description: string): Command =>
    withApprover(
      command(name, description)
        .argument('<lease>', 'id from "registry lease list"')
        .requiredOption('--reason <text>', 'reason of the decision'),
      'who approved it',
    );
  return group('lease', 'triples leased to stations', [
    command('list', 'all leases, with the last contact of their stations')
      .option('--station <name>', 'only of this station')
      .action(list),
    decided(
      'quarantine',
      'give up the triples that a dead station still has: they can no longer be bound or log in',
    ).action((lease: string, options: DecisionOptions) => decide('quarantine', lease, options)),
    decided('restore', 'give a quarantined lease back to its station').action(
      (lease: string, options: DecisionOptions) => decide('restore', lease, options),
    ),
  ]);
}

async function list(options: CommonOptions & { readonly station?: string }): Promise<void> {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const leases = store
    .leases()
    .filter(({ station }) => options.station === undefined || station === options.station);
  for (const lease of leases) out.event('registry.lease', lease);
  const rows = leases.map((lease) => [
    lease.leaseId,
    lease.station,
    lease.productId,
    String(lease.count),
    String(lease.outstanding),
    String(lease.returned),
    lease.quarantined === true ? 'QUARANTINED' : '',
    lease.lastHeardMs === null ? 'never' : formatUtcTime(lease.lastHeardMs),
  ]);
  out.print(
    table(
      ['lease', 'station', 'product', 'triples', 'outstanding', 'returned', '', 'last contact (UTC)'],
      rows,
    ),
  );
}

async function decide(
  act: 'quarantine' | 'restore',
  leaseId: string,
  options: DecisionOptions,
): Promise<void> {
  const out = createOutput(options);
  const approver = await approverAtRegistry(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const { reason } = options;
  const devices =
    act === 'quarantine'
      ? store.quarantineLease(leaseId, { reason, approver })
      : store.restoreLease(leaseId, { reason, approver });
  out.event(`registry.lease-${act}`, { leaseId, devices });
  out.print(`${leaseId}: ${counted(devices, 'device')} ${act === 'quarantine' ? 'quarantined' : 'restored'}`);
}
