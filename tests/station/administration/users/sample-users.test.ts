import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_LINE_ENDED, SAMPLE_USERS, type Station } from '#station';
import { Session } from '#shared/rpc/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { soon } from '../../../support/patience.ts';
import { openStation } from '../../../kit/station.ts';

const by = { role: 'engineer', user: 'chen' } as const;
const [OPERATOR, SUPPORT, ENGINEER] = ['sample-operator', 'sample-support', 'sample-engineer'];

let dir: ReturnType<typeof tempDir>;
let station: Station | null;
beforeEach(() => {
  dir = tempDir('sample-users');
  station = null;
});
afterEach(async () => {
  await station?.close();
  dir[Symbol.dispose]();
});
async function open(sampleLine: boolean): Promise<Station> {
  await station?.close();
  station = await openStation(dir.path, { sampleLine: sampleLine || undefined });
  return station;
}
const names = ({ access }: Station): string[] => access.users().map(({ name }) => name);

describe('the users of a sample line', () => {
  it('sign in with the PINs that are shown, and are gone when the station is opened as a real one', async () => {
    const sample = await open(true);
    expect(names(sample)).toEqual([]);
    await sample.sampleUsers.add();
    expect(new Set(sample.sampleUsers.pins().map(({ name }) => name))).toEqual(
      new Set([OPERATOR, SUPPORT, ENGINEER]),
    );
    for (const { name, role, pin } of SAMPLE_USERS) {
      const session = new Session({ role: 'operator', user: 'operator' });
      expect(await sample.access.signIn(session, name, pin, soon())).toMatchObject({ role, user: name });
    }
    await (await open(true)).sampleUsers.add();
    expect(names(await open(true))).toHaveLength(3);

    const real = await open(false);
    expect(names(real)).toEqual([]);
    expect(real.sampleUsers.pins()).toEqual([]);
    const session = new Session({ role: 'operator', user: 'operator' });
    const { name, pin } = SAMPLE_USERS.at(-1) ?? { name: '', pin: '' };
    expect(await faultOf(() => real.access.signIn(session, name, pin, soon()))).toMatchObject({
      code: 'pin-wrong',
    });
    const removed = [...real.database.audit.iterate()].filter(({ action }) => action === 'person.remove');
    expect(removed.map(({ actor, subject }) => `${actor} ${subject}`).sort()).toEqual(
      [ENGINEER, OPERATOR, SUPPORT].map((one) => `station ${one}`),
    );
  });

  it('are not removed with the users that an engineer adds after the end of the sample line', async () => {
    const sample = await open(true);
    await sample.sampleUsers.add();
    const end = async ({ handlers }: Station): Promise<void> => {
      const session = new Session(by);
      await handlers['setup.endSampleLine']({}, { by, session, lateMs: 0, signal: soon() });
    };
    const isEnded = (): boolean => existsSync(join(dir.path, SAMPLE_LINE_ENDED));
    await end(sample);
    await sample.close();
    expect(isEnded()).toBe(true);
    const again = await open(true);
    await end(again);
    await again.access.add('chen', 'engineer', '975310', by);
    await again.close();
    expect(isEnded()).toBe(false);
  });

  it('are never seated on a real line, and a user who has the name or changed the PIN is left alone', async () => {
    const real = await open(false);
    await real.sampleUsers.add();
    expect(names(real)).toEqual([]);
    await real.access.add('sample-support', 'support', '975311', by);

    const sample = await open(true);
    await sample.sampleUsers.add();
    await sample.access.setPin('sample-engineer', '864209', by);
    expect(sample.sampleUsers.pins().map(({ name }) => name)).toEqual([OPERATOR]);
    expect(names(await open(false))).toEqual([ENGINEER, SUPPORT]);
  });
});
