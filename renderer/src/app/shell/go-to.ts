import type { RouteLocationRaw } from 'vue-router';
import type { IconName } from '#parts/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import { SECTIONS } from '../../features/station/index.ts';
import type { NavigationItem } from '../router/navigation.ts';

/** A place that a user can go to. */
export interface Place {
  readonly key: string;
  readonly icon: IconName;
  readonly title: string;
  readonly to: RouteLocationRaw;
}

/** Every page that the user may open, with the sections and settings of the station if `withSettings`. */
export function placesOf(
  items: readonly NavigationItem[],
  withSettings: boolean,
  { t }: Pick<Translator, 't'>,
): Place[] {
  const settings = SECTIONS.flatMap((section): Place[] => {
    const to = { name: `station-${section.id}` };
    const title = `${t('station.title')} › ${t(section.title)}`;
    return [
      { key: section.id, icon: section.icon, title, to },
      ...section.settings.map((setting) => ({
        key: `${section.id} ${setting.title}`,
        icon: section.icon,
        title: `${title} › ${t(setting.title)}`,
        to: { ...to, query: { at: setting.id } },
      })),
    ];
  });
  return [
    ...items.map(({ route, icon, title }) => ({ key: route, icon, title: t(title), to: { name: route } })),
    { key: 'operator', icon: 'back', title: t('shell.toOperator'), to: { name: 'operator' } },
    {
      key: 'manual',
      icon: 'help',
      title: t('manual.title'),
      to: { name: 'help-chapter', params: { chapter: 'first-day' } },
    },
    { key: 'card', icon: 'print', title: t('manual.card'), to: { name: 'help-card' } },
    ...(withSettings ? settings : []),
  ];
}

const MAX_SHOWN = 12;

/** The places whose titles have every word of the search, in any order. */
export function findPlaces(places: readonly Place[], search: string): Place[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return places
    .filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
    .slice(0, MAX_SHOWN);
}
