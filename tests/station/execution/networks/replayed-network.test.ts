import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import { escapedInJson } from '../../../../station/devices/protocols/app-provisioning/messages.ts';
import { escapeParameter } from '../../../../station/devices/protocols/at-module/replies.ts';
import { maskSentNetwork } from '../../../../station/devices/protocols/mask-sent-network.ts';
import { networkOfRun } from '../../../../station/execution/networks/network-of-run.ts';
import { MaskedStream } from '../../../../station/execution/recording/masked-stream.ts';
import {
  type Entry,
  type Recording,
  type RunIo,
  streamOf,
} from '../../../../station/execution/recording/index.ts';
import { RecordingIndex } from '../../../../station/execution/replay/recording-index.ts';
import { depth } from '../../../support/depth.ts';

type Network = ReturnType<typeof networkOfRun>;

/** A side of the comparison: the run, or its replay with what the run has recorded. */
function take(
  network: Network | null,
  recorded?: unknown,
): { given: Network; mask: SecretMask; input: unknown } {
  const mask = new SecretMask();
  let input = recorded;
  const io = {
    mask,
    input: (_kind: string, _key: string, read: () => unknown) => (input ??= read()),
  } as unknown as RunIo;
  const networks = network === null ? null : { find: () => ({ name: 'line', ...network }) };
  return { given: networkOfRun(networks, io, 'line'), mask, input };
}

const SENDERS: readonly ((network: Network, mask: SecretMask) => string)[] = [
  (network, mask) => {
    const sent = { ssid: escapeParameter(network.ssid), password: escapeParameter(network.password) };
    maskSentNetwork(mask, network, sent);
    return `AT+CWJAP="${sent.ssid}","${sent.password}"\r\n`;
  },
  (network, mask) => {
    const sent = { ssid: escapedInJson(network.ssid), password: escapedInJson(network.password) };
    maskSentNetwork(mask, network, sent);
    return JSON.stringify({ cmdType: 1, ...network, token: 'v3_' });
  },
];

const odd = fc.constantFrom('"', ',', '\\', ' ', '*', 'a', 'b', '7', '线', 'é');
const ascii = odd.filter((character) => character < '\x7f');
const networks = fc.record({
  ssid: fc.string({ unit: odd, minLength: 1, maxLength: 10 }),
  password: fc.oneof(fc.constant(''), fc.string({ unit: ascii, minLength: 8, maxLength: 20 })),
});

it('is sent in the same bytes as the recording has with the stand-ins in its masks, whatever is escaped', () => {
  fc.assert(
    fc.property(networks, fc.constantFrom(...SENDERS), (network, send) => {
      const run = take(network);
      const replay = take(null, JSON.parse(JSON.stringify(run.input)));
      const sentByRun = Buffer.from(send(run.given, run.mask));
      // A name such as `","*` spells the marks of the message itself, and is masked there, too.
      const isSpelled = (text: string): boolean => /["\\,]/.test(text) && sentByRun.includes(text);
      fc.pre(Buffer.byteLength(network.ssid) < 4 || !isSpelled(network.ssid));
      fc.pre(!isSpelled(network.password));
      const sentByReplay = send(replay.given, replay.mask);
      expect(replay.mask.forms.map(({ length }) => length)).toEqual(
        run.mask.forms.map(({ length }) => length),
      );
      const stream = new MaskedStream(run.mask.forms);
      const { own, masked } = stream.push(0, sentByRun);
      const settled = stream.settle();
      const recorded = Buffer.concat([own, ...settled.late.map((late) => late.bytes)]);
      if (network.password !== '') expect(recorded.includes(network.password)).toBe(false);
      const tx: Entry = { type: 'tx', atMs: 0, bytes: recorded.toString('latin1') };
      const ranges = [...masked, ...settled.masked].map((range): Entry => ({
        type: 'masked',
        atMs: 0,
        stream: streamOf(tx),
        ...range,
      }));
      const entries = new Map([tx, ...ranges].map((entry, line) => [line, entry] as const));
      const index = new RecordingIndex({ entries, cutOff: false } as unknown as Recording);
      const [event] = index.events;
      const bytes = Buffer.from(event === undefined ? [] : index.bytesOf(event, replay.mask.forms));
      expect(bytes.toString()).toBe(sentByReplay);
    }),
    { numRuns: depth({ short: 100, long: 20_000 }) },
  );
});

it('reads recordings of before, which have lengths alone', () => {
  const { given } = take(null, { ssidBytes: 12, passwordBytes: 9 });
  expect([given.ssid.length, given.password.length]).toEqual([12, 9]);
});
