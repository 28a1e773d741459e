import type { StationContract } from '#shared/contract/index.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';
import type { IconName } from '#parts/index.ts';

export const PLACE_NAMES = ['returns', 'batches', 'pool', 'firmware', 'sync'] as const;
export type PlaceName = (typeof PLACE_NAMES)[number];

export interface Place {
  readonly name: PlaceName;
  readonly icon: IconName;
  readonly title: PlainMessageKey;
  /** Whoever may ask this of the station has something to do here; the contract says who that is. */
  readonly needs: keyof StationContract['calls'];
}

/** The first that a person may use is where signing in leads. */
export const PLACES: readonly Place[] = [
  { name: 'batches', icon: 'chart', title: 'place.batches', needs: 'batches.create' },
  { name: 'returns', icon: 'returns', title: 'place.returns', needs: 'returns.read' },
  { name: 'batches', icon: 'chart', title: 'place.batches', needs: 'reports.export' },
  { name: 'pool', icon: 'triple', title: 'place.pool', needs: 'triples.import' },
  { name: 'firmware', icon: 'chip', title: 'place.firmware', needs: 'firmware.import' },
  { name: 'sync', icon: 'cloudUp', title: 'place.sync', needs: 'sync.retry' },
];

/** What a person may use, each place once. */
export function placesFor(may: (call: Place['needs']) => boolean): Place[] {
  const mine = PLACES.filter(({ needs }) => may(needs));
  return mine.filter((place, index) => mine.findIndex(({ name }) => name === place.name) === index);
}

/** Whether an address leads behind the line; `office` alone means wherever this person works. */
export function isOffice(place: string): boolean {
  return place === 'office' || PLACE_NAMES.some((name) => name === place);
}
