import { Fault } from '#shared/domain/fault.ts';
import { visibleLine } from '#shared/codec/visible-text.ts';
import { provisioningText } from '#shared/words/index.ts';
import type {
  BleLink,
  BleProvisioning,
  GivenNetwork,
  ProvisioningOptions,
  ProvisioningReport,
  ProvisioningStage,
} from '../ble-provisioning.ts';
import { provisioningRefused, requireName } from '../provisioning-faults.ts';
import { garbled, receiveDeviceInfo } from './device-info.ts';
import { LlsyncLink } from './llsync-link.ts';
import { DEVICE_INFO, EVENT } from './message-types.ts';
import { LLSYNC_SERVICES, llsyncUuid } from './uuids.ts';

const STATION_MODE = 1;
/** The log is asked for after a failure only, and is no reason to wait long. */
const LOG_TIMEOUT_MS = 3000;
const SERVICES = [llsyncUuid(LLSYNC_SERVICES.provisioning), llsyncUuid(LLSYNC_SERVICES.both)];

/**
 * LLSync over FFF0 or FFE8: device information, MTU, mode, network, join, token; the log of the unit when it refuses. Nothing is
 * authenticated, and the password travels in clear. Source: LLSync SDK 1.6.3, `ble_qiot_service`, and runs of it.
 */
export const llsyncProvisioning: BleProvisioning = { services: SERVICES, provision };

async function provision(
  bleLink: BleLink,
  given: GivenNetwork,
  options: ProvisioningOptions,
  signal: AbortSignal,
): Promise<ProvisioningReport> {
  const { connection } = bleLink;
  const { answerMs, joinMs } = options;
  const service = await chooseService(connection, answerMs, signal);
  using link = await LlsyncLink.open({ ...bleLink, service }, signal);
  const stages: ProvisioningStage[] = [];
  const said = (stage: string, text: string): void => void stages.push({ stage, said: text });

  // The firmware that has this service knows the message; it answers nothing.
  if (service === llsyncUuid(LLSYNC_SERVICES.both)) await link.request([DEVICE_INFO.appReady], signal);
  await link.request([DEVICE_INFO.getInfo], signal);
  const info = await receiveDeviceInfo(link, answerMs, signal);
  requireName(info.text, options.deviceName, connection.address);
  said('device information', `version ${info.protocolVersion}, MTU ${info.mtuBytes}, name ${info.text}`);

  await link.request([DEVICE_INFO.wifiMode, STATION_MODE], signal);
  await requireDone(link, EVENT.wifiMode, 'Wi-Fi mode', answerMs, signal);
  said('Wi-Fi mode', 'done');

  const network = Buffer.concat([withLength(given.ssid, 'SSID'), withLength(given.password, 'password')]);
  await link.send('deviceInfo', DEVICE_INFO.wifiInfo, network, signal, { secret: true });
  await requireDone(link, EVENT.wifiInfo, 'network and password', answerMs, signal);
  said('network and password', 'done');

  const ssid = await join(link, given.ssid, joinMs, signal);
  said('join', 'joined');

  const token = Buffer.from(given.token);
  await link.send('deviceInfo', DEVICE_INFO.wifiToken, token, signal, { secret: true });
  const report = { name: info.text, ssid, stages };
  try {
    await requireDone(link, EVENT.wifiToken, 'token', answerMs, signal);
  } catch (error) {
    // A unit that has the token may switch its Bluetooth off at once.
    if (!(error instanceof Fault && error.code === 'ble-lost')) throw error;
    said('token', 'written; the connection broke before the answer');
    return { ...report, isConfirmed: false };
  }
  said('token', 'done');
  return { ...report, isConfirmed: true };
}

async function chooseService(
  connection: BleLink['connection'],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  const has = await connection.services({ timeoutMs, signal });
  const found = SERVICES.find((service) => has.includes(service));
  if (found !== undefined) return found;
  const { address } = connection;
  throw new Fault('device-rejected', `${address} has no service for provisioning by LLSync`, {
    hint: `It has ${has.join(', ') || 'none'}; LLSync is ${LLSYNC_SERVICES.provisioning} or ${LLSYNC_SERVICES.both}.`,
    details: { address },
  });
}

/** A text with one byte of length in front. */
function withLength(text: string, what: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= 0xff) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  throw new Fault('bad-input', `the ${what} has ${bytes.length} bytes; LLSync takes 255`);
}

/** Awaits a result of one byte: 0 is done. */
async function requireDone(
  link: LlsyncLink,
  type: number,
  stage: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const message = await link.receive({ types: [type], timeoutMs, what: `answer to the ${stage}` }, signal);
  const [result] = message.data;
  if (result === undefined || message.data.length !== 1)
    throw garbled(link, message, `an answer to the ${stage}`);
  if (result === 0) return;
  const said = provisioningText('result', result);
  throw provisioningRefused(link.connection.address, stage, said, await readLog(link, signal));
}

/** Lets the unit join, and awaits its report: mode, state (0: joined), 0, length and SSID. Returns the SSID. */
async function join(
  link: LlsyncLink,
  wanted: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  const awaited = { types: [EVENT.wifiConnect], timeoutMs, what: 'report about its network' };
  const message = await link.askNamed([DEVICE_INFO.wifiConnect], awaited, wanted, signal);
  const [mode, state, , length] = message.data;
  if (mode === undefined || state === undefined || length === undefined || message.data.length < 4 + length)
    throw garbled(link, message, 'a report about its network');
  const ssid = Buffer.from(message.data.subarray(4, 4 + length)).toString('utf8');
  if (state === 0) return ssid;
  const said = provisioningText('state', state);
  throw provisioningRefused(link.connection.address, 'join', said, await readLog(link, signal));
}

/** The text of the unit's log; empty when it gives none. */
async function readLog(link: LlsyncLink, signal: AbortSignal): Promise<string> {
  try {
    const awaited = { types: [EVENT.log], timeoutMs: LOG_TIMEOUT_MS, what: 'log' };
    return visibleLine(await link.askText([DEVICE_INFO.getLog], awaited, signal)).trim();
  } catch (error) {
    if (error instanceof Fault && error.class === 'unit') return '';
    throw error;
  }
}
