import type { Application, Command, Session } from '../at/index.ts';
import { type ActionResult, Thing, type ThingModel } from '../thing/index.ts';
import { announcementCommands } from './announcement-commands.ts';
import type { Announcer } from './announcer.ts';
import { CodeProvisioning } from './code-provisioning.ts';
import { isValidNotice, noticeParams } from './notice-extension.ts';
import { xp2pCommands } from './xp2p-commands.ts';
import { Xp2p } from './xp2p.ts';

/** The part that a camera or a lock adds. */
export interface Extension {
  readonly state: () => Readonly<Record<string, unknown>>;
  readonly set?: (id: string, value: unknown) => void;
  readonly act?: (id: string) => Promise<ActionResult | null>;
  readonly commands: Readonly<Record<string, Command>>;
  /** Called after the first report of a login. */
  readonly onReported?: () => void;
}

export interface IotVideoOptions {
  readonly model: ThingModel;
  /** The platform's event and notice ids that this kind of device has. */
  readonly eventIds: readonly number[];
  readonly noticeIds: readonly number[];
  readonly extend: (announce: Announcer) => Extension;
}

/** Starts the application of an IoT Video device. It ends at power-off or restart. */
export function startIotVideo(session: Session, options: IotVideoOptions): Application {
  const { context, connection, write } = session;
  const { model, eventIds, noticeIds } = options;
  const xp2p = new Xp2p(context);
  const provisioning = new CodeProvisioning(session);
  const cloudStorage: Record<string, unknown> = { _sys_cs_days: 0, _sys_cs_status: 0, _sys_cs_type: 2 };
  const thing = new Thing({
    model,
    connection,
    nowMs: context.nowMs,
    state: () => ({ _sys_xp2p_info: xp2p.info, ...cloudStorage, ...extension.state() }),
    set(id, value) {
      if (Object.hasOwn(cloudStorage, id)) cloudStorage[id] = value;
      else extension.set?.(id, value);
    },
    act: async (id) => (await extension.act?.(id)) ?? null,
  });
  const identity = () => (connection.connected ? context.flash.identity : null);
  const announce: Announcer = {
    event(id) {
      write.lines(write.field('EVENT', String(id)));
      const stored = identity();
      if (stored !== null) session.track(thing.post(stored, 'cs_event', { event_id: id }));
    },
    notice(id, ext) {
      write.lines(write.field('NOTICE', ext === undefined ? String(id) : `${id},${ext}`));
      const stored = identity();
      if (stored !== null) session.track(thing.post(stored, 'notice', noticeParams(id, ext)));
    },
    report(...ids) {
      const stored = identity();
      if (stored !== null) session.track(thing.report(stored, ids.length === 0 ? undefined : ids));
    },
  };
  const extension = options.extend(announce);
  return {
    commands: {
      ...xp2pCommands(xp2p),
      ...announcementCommands(announce, eventIds, noticeIds),
      ...extension.commands,
    },
    async onConnected(stored) {
      await Promise.all([
        provisioning.onConnected(stored),
        thing.onConnected(stored),
        xp2p.start(session.signal),
      ]);
      announce.report('_sys_xp2p_info');
      extension.onReported?.();
    },
    onMessage(stored, topic, payload) {
      provisioning.onMessage(stored, topic, payload);
      return thing.onMessage(stored, topic, payload);
    },
    stimulate(stimulus) {
      if (stimulus.kind === 'scan') return provisioning.see(stimulus.code);
      if (stimulus.kind === 'event' && eventIds.includes(stimulus.id)) {
        announce.event(stimulus.id);
        return true;
      }
      if (
        stimulus.kind === 'notice' &&
        noticeIds.includes(stimulus.id) &&
        isValidNotice(stimulus.id, stimulus.ext)
      ) {
        announce.notice(stimulus.id, stimulus.ext);
        return true;
      }
      return false;
    },
  };
}
