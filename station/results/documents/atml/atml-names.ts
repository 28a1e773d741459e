import type { Outcome } from '#shared/domain/outcome.ts';

/** Namespaces of IEEE 1636.1-2013 and IEEE 1671-2010, and one for what they have no place for. */
export const NAMESPACES = {
  trc: 'urn:IEEE-1636.1:2013:TestResultsCollection',
  tr: 'urn:IEEE-1636.1:2013:TestResults',
  c: 'urn:IEEE-1671:2010:Common',
  gw: 'urn:gongwei:run:1',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;

/**
 * Failed is a unit outside of its limits. Aborted is a test that did not end by itself; the qualifier says why. Error is the
 * station's and never the unit's.
 */
export const ATML_OUTCOMES: Readonly<
  Record<Outcome, { readonly value: 'Passed' | 'Failed' | 'Aborted'; readonly qualifier: string | null }>
> = {
  PASS: { value: 'Passed', qualifier: null },
  FAIL: { value: 'Failed', qualifier: null },
  ERROR: { value: 'Aborted', qualifier: 'Error' },
  TIMEOUT: { value: 'Aborted', qualifier: 'Timeout' },
  ABORTED: { value: 'Aborted', qualifier: 'Terminated' },
};
