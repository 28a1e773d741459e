import type { UpdateState } from '#shared/contract/index.ts';
import type { Answers, MockStation } from '../mock-station.ts';

const INSTALLER = 'Gongwei-Setup-0.2.0.exe';
const BYTES = 118_000_000;
const OFFER: UpdateState['offer'] = {
  version: '0.2.0',
  verdict: 'newer',
  releasedAtMs: null,
  notes: 'Label printers on the station page.\nFigures of a batch are shown at once.',
  fileName: INSTALLER,
  sizeBytes: BYTES,
};

/** A station with a source that was never asked. */
export function updateFixture(): UpdateState {
  return {
    source: '\\\\server\\gongwei',
    running: { version: '0.1.0', data: 180 },
    checkedAtMs: null,
    offer: null,
    download: null,
    fault: null,
    ready: null,
    canOpenInstaller: false,
  };
}

/** A newer version is offered; its download stands still at a third until it is cancelled, then it is there at once. */
export function updateAnswers(nowMs: number): Answers {
  let isSecond = false;
  const change = (station: MockStation, part: Partial<UpdateState>): UpdateState => {
    const state = { ...station.state('updates'), ...part };
    station.publish('updates', state);
    return state;
  };
  return {
    'updates.setSource': ({ source }, { station }) =>
      change(station, { source, offer: null, checkedAtMs: null }),
    'updates.check': (_, { station }) => change(station, { checkedAtMs: nowMs, offer: OFFER }),
    'updates.download': (_, { station }) => {
      if (isSecond)
        return change(station, {
          ready: { version: '0.2.0', path: `D:\\gongwei\\updates\\${INSTALLER}`, sizeBytes: BYTES },
        });
      isSecond = true;
      return change(station, { download: { version: '0.2.0', bytes: BYTES / 3, totalBytes: BYTES } });
    },
    'updates.cancel': (_, { station }) => change(station, { download: null }),
    'updates.install': {
      isOpened: false,
      path: `D:\\gongwei\\updates\\${INSTALLER}`,
      backup: 'station-20261120T081500.db',
    },
  };
}
