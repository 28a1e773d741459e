import type { Role } from '#shared/rpc/index.ts';
import type { RouteRecordRaw } from 'vue-router';
import type { NavigationEntry } from '#services/navigation/index.ts';
import { BACK_OFFICE } from './back-office.ts';

/** An entry of the side navigation with the route that it leads to. */
export interface NavigationItem extends NavigationEntry {
  readonly route: string;
  readonly needs: NonNullable<NonNullable<RouteRecordRaw['meta']>['needs']>;
}

export const NAVIGATION: readonly NavigationItem[] = BACK_OFFICE.flatMap(({ name, meta }) =>
  meta?.navigation === undefined || meta.needs === undefined
    ? []
    : [{ ...meta.navigation, route: String(name), needs: meta.needs }],
);

/** The pages that a user may open; the home of their role is first. */
export function navigationFor(role: Role, may: (call: NavigationItem['needs']) => boolean): NavigationItem[] {
  const permitted = NAVIGATION.filter(({ needs }) => may(needs));
  return permitted.sort((a, b) => Number(b.homeOf === role) - Number(a.homeOf === role));
}
