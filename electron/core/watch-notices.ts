import { contract } from '#shared/contract/index.ts';
import { connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import type { Station } from '#station';
import { OPERATOR, type StationNotice } from '../ipc/index.ts';
import { diskNotices, jobNotices, poolNotices } from './station-notices.ts';

/**
 * Follows a station as a page of the operator does, and reports what a person should know. A state that exists already is
 * no news. It ends with the station.
 *
 * @param nowMs the station's clock
 */
export function watchNotices(
  station: Pick<Station, 'serve'>,
  nowMs: () => number,
  report: (notice: StationNotice) => void,
): void {
  const [page, host] = createInMemoryTransports();
  station.serve(host, new Session(OPERATOR));
  const client = connect(contract);
  client.attach(page);
  const follow = <S>(noticesOf: (before: S, now: S) => StationNotice[]): ((state: S) => void) => {
    let before: { readonly state: S } | null = null;
    return (state) => {
      if (before !== null) for (const notice of noticesOf(before.state, state)) report(notice);
      before = { state };
    };
  };
  client.watch('pool', { onState: follow(poolNotices) });
  client.watch('station', { onState: follow(diskNotices) });
  client.watch('firmware', {
    onState: follow((before, now) => jobNotices(before, now, nowMs())),
  });
}
