import type { SectionHandlers, SetupState } from '#shared/contract/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { Batches } from '../../execution/batches/index.ts';
import type { Slots } from '../../execution/slots/index.ts';
import type { Pool } from '../../identity/index.ts';
import type { Settings } from '../settings/index.ts';
import type { Access, SampleUsers } from '../users/index.ts';
import { endSampleLine, realDataOf, type SampleLineServices } from './sample-line.ts';

export interface SetupServices extends SampleLineServices {
  readonly database: ReadableDatabase;
  readonly settings: Settings;
  readonly access: Access;
  readonly sampleUsers: SampleUsers;
  readonly slots: Pick<Slots, 'state'>;
  readonly pool: Pick<Pool, 'state'>;
  readonly batches: Pick<Batches, 'state'>;
}

export function setupHandlers(services: SetupServices): SectionHandlers<'setup'> {
  const { access, settings } = services;
  return {
    'setup.state': (_, { session }) => ({
      needsEngineer: access.accounts.users().length === 0,
      atComputer: session.place.atComputer,
      done: stepsDone(services),
      station: settings.station(),
      sampleLine: services.config.sampleLine === true,
    }),
    'setup.sampleLine': () => ({ realData: realDataOf(services) }),
    'setup.endSampleLine': (_, { by }) => endSampleLine(services, by),
    'setup.addFirstEngineer': ({ name, pin }, { session }) => access.addFirstEngineer(session, name, pin),
  };
}

/** No step is stored as done: each is what the records of the station say now. */
function stepsDone({
  database,
  settings,
  access,
  sampleUsers,
  slots,
  pool,
  batches,
}: SetupServices): SetupState['done'] {
  const sample = new Set(sampleUsers.pins().map(({ name }) => name));
  return {
    engineer: access.users().some(({ name, role }) => role === 'engineer' && !sample.has(name)),
    name: settings.isNamed(),
    registry: settings.isBound(),
    slots: slots.state.slots.length > 0,
    triples: pool.state().products.length > 0,
    batch: batches.state().batches.length > 0,
    pass: database.runs.hasPassed(),
  };
}
