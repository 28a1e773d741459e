import { contract, type StationContract } from '#shared/contract/index.ts';
import { createTopic, type Topics } from '#shared/rpc/index.ts';

/** The topics of the station that pages can subscribe to; the `session` topic belongs to each session. */
export type StationTopics = Omit<Topics<StationContract>, 'session'>;

/** The function of each topic that publishes a change of it. */
export type TopicPublishers = {
  readonly [Name in keyof StationTopics]: (...delta: Parameters<StationTopics[Name]['publish']>) => void;
};
type States = { readonly [Name in keyof StationTopics]: StationTopics[Name]['state'] };

export interface StationTopicsBuilder {
  /** For the parts of the station as they are made. Changes before `open` are not published: its states include them. */
  readonly publish: TopicPublishers;
  /** Makes the topics with their initial states. */
  open(states: States): StationTopics;
}

/** @param epoch names this start of the station: a page that resumes by an older one gets a new snapshot. */
export function createStationTopics(epoch: string): StationTopicsBuilder {
  let topics: StationTopics | null = null;
  return {
    publish: {
      station: (state) => topics?.station.publish(state),
      updates: (state) => topics?.updates.publish(state),
      batch: (state) => topics?.batch.publish(state),
      dryRun: (state) => topics?.dryRun.publish(state),
      slots: (delta) => topics?.slots.publish(delta),
      pool: (state) => topics?.pool.publish(state),
      sync: (state) => topics?.sync.publish(state),
      printer: (state) => topics?.printer.publish(state),
      firmware: (delta) => topics?.firmware.publish(delta),
      imports: (state) => topics?.imports.publish(state),
      exports: (state) => topics?.exports.publish(state),
      backupWork: (state) => topics?.backupWork.publish(state),
      yield: (state) => topics?.yield.publish(state),
    },
    open: (states) =>
      (topics = {
        station: createTopic(contract.topics.station, states.station, epoch),
        updates: createTopic(contract.topics.updates, states.updates, epoch),
        batch: createTopic(contract.topics.batch, states.batch, epoch),
        dryRun: createTopic(contract.topics.dryRun, states.dryRun, epoch),
        slots: createTopic(contract.topics.slots, states.slots, epoch),
        pool: createTopic(contract.topics.pool, states.pool, epoch),
        sync: createTopic(contract.topics.sync, states.sync, epoch),
        printer: createTopic(contract.topics.printer, states.printer, epoch),
        firmware: createTopic(contract.topics.firmware, states.firmware, epoch),
        imports: createTopic(contract.topics.imports, states.imports, epoch),
        exports: createTopic(contract.topics.exports, states.exports, epoch),
        backupWork: createTopic(contract.topics.backupWork, states.backupWork, epoch),
        yield: createTopic(contract.topics.yield, states.yield, epoch),
      }),
  };
}
