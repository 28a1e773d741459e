import { CME_CODE } from '#shared/domain/at-module.ts';
import { type Command, ParameterReader, responseDelay } from '../at/index.ts';
import type { Announcer } from '../iot-video/index.ts';
import { batteryLevel } from './battery.ts';
import type { Bolt, Travel } from './bolt.ts';
import type { PasswordCheck } from './password-check.ts';

const NOTICE_TEMPORARY_PASSWORD = 8;
const EVENT_FROZEN = 5;
const PASSWORD_DIGITS = 6;
const MOVING = 2;

export interface LockParts {
  readonly bolt: Bolt;
  readonly drive: (out: boolean) => Promise<Travel | null>;
  readonly announce: Announcer;
  readonly passwords: PasswordCheck;
  /** Wakes the lock. */
  readonly wake: () => void;
}

/** The factory console of a lock: `AT+FTMOTOR`, `AT+FTPWD`, `AT+FTBAT` (docs/simulator.md). */
export function lockCommands(lock: LockParts): Readonly<Record<string, Command>> {
  const motor: Command = async (session, invocation) => {
    await responseDelay(session);
    lock.wake();
    const { write } = session;
    if (invocation.form === 'query') {
      return write.answer(write.field('FTMOTOR', String(lock.bolt.moving ? MOVING : Number(lock.bolt.out))));
    }
    if (invocation.form !== 'set') return write.unknown();
    const read = new ParameterReader(invocation.parameters);
    const out = read.number(0, 1);
    if (out === null || !read.finished) return write.cme(CME_CODE.invalidParameter);
    write.accepted();
    await travel(session, out === 1);
  };

  const password: Command = async (session, invocation) => {
    await responseDelay(session);
    lock.wake();
    const { write, context } = session;
    if (invocation.form !== 'set') return write.unknown();
    const read = new ParameterReader(invocation.parameters);
    const typed = read.digits(PASSWORD_DIGITS);
    if (typed === null || !read.finished) return write.cme(CME_CODE.invalidParameter);
    write.accepted();
    const verdict = lock.passwords.check(typed, context.flash.identity, lock.bolt.out, context.nowMs());
    if (!verdict.good) {
      write.failed('FTPWD', verdict.reason);
      if (verdict.freezes) lock.announce.event(EVENT_FROZEN);
      return;
    }
    write.done('FTPWD');
    if (await travel(session, false)) lock.announce.notice(NOTICE_TEMPORARY_PASSWORD);
  };

  const battery: Command = async (session, { form }) => {
    await responseDelay(session);
    lock.wake();
    if (form !== 'query') return session.write.unknown();
    const { percent, mV } = batteryLevel(session.context);
    session.write.answer(session.write.field('FTBAT', `${percent},${mV}`));
  };

  /** Replies `+FTMOTOR:OK,<ms>,<mA>` when the bolt is at its end, `+FTMOTOR:FAIL,1` when it is stuck or moves already. */
  async function travel(session: Parameters<Command>[0], out: boolean): Promise<boolean> {
    const { write } = session;
    const result = await lock.drive(out);
    if (result?.arrived === true) {
      write.lines(write.field('FTMOTOR', `OK,${result.ms},${result.currentMa}`));
      return true;
    }
    write.failed('FTMOTOR', 1);
    return false;
  }

  return { 'AT+FTMOTOR': motor, 'AT+FTPWD': password, 'AT+FTBAT': battery };
}
