import { Fault } from '#shared/domain/fault.ts';
import { BLUFI_DEFAULTS, type BlufiSettings, TOKEN_PLACEHOLDER } from '#shared/recipe/index.ts';
import { provisioningText } from '#shared/words/index.ts';
import type {
  BleLink,
  BleProvisioning,
  GivenNetwork,
  ProvisioningOptions,
  ProvisioningReport,
} from '../ble-provisioning.ts';
import { provisioningRefused } from '../provisioning-faults.ts';
import { awaitJoin } from './await-join.ts';
import { BLUFI, BlufiLink } from './blufi-link.ts';
import { CONTROL, DATA } from './frame-types.ts';
import { beginKeyExchange, type BlufiSecurity } from './key-exchange.ts';
import { requireService } from './require-service.ts';
import { StageList } from './stage-list.ts';
import { parseWantedNetwork, summarize } from './summaries.ts';

const STATION_MODE = 1;
const SUMMARIZED = { report: DATA.statusReport, token: null } as const;
const SECURITY = { checksum: 0x01, encryption: 0x02 } as const;
/** A unit without hardware for big numbers computes for 12 s with 3072 bits. */
const KEY_EXCHANGE_MS = 20_000;
/** A scan of all channels, with time to listen on each. */
const SCAN_MS = 15_000;
/** The first version with security V2. */
const VERSION_V2 = { major: 1, minor: 4 } as const;
/**
 * BluFi of Espressif: version, key exchange, security, list of networks where it is wanted, mode, network, join, and the token as
 * custom data. Sources: ESP-IDF, "BluFi", examples/bluetooth/blufi; EspBlufiForAndroid.
 */
export function blufiProvisioning(security: BlufiSecurity): BleProvisioning {
  return {
    services: [BLUFI.service],
    provision: (link, given, options, signal) => provision(link, security, given, options, signal),
  };
}

async function provision(
  link: BleLink,
  security: BlufiSecurity,
  given: GivenNetwork,
  options: ProvisioningOptions,
  signal: AbortSignal,
): Promise<ProvisioningReport> {
  const { answerMs, joinMs, blufi = BLUFI_DEFAULTS } = options;
  const { acks: isAckWanted } = blufi;
  await requireService(link.connection, BLUFI.service, answerMs, signal);
  const { ssid, password, token } = given;
  using unit = await BlufiLink.open(
    link,
    {
      answerMs,
      clearSecrets: blufi.encrypt ? [] : [ssid, password, token],
      summarize: (type, content) => summarize(type, content, SUMMARIZED, ssid),
    },
    signal,
  );
  const stages = new StageList();

  const version = await askVersion(unit, security, blufi, answerMs, signal);
  stages.add('version', `BluFi ${version}, ${unit.frameBytes} bytes in a frame`);
  await secure(unit, security, blufi, answerMs, signal);
  stages.add('security', describeSecurity(security, blufi));

  const isListed = blufi.wifiList || blufi.rssi !== undefined;
  const rssiDbm = isListed ? await findNetwork(unit, answerMs, signal) : null;
  if (rssiDbm !== null) stages.add('Wi-Fi list', `it sees the network with ${rssiDbm} dBm`);

  await unit.control(CONTROL.opMode, [STATION_MODE], signal, { isAckWanted });
  await unit.data(DATA.ssid, Buffer.from(ssid), signal, { isAckWanted, isSecret: true });
  // An empty value has no frame of its own: an open network needs none.
  if (password !== '')
    await unit.data(DATA.password, Buffer.from(password), signal, { isAckWanted, isSecret: true });
  stages.add('network and password', isAckWanted ? 'confirmed' : 'written');

  await unit.control(CONTROL.connect, [], signal, { isAckWanted });
  const types = { getStatus: CONTROL.getStatus, report: DATA.statusReport };
  const { isWanted } = await awaitJoin(unit, types, { joinMs, clock: link.clock }, signal);
  stages.add('join', 'joined');

  const custom = Buffer.from(blufi.customData.replaceAll(TOKEN_PLACEHOLDER, token));
  await unit.data(DATA.custom, custom, signal, { isAckWanted, isSecret: true });
  const isConfirmed = await confirmToken(unit, answerMs, signal);
  stages.add('token', isConfirmed ? 'taken' : 'written; the connection broke before the answer');
  return { name: null, ssid: isWanted === true ? ssid : null, isConfirmed, stages: stages.all, rssiDbm };
}

/** Faults: `device-rejected` for a version with the other security. */
async function askVersion(
  unit: BlufiLink,
  security: BlufiSecurity,
  { encrypt }: BlufiSettings,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  await unit.control(CONTROL.getVersion, [], signal);
  const text = await unit.receiveText({ type: DATA.version, timeoutMs, what: 'its version' }, signal);
  const { address } = unit;
  if (text === '')
    throw new Fault('device-garbled', `${address} sent a version that is none`, { details: { address } });
  const [major = 0, minor = 0] = text.split('.').map(Number);
  const isV2 = major > VERSION_V2.major || (major === VERSION_V2.major && minor >= VERSION_V2.minor);
  if (!encrypt || isV2 === (security === 'v2')) return text;
  throw new Fault(
    'device-rejected',
    `${address} has BluFi ${text}, which does not agree keys by security ${security}`,
    {
      hint: `Write "method: ${isV2 ? 'blufi-v2' : 'blufi'}" in the recipe.`,
      details: { address },
    },
  );
}

/** Agrees a key, tells the unit what is encrypted and checked, and does so from then on. */
async function secure(
  unit: BlufiLink,
  security: BlufiSecurity,
  { encrypt, checksum }: BlufiSettings,
  answerMs: number,
  signal: AbortSignal,
): Promise<void> {
  if (encrypt) await agreeKey(unit, security, answerMs, signal);
  if (!encrypt && !checksum) return;
  const mode = (checksum ? SECURITY.checksum : 0) | (encrypt ? SECURITY.encryption : 0);
  // This frame has a checksum already, and is not encrypted yet.
  unit.protect({ isEncrypted: false, hasChecksum: true });
  await unit.control(CONTROL.securityMode, [mode], signal);
  unit.protect({ isEncrypted: encrypt, hasChecksum: checksum });
}

async function agreeKey(
  unit: BlufiLink,
  security: BlufiSecurity,
  answerMs: number,
  signal: AbortSignal,
): Promise<void> {
  const exchange = beginKeyExchange(security);
  const [length, parameters] = exchange.messages;
  await unit.data(DATA.negotiation, length, signal);
  // The public value is another one in each run, so that it cannot be compared with a recording.
  await unit.data(DATA.negotiation, parameters, signal, { isSecret: true });
  const timeoutMs = Math.max(answerMs, KEY_EXCHANGE_MS);
  const what = 'its public value';
  const value = await unit.receive({ type: DATA.negotiation, timeoutMs, what }, signal);
  const cipher = exchange.agree(value);
  const { address } = unit;
  if (cipher === null)
    throw new Fault(
      'device-garbled',
      `${address} sent a public value of ${value.length} bytes that is none of security ${security}`,
      {
        hint: 'The unit is faulty, or another device answers in its place.',
        details: { address },
      },
    );
  unit.setCipher(cipher);
}

/** RSSI with which the unit sees the network, dBm. Faults: `provisioning-refused` when it does not see it. */
async function findNetwork(unit: BlufiLink, answerMs: number, signal: AbortSignal): Promise<number> {
  await unit.control(CONTROL.getWifiList, [], signal);
  const timeoutMs = Math.max(answerMs, SCAN_MS);
  const what = 'the networks that it sees';
  const list = parseWantedNetwork(await unit.receiveText({ type: DATA.wifiList, timeoutMs, what }, signal));
  const { address } = unit;
  if (list === null)
    throw new Fault('device-garbled', `${address} sent a list of networks that is cut off`, {
      details: { address },
    });
  if (list.rssiDbm !== null) return list.rssiDbm;
  throw provisioningRefused(address, 'Wi-Fi list', provisioningText('not-among', list.networks), '');
}

/**
 * Asks for the state, so that an error report about the token comes first. False when the connection breaks, which a unit may do as
 * soon as it has its token.
 */
async function confirmToken(unit: BlufiLink, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await unit.forget(DATA.statusReport, signal);
    await unit.control(CONTROL.getStatus, [], signal);
    await unit.receive({ type: DATA.statusReport, timeoutMs, what: 'its state after the token' }, signal);
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'ble-lost') return false;
    throw error;
  }
}

function describeSecurity(security: BlufiSecurity, { encrypt, checksum }: BlufiSettings): string {
  const encryption = encrypt ? `encrypted by security ${security}` : 'not encrypted';
  return `${encryption}, ${checksum ? 'with checksum' : 'without checksum'}`;
}
