import type { StationContract } from '#shared/contract/index.ts';
import type { Role } from '#shared/rpc/index.ts';
import type { Ref } from 'vue';
import type { IconName } from '#parts/index.ts';
import type { PlainMessageKey } from '../i18n/index.ts';

/** A page in the side navigation. */
export interface NavigationEntry {
  readonly title: PlainMessageKey;
  readonly icon: IconName;
  /** The role for which this page is the first one and the one after signing in. */
  readonly homeOf?: Role;
  /** A composable that returns the number of items on the page that need a person. Zero is not shown. */
  readonly useCount?: () => Readonly<Ref<number>>;
}

declare module 'vue-router' {
  interface RouteMeta {
    /** The page is for the roles that may make this call. The contract defines them, and the station checks them. */
    needs?: keyof StationContract['calls'];
    navigation?: NavigationEntry;
  }
}
