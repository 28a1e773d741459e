import { compilePattern, type Pattern } from '#shared/pattern/index.ts';
import {
  answerForm,
  groupsOfReading,
  type IdentityReadExchange,
  isSecretGroup,
  type SecretGroup,
} from '#shared/recipe/index.ts';
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
  readonly groups: readonly SecretGroup[];
  /** The pattern matches the answer and no other text of a unit. */
  readonly isSpecific: boolean;
}

/** The shapes of the answers of a reading, those for "no identity" included. */
export function shapesOf(read: readonly IdentityReadExchange[]): AnswerShape[] {
  return read.flatMap((exchange) => {
    const { expect, expectFrame, none, noneFrame } = exchange;
    const inHex = answerForm(exchange) === 'hex';
    const isValue = exchange.service !== undefined;
    const flags = inHex ? { ignoreCase: true } : { multiline: true };
    const groups = [...new Set((groupsOfReading([exchange]) ?? []).filter(isSecretGroup))];
    const shape = (source: string | undefined, its: readonly SecretGroup[]): AnswerShape[] => {
      if (source === undefined) return [];
      const pattern = compilePattern(source, flags);
      const ordinary = ORDINARY.map((text) =>
        inHex ? Buffer.from(text).toString('hex').toUpperCase() : text,
      );
      const isSpecific = its.length > 0 && !ordinary.some((text) => pattern.test(text));
      return [{ pattern, inHex, isValue, groups: its, isSpecific }];
    };
    return [...shape(expect ?? expectFrame, groups), ...shape(none ?? noneFrame, [])];
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
