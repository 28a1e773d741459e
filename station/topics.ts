import { contract, type StationContract } from '#shared/contract/index.ts';
import { createTopic, type Topics } from '#shared/rpc/index.ts';

/** What pages can watch of the station itself; the `session` topic belongs to each session. */
export type StationTopics = Omit<Topics<StationContract>, 'session'>;

type Publish = {
  readonly [Name in keyof StationTopics]: (...delta: Parameters<StationTopics[Name]['publish']>) => void;
};
type States = { readonly [Name in keyof StationTopics]: StationTopics[Name]['state'] };

/** How the rooms tell the pages what has changed. What is told before `open` is in the state that pages begin with. */
export interface Announcements extends Publish {
  /** The rooms are all there: from now on pages can watch. */
  open(states: States): StationTopics;
}

/** @param epoch names this life of the station. */
export function createStationTopics(epoch: string): Announcements {
  let topics: StationTopics | null = null;
  return {
    station: (state) => topics?.station.publish(state),
    batch: (state) => topics?.batch.publish(state),
    slots: (delta) => topics?.slots.publish(delta),
    pool: (state) => topics?.pool.publish(state),
    sync: (state) => topics?.sync.publish(state),
    firmware: (delta) => topics?.firmware.publish(delta),
    imports: (state) => topics?.imports.publish(state),
    exports: (state) => topics?.exports.publish(state),
    yield: (state) => topics?.yield.publish(state),
    open: (states) =>
      (topics = {
        station: createTopic(contract.topics.station, states.station, epoch),
        batch: createTopic(contract.topics.batch, states.batch, epoch),
        slots: createTopic(contract.topics.slots, states.slots, epoch),
        pool: createTopic(contract.topics.pool, states.pool, epoch),
        sync: createTopic(contract.topics.sync, states.sync, epoch),
        firmware: createTopic(contract.topics.firmware, states.firmware, epoch),
        imports: createTopic(contract.topics.imports, states.imports, epoch),
        exports: createTopic(contract.topics.exports, states.exports, epoch),
        yield: createTopic(contract.topics.yield, states.yield, epoch),
      }),
  };
}
