import type { IconName } from '#parts/icons.ts';

/** An entry of a select or a radio group. */
export interface SelectOption<T> {
  readonly value: T;
  readonly label: string;
  /** A second line, smaller. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** An entry of a menu. */
export interface MenuItem {
  readonly key: string;
  readonly label: string;
  /** A second line, smaller. */
  readonly hint?: string;
  readonly icon?: IconName;
  readonly disabled?: boolean;
  /** Cannot be taken back. */
  readonly danger?: boolean;
  /** A line stands above it. */
  readonly separated?: boolean;
  readonly run: () => void;
}
