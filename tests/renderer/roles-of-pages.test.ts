import { describe, expect, it } from 'vitest';
import type { Role } from '#shared/rpc/index.ts';
import { clickEverything, goTo } from './support/click-everything.ts';
import { type DevPage, openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';
import { PAGE_STATES, type PageState } from './support/page-states.ts';
import { depth, LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);
const ROLES: readonly (Role | undefined)[] = [undefined, 'operator', 'support', 'engineer'];
const STATES = Object.values(PAGE_STATES).flat();
const ADDRESSES = [...new Set(STATES.map(({ route = 'operator' }) => route))];
/** Clicks of one page. */
const MOST = depth({ short: 30, long: 80 });

/** What the mock station refused because of the role, as the real one does. */
const refusals = (screen: DevPage): Promise<string[]> =>
  screen.station(({ station }) => station.refused.splice(0).map(({ name, role }) => `${name} as ${role}`));

/** Goes to an address; resolves to whether its page is for this role. */
async function visit(screen: DevPage, address: string): Promise<boolean> {
  const { page } = screen;
  await page.evaluate(goTo, `#/${address}`);
  await page.locator('main h1, .back-office main > *, [data-testid="scan-input"]').first().waitFor();
  return (await page.getByTestId('refused-page').count()) === 0;
}

/** Clicks all of the page that is open; resolves to what is wrong. */
async function problemsOf(
  screen: DevPage,
  known: string[],
  linked: Map<string, string>,
  where: string,
): Promise<string[]> {
  const found = await screen.page.evaluate(clickEverything, { known, most: MOST });
  known.push(...found.clicked);
  for (const address of found.addresses) {
    const kind = address.replace(/\?.*/, '').replace(/[0-9a-f]{6,}|\d+/g, '#');
    if (!linked.has(kind)) linked.set(kind, `${address.replace(/^#\//, '')} from ${where}`);
  }
  return (await refusals(screen)).map((refusal) => `${where}: ${refusal}`);
}

/** Who may do most, takes most time: those are asked in the long run only. */
const ASKED = LONG ? ROLES : ROLES.filter((role) => role === undefined || role === 'operator');

describe.each(ASKED.map((role) => ({ role })))('the pages for $role', ({ role }) => {
  it('offer nothing that the station refuses, and no link to a page that is not for this role', async () => {
    const screen = await tabs().open({ ...(role === undefined ? {} : { role }), route: 'back-office' });
    const problems = await refusals(screen);
    const known: string[] = [];
    /** By kind: an address, and the page that leads there. */
    const linked = new Map<string, string>();
    let clicks = 0;
    for (const address of ADDRESSES) {
      await visit(screen, address);
      problems.push(...(await problemsOf(screen, known, linked, address)));
      clicks = known.length;
    }
    for (const link of linked.values()) {
      const [address = ''] = link.split(' from ');
      if (!(await visit(screen, address))) problems.push(`a link leads to ${link}`);
      problems.push(...(await refusals(screen)).map((refusal) => `${link}: ${refusal}`));
    }
    expect(problems).toEqual([]);
    // Something was clicked, more for those who may do more.
    expect(clicks).toBeGreaterThan(role === 'engineer' ? 100 : role === 'support' ? 40 : 5);
  });
});

/** A state with what is done in it; for another role only the page, because the rest may not be offered. */
const asRole = ({ act, ...state }: PageState, role: Role | undefined): PageState => {
  const { role: own, ...rest } = state;
  return {
    ...rest,
    ...(role === undefined ? {} : { role }),
    ...(own === role && act !== undefined ? { act } : {}),
  };
};

describe.runIf(LONG).each(Object.entries(PAGE_STATES))('every state of %s', (_, states) => {
  it('offers nothing to any role that the station refuses', async () => {
    const problems: string[] = [];
    for (const state of states)
      for (const role of ROLES) {
        const { name, act, dialog: _dialog, ...options } = asRole(state, role);
        const screen = await tabs().open(options);
        await act?.(screen.page);
        problems.push(...(await problemsOf(screen, [], new Map(), `${name} as ${role ?? 'nobody'}`)));
      }
    await eventually(() => Promise.resolve(problems)).toEqual([]);
  });
});
