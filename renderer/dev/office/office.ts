import { contract, type StationContract } from '#shared/contract/index.ts';
import { Session, createTopic, type Handlers, type Role } from '#shared/rpc/index.ts';
import type { Line } from '../line.ts';
import { firmwareDesk, type FirmwareDesk } from './firmware.ts';
import { outboxHandlers } from './outbox.ts';
import { PEOPLE, peopleHandlers, type Staff } from './people.ts';
import { reportHandlers } from './reports.ts';
import { type PoolTopic, tripleDesk, type TripleDesk } from './triples.ts';
import { returnHandlers } from './returns.ts';
import { yieldHandlers, yieldTopic } from './yield.ts';

export interface OfficeOptions {
  /** Who sits at the screen already. */
  readonly role?: Role;
  /** Who was added: some people unless told. */
  readonly staff?: Staff;
  /** What comes of calls: nothing, ever, or a fault. */
  readonly answers?: 'never' | 'faults';
  /** How long a unit takes to answer. */
  readonly unitMs?: number;
}

/** The half of a scripted station that is not the line. */
export interface Office {
  readonly session: Session;
  readonly handlers: Partial<Handlers<StationContract>>;
  readonly topics: {
    readonly session: ReturnType<typeof sessionTopic>;
    readonly firmware: FirmwareDesk['topic'];
    readonly exports: ReturnType<typeof exportsTopic>;
    readonly imports: TripleDesk['topic'];
    readonly yield: ReturnType<typeof yieldTopic>;
  };
  readonly firmware: FirmwareDesk;
  readonly triples: TripleDesk;
  /** As a station does after a quarter of an hour of nobody. */
  signOut(): void;
}

export function createOffice(
  line: () => Line,
  pool: PoolTopic,
  options: OfficeOptions,
  epoch: string,
): Office {
  const session = new Session({ role: 'operator', user: 'operator' });
  const person = PEOPLE.find(({ role }) => role === options.role);
  if (person !== undefined) session.change({ role: person.role, user: person.name });
  const topic = sessionTopic(session, epoch);
  session.onChange(() => topic.publish(sessionOf(session)));
  const exports = exportsTopic(epoch);
  const firmware = firmwareDesk(epoch);
  const triples = tripleDesk(pool, epoch);
  return {
    session,
    topics: {
      session: topic,
      firmware: firmware.topic,
      exports,
      imports: triples.topic,
      yield: yieldTopic(line, epoch),
    },
    firmware,
    triples,
    signOut: () => session.change(session.initial),
    handlers: {
      ...peopleHandlers(session, options.staff ?? 'people'),
      ...returnHandlers(line, options.unitMs ?? 30),
      ...reportHandlers(line, exports),
      ...yieldHandlers(line),
      ...firmware.handlers,
      ...triples.handlers,
      ...outboxHandlers(line),
    },
  };
}

export function sessionOf({ current, initial }: Session): { role: Role; user: string; signedIn: boolean } {
  return { ...current, signedIn: current !== initial };
}

function sessionTopic(session: Session, epoch: string) {
  return createTopic(contract.topics.session, sessionOf(session), epoch);
}

function exportsTopic(epoch: string) {
  return createTopic(contract.topics.exports, { running: [] }, epoch);
}
