import { compilePattern, type Pattern } from '#shared/pattern/index.ts';
import {
  answerForm,
  groupsOfReading,
  type IdentityReadExchange,
  isSecretGroup,
  type SecretGroup,
} from '#shared/recipe/index.ts';
import type { AwaitedAnswer } from '../../serial-io/index.ts';
import { AnswerValues } from './answer-values.ts';
import { wholeSecret } from './secret-evidence.ts';

/** Lines and values that a unit says of other things; a pattern that matches one of them recognises no secret. */
const ORDINARY = [
  'CONNECTED',
  'initialized',
  'app_main: started',
  'WIFI GOT IP 192.168.1.20',
  'AA:BB:CC:DD:EE:FF',
  'AABBCCDDEEFF',
  'temperature=23.4567',
  '1234567890',
];

/** How an answer of a reading looks. */
export interface AnswerShape {
  readonly pattern: Pattern;
  /** The pattern is matched on hex. */
  readonly inHex: boolean;
  readonly isValue: boolean;
  /** Over Bluetooth: where the value comes from. A value that is read there can be nothing else. */
  readonly from: {
    readonly service: string;
    readonly characteristic: string;
    readonly isRead: boolean;
  } | null;
  readonly groups: readonly SecretGroup[];
  /** The pattern matches the answer and no other text of a unit. */
  readonly isSpecific: boolean;
  /** The pattern matches no ordinary line. */
  readonly isDistinct: boolean;
  /** Such an answer says that the unit has an identity, or that it has none; `null` for one about the secret alone. */
  readonly says: 'identity' | 'none' | null;
  /** The most lines of a match. */
  readonly lines: number;
}

/** The shape of an answer for which a step waits. It says nothing of an identity. */
export function awaitedShape({ pattern, on }: AwaitedAnswer): AnswerShape {
  const inHex = on === 'frame';
  const compiled = compilePattern(pattern, inHex ? { ignoreCase: true } : { multiline: true });
  const nothing = {
    groups: [],
    isSpecific: false,
    isDistinct: false,
    says: null,
    lines: 1,
    from: null,
  } as const;
  return { pattern: compiled, inHex, isValue: false, ...nothing };
}

/** The shapes of the answers of a reading, those for "no identity" included. */
export function shapesOf(read: readonly IdentityReadExchange[]): AnswerShape[] {
  return read.flatMap((exchange) => {
    const { expect, expectFrame, none, noneFrame } = exchange;
    const inHex = answerForm(exchange) === 'hex';
    const { service, characteristic, notify } = exchange;
    const isValue = service !== undefined;
    const from = isValue
      ? { service, characteristic: characteristic ?? notify ?? '', isRead: characteristic !== undefined }
      : null;
    const flags = inHex ? { ignoreCase: true } : { multiline: true };
    const names = groupsOfReading([exchange]) ?? [];
    const groups = [...new Set(names.filter(isSecretGroup))];
    const isAboutName = names.includes('deviceName') || names.includes('productId');
    const shape = (
      source: string | undefined,
      its: readonly SecretGroup[],
      answers: 'identity' | 'none',
    ): AnswerShape[] => {
      if (source === undefined) return [];
      const pattern = compilePattern(source, flags);
      const ordinary = ORDINARY.map((text) =>
        inHex ? Buffer.from(text).toString('hex').toUpperCase() : text,
      );
      const isDistinct = !ordinary.some((text) => pattern.test(text));
      const isSpecific = its.length > 0 && isDistinct;
      const says = isAboutName ? answers : null;
      const lines = 1 + (source.match(/\\n/g)?.length ?? 0);
      return [{ pattern, inHex, isValue, groups: its, isSpecific, isDistinct, says, lines, from }];
    };
    return [...shape(expect ?? expectFrame, groups, 'identity'), ...shape(none ?? noneFrame, [], 'none')];
  });
}

/** The whole secrets in the groups of a match, as the unit wrote them and as the bytes that they stand for. */
export function secretsIn({ groups, inHex }: AnswerShape, match: RegExpExecArray): Uint8Array[] {
  return groups.flatMap((group) => {
    const text = match.groups?.[group];
    if (text === undefined) return [];
    const written = inHex ? Buffer.from(text, 'hex') : Buffer.from(text);
    const values = new AnswerValues();
    try {
      values.add({ [group]: text }, inHex, { what: '', path: '' });
    } catch {
      // A value that is not readable is hidden as it is written.
      return isWhole(group) ? [written] : [];
    }
    const whole = wholeSecret(values, group);
    if (whole === null) return isWhole(group) ? [written] : [];
    return Buffer.compare(whole, written) === 0 ? [written] : [written, whole];
  });
}

function isWhole(group: SecretGroup): boolean {
  return group === 'deviceSecret' || group === 'deviceSecretHex' || group === 'deviceSecretBase64';
}
