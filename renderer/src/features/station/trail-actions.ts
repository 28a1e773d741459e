/**
 * Subjects that are the name under which the station stores something, in English. The text of the action says in the
 * language of the page what it is, so that the name is shown on hover only.
 */
export const STORED_NAMES: readonly string[] = [
  'all batches',
  'data-key',
  'hardware',
  'host-key',
  'instruments',
  'outbox',
  'pages.defaults',
  'printer',
  'recordings.limits',
  'records',
  'registry.url',
  'slots.start',
  'station.name',
  'trail',
  'updates.source',
];

/** The kinds of actions that have a name of their own. */
export const TRAIL_KINDS = [
  'approval',
  'audit',
  'backup',
  'batch',
  'clock',
  'firmware',
  'outbox',
  'person',
  'pool',
  'recipe',
  'records',
  'returns',
  'secrets',
  'session',
  'settings',
  'station',
  'update',
] as const;
