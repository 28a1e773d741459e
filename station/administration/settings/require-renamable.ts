import { Fault } from '#shared/domain/fault.ts';
import { counted, pluralForm } from '#shared/words/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { StoredBinding } from '../../registry-sync/client/index.ts';

/**
 * Requires that the station can get another name. The registry accepts the results of a lease, and messages about earlier
 * runs, from the station with the old name only. Faults: `bad-input` while such results or messages are not sent.
 *
 * @param isBoundAnew the same change binds the station to a registry; it then gets a token for its new name
 */
export function requireRenamable(
  database: ReadableDatabase,
  binding: StoredBinding | null,
  { from, to }: { readonly from: string; readonly to: string },
  isBoundAnew: boolean,
): void {
  if (from === to) return;
  const leased = database.leases.countOutstanding();
  if (leased > 0)
    throw new Fault(
      'bad-input',
      `${counted(leased, 'triple is', 'triples are')} leased to "${from}": as "${to}" their results would be refused`,
      {
        hint: 'Give back what is unused ("triples return"), send the rest ("sync drain"), retire what never comes back ("triples retire"); then change the name.',
        details: { from, to, inHand: leased },
      },
    );
  const { pending, parked, setAside } = database.outbox.getCounts();
  // A message that was set aside can still be sent.
  const unsent = pending + parked + setAside;
  if (binding !== null && unsent > 0)
    throw new Fault(
      'bad-input',
      `${counted(unsent, 'message')} of "${from}" ${pluralForm('en', unsent, ['is', 'are'])} not sent: as "${to}" they would be refused`,
      {
        hint: 'Send them first ("sync drain"), and settle what is parked ("sync status"); then change the name.',
        details: { from, to, unsent },
      },
    );
  if (!isBoundAnew && binding?.isOwn === true)
    throw new Fault('bad-input', `the registry knows this station as "${from}" by its own token`, {
      hint: `Bind it again as "${to}": give --registry and --token (or --token-file) together with --station.`,
      details: { from, to },
    });
}
