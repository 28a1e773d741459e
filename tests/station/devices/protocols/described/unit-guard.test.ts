import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { device } from '#shared/recipe/index.ts';
import { createNodePlatform } from '#station';
import { type OpenDevice, openDevice } from '../../../../../station/devices/protocols/index.ts';
import { expectAnswer } from '../../../../../station/devices/serial-io/index.ts';
import { Recorder, readRecording, recordingFile } from '../../../../../station/execution/recording/index.ts';
import { traces } from '../../../../journey/traces.ts';
import { PATIENCE_MS } from '../../../../support/patience.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { memoryDir } from '../../../../support/temp-dir.ts';
import { scriptedLink } from '../at-module/scripted-link.ts';
import { consoleIdentity } from './console-unit.ts';

const { clock } = createNodePlatform('/nowhere');
const WITHIN_MS = 30;
const OWN = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const FOREIGN = 'Zm9yZWlnbiBzZWNyZXQhIQ==';
const TRIPLE = { productId: 'CS0SLTKSYA', deviceName: 'dev-1', deviceSecret: OWN };
const ANSWER = `ID ${TRIPLE.productId} ${TRIPLE.deviceName} ${OWN}\r\n`;
const OTHER = `ID FOREIGN001 other-9 ${FOREIGN}\r\n`;

interface Talk extends OpenDevice {
  say(text: string): void;
}

/** Talks with a unit that answers `answer` to `ID?`; returns what was recorded. */
async function recorded(
  answer: string | null,
  work: (talk: Talk) => Promise<void>,
  more: Record<string, unknown> = {},
): Promise<{ readonly file: string; readonly received: string; readonly comments: string[] }> {
  using dir = memoryDir();
  const path = recordingFile(dir.path, 'run');
  {
    using recorder = new Recorder(path, {}, clock);
    const settings = device.parse({
      profile: 'described',
      identify: [{ text: 'MAC?', expect: '^(?<mac>[0-9A-F]{12})$' }],
      identity: consoleIdentity('deviceSecret', WITHIN_MS),
      ...more,
    });
    const link = scriptedLink((line) => (line === 'ID?' ? answer : null));
    const opened = openDevice(recorder.wrapUnitPort(link), settings, { clock, mask: recorder.mask });
    await work({ ...opened, say: (text) => link.say(text) });
  }
  const entries = [...readRecording(path).entries.values()];
  return {
    file: readFileSync(path, 'latin1'),
    received: entries.map((entry) => (entry.type === 'rx' ? (entry.bytes ?? '') : '')).join(''),
    comments: entries.flatMap((entry) => (entry.type === 'comment' ? [entry.text] : [])),
  };
}

const stars = (text: string): string => '*'.repeat(text.length);

function expectNoTrace(where: string, secret: string): void {
  for (const { form, bytes } of traces(secret))
    expect([form, where.includes(bytes.toString('latin1'))]).toEqual([form, false]);
}

describe('what a described unit says', () => {
  it('late, after a question that it did not answer, is masked and not quoted', async () => {
    const { received, file } = await recorded(null, async ({ session, serial, say }) => {
      expect((await faultOf(() => session.readIdentity(TRIPLE, NEVER_ABORTED))).code).toBe('device-silent');
      await serial.send(Buffer.from('GO?\r\n'), NEVER_ABORTED);
      const awaited = {
        pattern: '^GO$',
        on: 'lines',
        timeoutMs: WITHIN_MS,
        every: false,
        what: 'GO?',
      } as const;
      const asked = expectAnswer(serial, awaited, NEVER_ABORTED);
      say(OTHER.slice(0, 30));
      say(OTHER.slice(30));
      say('boot ok\r\n');
      const { message, hint, details } = await faultOf(() => asked);
      expectNoTrace(JSON.stringify([message, hint, details]), FOREIGN);
    });
    expect(received).toBe(`ID FOREIGN001 other-9 ${stars(FOREIGN)}\r\nboot ok\r\n`);
    expectNoTrace(file, FOREIGN);
  });

  it('besides the answer is withheld until the next command, and the recording says so', async () => {
    const more = `KEY=${FOREIGN}\r\n`;
    const { received, comments, file } = await recorded(ANSWER + more, async ({ session, serial, say }) => {
      expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
      say(`PSK ${FOREIGN}\r\n`);
      await serial.send(Buffer.from('GO?\r\n'), NEVER_ABORTED);
      say('GO\r\n');
    });
    const key = stars(more.trim());
    expect(received).toBe(
      `ID CS0SLTKSYA dev-1 ${stars(OWN)}\r\n${key}\r\n${stars(`PSK ${FOREIGN}`)}\r\nGO\r\n`,
    );
    expect(comments).toMatchObject([expect.stringMatching(/^56 received bytes are withheld: .* question/)]);
    expectNoTrace(file, FOREIGN);
  });

  it('besides the answer is recorded when a step has waited for it', async () => {
    const { received } = await recorded(`${ANSWER}READY 7\r\n`, async ({ session, serial }) => {
      await session.readIdentity(TRIPLE, NEVER_ABORTED);
      const awaited = {
        pattern: '^READY',
        on: 'lines',
        timeoutMs: 1000,
        every: false,
        what: 'ready',
      } as const;
      await expectAnswer(serial, awaited, NEVER_ABORTED);
    });
    expect(received).toBe(`ID CS0SLTKSYA dev-1 ${stars(OWN)}\r\nREADY *\r\n`);
  });

  it('about itself when nobody has asked is masked', async () => {
    const { received } = await recorded(ANSWER, ({ say }) => {
      say(`boot\r\n${OTHER.slice(0, 25)}`);
      say(`${OTHER.slice(25)}ready\r\n> `);
      return Promise.resolve();
    });
    expect(received).toBe(`boot\r\nID FOREIGN001 other-9 ${stars(FOREIGN)}\r\nready\r\n> `);
  });

  it('of another identity in the same answer is a fault', async () => {
    for (const second of [OTHER, 'ID -\r\n', ANSWER.replace('dev-1', 'dev-2')])
      await recorded(ANSWER + second, async ({ session }) => {
        const fault = await faultOf(() => session.readIdentity(TRIPLE, NEVER_ABORTED));
        expect(fault.code).toBe('device-garbled');
      });
    await recorded(
      ANSWER,
      async ({ session, say }) => {
        const reading = session.readIdentity(TRIPLE, NEVER_ABORTED);
        // It begins while the answer is read, and ends later.
        queueMicrotask(() => queueMicrotask(() => say(OTHER.slice(0, 9))));
        void clock.sleep(20, NEVER_ABORTED).then(() => say(OTHER.slice(9)));
        expect((await faultOf(() => reading)).message).toContain('two values');
      },
      { identity: consoleIdentity('deviceSecret', PATIENCE_MS) },
    );
    await recorded(ANSWER + ANSWER, async ({ session }) => {
      expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
    });
  });

  it('late in no shape of the recipe is masked by its value, and withheld where the value is not known', async () => {
    const raw = Buffer.from(OWN, 'base64').toString('hex');
    const dump = Buffer.from(OWN).toString('hex').match(/../g) ?? [];
    const late = [
      `log key=${OWN}`,
      `log ${Buffer.from(OWN).toString('base64')}`,
      `log ${raw}`,
      `log ${raw.match(/../g)?.join(' ')}`,
      // On two lines.
      `0000 ${dump.slice(0, 12).join(' ')}`,
      `000c ${dump.slice(12).join(' ')}`,
    ];
    const own = await recorded(ANSWER, async ({ session, serial, say }) => {
      await session.readIdentity(TRIPLE, NEVER_ABORTED);
      await serial.send(Buffer.from('GO?\r\n'), NEVER_ABORTED);
      for (const line of late) say(`${line}\r\n`);
      say('boot ok\r\n');
    });
    expectNoTrace(own.file, OWN);
    expectNoTrace(own.file, raw);
    expect(own.received.replaceAll(/[^0-9a-f]/g, '')).not.toContain(raw.slice(0, 16));
    expect(own.received).not.toContain(dump.slice(2, 10).join(' '));
    expect(own.received).toContain('boot ok');

    const words = [FOREIGN, Buffer.from(FOREIGN).toString('hex'), Buffer.from(FOREIGN).toString('base64')];
    const foreign = await recorded(null, async ({ session, serial, say }) => {
      expect((await faultOf(() => session.readIdentity(TRIPLE, NEVER_ABORTED))).code).toBe('device-silent');
      await serial.send(Buffer.from('GO?\r\n'), NEVER_ABORTED);
      for (const word of words) say(`psk ${word}\r\n`);
      say(`${(Buffer.from(FOREIGN).toString('hex').match(/../g) ?? []).join(':')}\r\nboot ok\r\n`);
    });
    for (const word of words) expect(foreign.received).toContain(`psk ${stars(word)}\r\n`);
    expect(foreign.received).toMatch(/\r\n\*+\r\nboot ok\r\n$/);
    expect(foreign.comments.join()).toContain('was not answered');
  });

  it('in frames is kept in the same way', async () => {
    const frame = (payload: string): string => {
      const bytes = Buffer.from(payload, 'latin1');
      const sum = bytes.reduce((all, byte) => all ^ byte, 0);
      return Buffer.concat([Buffer.of(0xaa, bytes.length), bytes, Buffer.of(sum)]).toString('latin1');
    };
    const frames = {
      frames: { start: 'AA', length: { bytes: 1 }, checksum: { kind: 'xor8' } },
      identity: {
        write: [
          { frame: '10 {deviceName:bytes} {deviceSecret:bytes}', expectFrame: '^90$', withinMs: WITHIN_MS },
        ],
        read: [
          {
            text: 'ID?',
            expectFrame: '^91(?<productId>.{20})(?<deviceName>.{10})(?<deviceSecret>.{48})$',
            withinMs: WITHIN_MS,
          },
        ],
      },
    };
    const own = frame(`\u0091CS0SLTKSYAdev-1${OWN}`);
    const other = frame(`\u0091FOREIGN001dev-9${FOREIGN}`);
    const late = await recorded(
      null,
      async ({ session, serial, say }) => {
        expect((await faultOf(() => session.readIdentity(TRIPLE, NEVER_ABORTED))).code).toBe('device-silent');
        await serial.send(Buffer.from('GO?\r\n'), NEVER_ABORTED);
        say(other.slice(0, 20));
        say(other.slice(20));
      },
      frames,
    );
    expectNoTrace(late.file, FOREIGN);
    expect(late.received).toContain('FOREIGN001');
    const second = await recorded(
      own + frame(`\u0092${FOREIGN}`),
      async ({ session }) => {
        expect(await session.readIdentity(TRIPLE, NEVER_ABORTED)).toMatchObject({ secretMatches: true });
      },
      frames,
    );
    expectNoTrace(second.file, FOREIGN);
    expect(second.received).toContain('CS0SLTKSYA');
    await recorded(
      own + other,
      async ({ session }) => {
        expect((await faultOf(() => session.readIdentity(TRIPLE, NEVER_ABORTED))).code).toBe(
          'device-garbled',
        );
      },
      frames,
    );
  });
});

describe('whatever the order, the pieces and the case', () => {
  it('no secret of the answers reaches the recording or a fault', async () => {
    const spelled = fc.constantFrom(
      FOREIGN,
      FOREIGN.toLowerCase(),
      FOREIGN.toUpperCase(),
      Buffer.from(FOREIGN).toString('hex'),
      [...FOREIGN].join(' '),
      OWN.toLowerCase(),
      [...OWN].join('-'),
    );
    const line = fc.oneof(
      fc.constantFrom(ANSWER, OTHER, 'ID -\r\n', 'boot ok\r\n', 'ID?\r\n', '\r\n'),
      // While the identity is read, in any shape.
      spelled.map((secret) => `KEY ${secret}\r\n`),
      spelled.map((secret) => secret),
    );
    const afterwards = fc.constantFrom(
      OTHER,
      ANSWER,
      `${ANSWER.slice(0, -2)}\n`,
      `x ${OWN.toLowerCase()}\r\n`,
      'ok\r\n',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 4 }),
        fc.array(afterwards, { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
        async (during, after, sizes) => {
          const faults: string[] = [];
          const inPieces = (text: string, say: (text: string) => void): void => {
            for (let at = 0, turn = 0; at < text.length; turn++) {
              const size = sizes[turn % sizes.length] ?? 1;
              say(text.slice(at, at + size));
              at += size;
            }
          };
          const attempt = async (doing: Promise<unknown>): Promise<void> => {
            await doing.catch((error: unknown) => {
              const { message, hint, details } = error as { message: string; hint: string; details: unknown };
              faults.push(JSON.stringify([message, hint, details]));
            });
          };
          const { file } = await recorded('', async ({ session, serial, say }) => {
            const reading = session.readIdentity(TRIPLE, NEVER_ABORTED);
            queueMicrotask(() => inPieces(during.join(''), say));
            await attempt(reading);
            // A line that began while the identity was read belongs to it.
            say('\r\n');
            await serial.send(Buffer.from('GO?\r\n'), NEVER_ABORTED);
            const awaited = {
              pattern: '^GO$',
              on: 'lines',
              timeoutMs: 5,
              every: false,
              what: 'GO?',
            } as const;
            const asked = attempt(expectAnswer(serial, awaited, NEVER_ABORTED));
            inPieces(after.join(''), say);
            await asked;
          });
          for (const where of [file, ...faults]) {
            const bare = where.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
            for (const secret of [OWN, FOREIGN]) {
              expectNoTrace(where, secret);
              expect(bare).not.toContain(secret.replaceAll(/[^a-z0-9]/gi, '').toLowerCase());
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
