import { Fault } from '#shared/domain/fault.ts';
import { counted, pluralForm } from '#shared/words/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { StoredBinding } from '../../registry-sync/client/index.ts';

/**
 * Refuses another name for the station while the registry expects results from the one it has: it takes the results of a
 * lease, and messages about earlier work, from the station of that name only. Faults: `bad-input`.
 *
 * @param isBoundAnew the same change binds the station to a registry; it then gets a token for its new name
 */
export function refuseRename(
  database: ReadableDatabase,
  binding: StoredBinding | null,
  { from, to }: { readonly from: string; readonly to: string },
  isBoundAnew: boolean,
): void {
  if (from === to) return;
  const inHand = database.leases.countOutstanding();
  if (inHand > 0)
    throw new Fault(
      'bad-input',
      `${counted(inHand, 'triple is', 'triples are')} leased to "${from}": as "${to}" their results would be refused`,
      {
        hint: 'Give back what is unused ("triples return"), send the rest ("sync drain"), retire what never comes back ("triples retire"); then change the name.',
        details: { from, to, inHand },
      },
    );
  const { pending, parked } = database.outbox.getCounts();
  const unsent = pending + parked;
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
