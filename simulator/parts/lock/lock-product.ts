import type { DeviceContext } from '../../profiles/profile.ts';
import type { AtProduct, ModuleFirmware } from '../at/index.ts';
import { startIotVideo } from '../iot-video/index.ts';
import type { ThingModel } from '../thing/index.ts';
import { batteryLevel, LOW_PERCENT } from './battery.ts';
import { Bolt } from './bolt.ts';
import { lockCommands } from './lock-commands.ts';
import { PasswordCheck } from './password-check.ts';
import { Sleep } from './sleep.ts';

/** Document 001: events 3 to 17 and all notices belong to locks, events 1 and 2 to cameras. */
const LOCK_EVENT_IDS = range(3, 17);
const NOTICE_IDS = range(1, 12);
const EVENT = { opened: 8, closed: 9 } as const;
const NOTICE = { lowBattery: 5, unknown: 12 } as const;
const BOLT_STUCK = { out: 1, in: 2 } as const;
const ASLEEP = -1;

/** The parameters of a lock model. */
export interface LockKind {
  readonly firmware: ModuleFirmware;
  readonly model: ThingModel;
  /** Whether the lock sleeps when it is idle and must be woken. */
  readonly sleeps: boolean;
}

/** A door lock on an AT module. The state of bolt and cards survives a restart. */
export function lockProduct(context: DeviceContext, kind: LockKind): AtProduct {
  const bolt = new Bolt(context);
  const writable: Record<string, unknown> = kind.sleeps ? { cards: [] } : {};
  return {
    firmware: kind.firmware,
    updatesItself: true,
    start: (session) =>
      startIotVideo(session, {
        model: kind.model,
        eventIds: LOCK_EVENT_IDS,
        noticeIds: NOTICE_IDS,
        extend(announce) {
          const { signal } = session;
          const sleep = kind.sleeps
            ? new Sleep(context, signal, () => announce.report('wakeup_state'))
            : null;
          sleep?.wake(session.track);
          const drive = async (out: boolean) => {
            const travel = await bolt.drive(out, signal);
            if (travel === null) return null;
            announce.report('lock_motor_state');
            if (travel.arrived) announce.event(out ? EVENT.closed : EVENT.opened);
            else announce.notice(NOTICE.unknown, out ? BOLT_STUCK.out : BOLT_STUCK.in);
            return travel;
          };
          return {
            commands: lockCommands({
              bolt,
              drive,
              announce,
              passwords: new PasswordCheck(),
              wake: () => sleep?.wake(session.track),
            }),
            state: () => ({
              lock_motor_state: Number(bolt.out),
              battery_percentage: batteryLevel(context).percent,
              ...(sleep === null ? {} : { wakeup_state: Number(sleep.awake) }),
              ...writable,
            }),
            // The battery level is "rw" in the model, but a device measures it and ignores writes.
            set(id, value) {
              if (Object.hasOwn(writable, id)) writable[id] = value;
            },
            async act(id) {
              if (id === 'wake_up') {
                sleep?.wake(session.track);
                return { code: 0, status: '', response: { wakeup_state: 1 } };
              }
              if (id !== 'unlock_remote') return null;
              if (sleep?.awake === false) return { code: ASLEEP, status: 'asleep', response: { result: 0 } };
              sleep?.wake(session.track);
              const travel = bolt.out ? await drive(false) : null;
              return { code: 0, status: '', response: { result: Number(travel?.arrived ?? !bolt.out) } };
            },
            onReported() {
              if (batteryLevel(context).percent < LOW_PERCENT) announce.notice(NOTICE.lowBattery);
            },
          };
        },
      }),
  };
}

function range(low: number, high: number): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, at) => low + at);
}
