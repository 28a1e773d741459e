import { Fault } from '#shared/domain/fault.ts';
import { provisioningText } from '#shared/words/index.ts';
import type {
  BleLink,
  BleProvisioning,
  GivenNetwork,
  ProvisioningOptions,
  ProvisioningReport,
} from '../ble-provisioning.ts';
import { provisioningRefused } from '../provisioning-faults.ts';
import { awaitJoin, type StatusTypes } from './await-join.ts';
import { BLUFI, BlufiLink } from './blufi-link.ts';
import { CONTROL, controlType, DATA, dataType } from './frame-types.ts';
import { requireService } from './require-service.ts';
import { StageList } from './stage-list.ts';
import { NAMED, summarize } from './summaries.ts';

/** Types of frames in which the two dialects differ; mode, SSID, password and join are those of BluFi. */
export interface TencentDialect extends StatusTypes {
  /** From the phone: the token. From the unit: the state of the binding. */
  readonly token: number;
  /** Whether a unit that tells its version takes the token as a JSON object. */
  readonly hasJsonToken: boolean;
}

/** Tencent's assisted provisioning V1.1 (2020-09-23), as in qcloud-iot-explorer-sdk-embedded-c. */
export const TENCENT_COMBO: TencentDialect = {
  getStatus: controlType(0x04),
  report: dataType(0x04),
  token: dataType(0x05),
  hasJsonToken: false,
};

/**
 * Chapter 7 of the LLSync protocol 1.4.1. The document sends the token as it is; Tencent's app sends it in a JSON object to each unit
 * that tells its version, and uses data 05 for all others (qcloud-iotexplorer-appdev-plugin-wificonf-blecombo 3.0.118).
 */
export const TENCENT_LLSYNC7: TencentDialect = {
  getStatus: controlType(0x05),
  report: dataType(0x0f),
  token: dataType(0x13),
  hasJsonToken: true,
};

const STATION_MODE = 1;
/** As long as Tencent's app waits. */
const VERSION_MS = 3000;
/** The command with which Tencent's app gives the token. */
const TOKEN_COMMAND = 3;

/**
 * Tencent's older assisted provisioning: frames of BluFi without encryption and checksum. The password is sent in clear. The unit
 * answers the token with the state of its binding, `{"status":<code>,…}`, after the cloud has answered it.
 */
export function tencentProvisioning(dialect: TencentDialect): BleProvisioning {
  return {
    services: [BLUFI.service],
    provision: (link, given, options, signal) => provision(link, dialect, given, options, signal),
  };
}

async function provision(
  link: BleLink,
  dialect: TencentDialect,
  given: GivenNetwork,
  { answerMs, joinMs }: ProvisioningOptions,
  signal: AbortSignal,
): Promise<ProvisioningReport> {
  await requireService(link.connection, BLUFI.service, answerMs, signal);
  const { ssid, password, token } = given;
  using unit = await BlufiLink.open(
    link,
    {
      answerMs,
      clearSecrets: [ssid, password, token],
      summarize: (type, content) => summarize(type, content, dialect, ssid),
    },
    signal,
  );
  const stages = new StageList();

  const isJson = dialect.hasJsonToken && (await tellsVersion(unit, signal));
  stages.add('security', 'none: the password is sent in clear');
  // The document's frame asks for a confirmation.
  await unit.control(CONTROL.opMode, [STATION_MODE], signal, { isAckWanted: true });
  stages.add('Wi-Fi mode', 'confirmed');
  await unit.data(DATA.ssid, Buffer.from(ssid), signal, { isSecret: true });
  if (password !== '') await unit.data(DATA.password, Buffer.from(password), signal, { isSecret: true });
  stages.add('network and password', 'written');

  await unit.control(CONTROL.connect, [], signal);
  const { isWanted } = await awaitJoin(unit, dialect, { joinMs, clock: link.clock }, signal);
  stages.add('join', 'joined');

  const text = isJson ? JSON.stringify({ cmdType: TOKEN_COMMAND, token }) : token;
  await unit.data(dialect.token, Buffer.from(text), signal, { isSecret: true });
  const state = await awaitBinding(unit, dialect, joinMs, signal);
  stages.add('token', state);
  return {
    name: null,
    ssid: isWanted === true ? ssid : null,
    isConfirmed: state === BOUND,
    stages: stages.all,
  };
}

async function tellsVersion(unit: BlufiLink, signal: AbortSignal): Promise<boolean> {
  await unit.control(CONTROL.getVersion, [], signal);
  const asked = { type: DATA.version, timeoutMs: VERSION_MS, what: 'its version' };
  return (await unit.receiveWithin(asked, signal)) !== null;
}

const BOUND = 'the cloud has taken it';

/** What the unit said about the token. Faults: `provisioning-refused` for a status other than 0. */
async function awaitBinding(
  unit: BlufiLink,
  { token }: TencentDialect,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  let content: Uint8Array | null;
  try {
    content = await unit.receiveWithin({ type: token, timeoutMs, what: 'the state of its binding' }, signal);
  } catch (error) {
    if (error instanceof Fault && error.code === 'ble-lost')
      return 'written; the connection broke before the answer';
    throw error;
  }
  if (content === null) return 'written; the unit said nothing about it';
  const code = Buffer.from(content).toString();
  const { address } = unit;
  if (code === '')
    throw new Fault('device-garbled', `${address} sent no status in the state of its binding`, {
      hint: 'The firmware of the unit speaks another dialect.',
      details: { address },
    });
  if (code === '0') return BOUND;
  if (code === NAMED) return 'taken; the unit said nothing about its binding';
  throw provisioningRefused(address, 'token', provisioningText('status', code), '');
}
