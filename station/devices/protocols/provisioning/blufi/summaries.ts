import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { DATA } from './frame-types.ts';
import { describeError, readStatusReport, readVersion, readWifiList, type StationState } from './messages.ts';

/** What the station takes from a report about the network. */
export interface NetworkState {
  readonly station: StationState;
  /** Whether the unit names the wanted network; null when it names none. */
  readonly isWanted: boolean | null;
  readonly endReason: number | null;
  readonly endRssiDbm: number | null;
}

/** What the station takes from a list of networks. */
export interface WantedNetwork {
  /** How many networks the unit sees. */
  readonly networks: number;
  /** The strongest RSSI of the wanted one, dBm; null when the unit does not see it. */
  readonly rssiDbm: number | null;
}

/** Types of frames that a dialect has for the state of the network and of the binding. */
export interface SummarizedTypes {
  readonly report: number;
  /** Null: the unit says nothing about its token. */
  readonly token: number | null;
}

/**
 * The text of what the station takes from a message; empty when it is not as it must be, null for types whose content is used as it
 * is. Texts are inputs of the run: names of networks, which are not recorded, do not occur in them.
 */
export function summarize(
  type: number,
  content: Uint8Array,
  { report, token }: SummarizedTypes,
  ssid: string,
): string | null {
  switch (type) {
    case report:
      return stateOf(content, ssid);
    case token:
      return bindingOf(content);
    case DATA.version: {
      const version = readVersion(content);
      return version === null ? '' : `${version.major}.${version.minor}`;
    }
    case DATA.wifiList:
      return listOf(content, ssid);
    case DATA.errorReport:
      return describeError(content);
    default:
      return null;
  }
}

/** The summary of a list of networks; null for one that is not as it must be. */
export function parseWantedNetwork(text: string): WantedNetwork | null {
  return parseJsonOrNull(text) as WantedNetwork | null;
}

/** The summary of a report about the network; null for one that is not as it must be. */
export function parseNetworkState(text: string): NetworkState | null {
  return parseJsonOrNull(text) as NetworkState | null;
}

function stateOf(content: Uint8Array, wanted: string): string {
  const status = readStatusReport(content);
  if (status === null) return '';
  const { station, ssid, endReason, endRssiDbm } = status;
  const isWanted = ssid === null ? null : ssid === wanted;
  return JSON.stringify({ station, isWanted, endReason, endRssiDbm } satisfies NetworkState);
}

function listOf(content: Uint8Array, wanted: string): string {
  const networks = readWifiList(content);
  if (networks === null) return '';
  const seen = networks.filter(({ ssid }) => ssid === wanted).map(({ rssiDbm }) => rssiDbm);
  const rssiDbm = seen.length === 0 ? null : Math.max(...seen);
  return JSON.stringify({ networks: networks.length, rssiDbm } satisfies WantedNetwork);
}

/** The summary of an answer to the token that names the unit and has no status. */
export const NAMED = 'named';

/**
 * The status of `{"status":<code>,…}`. Names in the text differ between firmwares (`productID`, `productId`); Tencent's app takes any
 * object that names the unit for an answer, and asks its cloud for the state.
 */
function bindingOf(content: Uint8Array): string {
  const parsed = parseJsonOrNull(Buffer.from(content).toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null) return '';
  const status = 'status' in parsed ? parsed.status : null;
  if (typeof status === 'number' && Number.isSafeInteger(status)) return String(status);
  return status === null && ('productId' in parsed || 'productID' in parsed) ? NAMED : '';
}
