import { OTA_STAGES } from '#shared/domain/ota.ts';
import type { OtaProgress } from './update-state.ts';

const MAX_TEXT = 200;
const MAX_VERSION = 64;

/**
 * A message `report_progress`; null when it is none. Numbers are texts in the SDKs and numbers in some firmware:
 * `{"type":"report_progress","report":{"progress":{"state":"downloading","percent":"10","result_code":"0","result_msg":""},
 * "version":"0.2"}}`. Source: Tencent's device SDKs.
 */
export function readProgress(report: unknown): OtaProgress | null {
  const { progress, version } = asObject(report);
  const { state, percent, result_code: resultCode, result_msg: resultText } = asObject(progress);
  if (typeof version !== 'string' || version === '' || version.length > MAX_VERSION) return null;
  if (state === 'fail') {
    const code = asNumber(resultCode);
    if (code === null || !Number.isInteger(code)) return null;
    const text = typeof resultText === 'string' ? resultText.slice(0, MAX_TEXT) : '';
    return { state, resultCode: code, resultText: text, version };
  }
  const stage = OTA_STAGES.find((one) => one === state);
  if (stage === undefined) return null;
  const part = percent === undefined ? null : asNumber(percent);
  const isWrong = percent !== undefined && (part === null || part < 0 || part > 100);
  return isWrong ? null : { state: stage, percent: part, version };
}

function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^-?\d{1,9}(?:\.\d{1,3})?$/.test(value) ? Number(value) : null;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
