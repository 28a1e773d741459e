import type { Random } from '../../platform/index.ts';
import type { DialectChoice } from '../../profiles/profile.ts';

/**
 * How a module's firmware formats its replies. The document of the command set contradicts itself, and the published
 * firmware and its certification logs contradict the document, so that modules in the field differ. Each unit keeps its
 * dialect.
 */
export interface Dialect {
  /** `+TCMQTTCONN: OK` instead of `+TCMQTTCONN:OK`. */
  readonly blankAfterColon: boolean;
  /** Quotes around the names in the answer to `AT+TCDEVINFOSET?`. */
  readonly quotedNames: boolean;
  /** `FAIL,207` instead of `FAIL207`. */
  readonly commaInFail: boolean;
  readonly cmePrefix: '+CME ERROR:' | '+CME ERR:';
  /** ESP-AT puts an empty line before the `OK` of a query. */
  readonly emptyLineBeforeOk: boolean;
  /** `+TCDEVINFO:` instead of `+TCDEVINFOSET:` in the answer to `AT+TCDEVINFOSET=?`. */
  readonly shortTestName: boolean;
  readonly upperCaseMac: boolean;
  /** The query of an empty module: `+CME ERROR:207`, or a line of empty fields. */
  readonly emptyIdentity: 'error' | 'empty-fields';
  /** The reply to a command during another one: `busy p...`, or `+CME ERROR:200`. */
  readonly overlap: 'busy' | 'cme';
  /** The line before the `OK` of `AT+TCMQTTDISCONN`. */
  readonly disconnectReport: '+TCMQTTDISCON,2' | '+TCMQTTDISCON:0' | null;
  /** How a network is joined without being stored: `AT+CWJAP_CUR`, or `AT+SYSSTORE=0` before `AT+CWJAP`. */
  readonly untilRestart: 'ending' | 'setting';
  /** Whether noise precedes the banner, because the boot ROM prints at another bit rate. */
  readonly bootNoise: boolean;
}

/** The dialect of the document and of the published firmware. */
const DOCUMENTED_DIALECT: Dialect = {
  blankAfterColon: false,
  quotedNames: true,
  commaInFail: true,
  cmePrefix: '+CME ERROR:',
  emptyLineBeforeOk: true,
  shortTestName: false,
  upperCaseMac: false,
  emptyIdentity: 'error',
  overlap: 'busy',
  disconnectReport: '+TCMQTTDISCON,2',
  untilRestart: 'ending',
  bootNoise: false,
};

const OPPOSITE_DIALECT: Dialect = {
  blankAfterColon: true,
  quotedNames: false,
  commaInFail: false,
  cmePrefix: '+CME ERR:',
  emptyLineBeforeOk: false,
  shortTestName: true,
  upperCaseMac: true,
  emptyIdentity: 'empty-fields',
  overlap: 'cme',
  disconnectReport: null,
  untilRestart: 'setting',
  bootNoise: true,
};

/**
 * The dialect of a unit. With `per-unit` the first unit has the documented one and the second its opposite in
 * everything, so that two units detect a station that supports only one. The others are random.
 */
export function dialectOf(choice: DialectChoice, unit: number, random: Random): Dialect {
  if (choice === 'documented' || (choice === 'per-unit' && unit === 1)) return DOCUMENTED_DIALECT;
  if (choice === 'opposite' || unit === 2) return OPPOSITE_DIALECT;
  const either = <T>(one: T, other: T): T => (random.next() < 0.5 ? one : other);
  return {
    blankAfterColon: either(true, false),
    quotedNames: either(true, false),
    commaInFail: either(true, false),
    cmePrefix: either('+CME ERROR:', '+CME ERR:'),
    emptyLineBeforeOk: either(true, false),
    shortTestName: either(true, false),
    upperCaseMac: either(true, false),
    emptyIdentity: either('error', 'empty-fields'),
    overlap: either('busy', 'cme'),
    disconnectReport: either('+TCMQTTDISCON,2', either('+TCMQTTDISCON:0', null)),
    bootNoise: either(true, false),
    untilRestart: either('ending', 'setting'),
  };
}
