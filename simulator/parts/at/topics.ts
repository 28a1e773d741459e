import type { IdentityName } from '#shared/domain/triple.ts';

/** Topics of a device's updates (section 6.2 of the platform's MQTT documents). */
export function topicsOf({ productId, deviceName }: IdentityName) {
  return {
    otaReport: `$ota/report/${productId}/${deviceName}`,
    otaUpdate: `$ota/update/${productId}/${deviceName}`,
  };
}

/** Whether a topic matches a filter with `+` and `#` (MQTT 3.1.1, 4.7). */
export function matchesFilter(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [at, want] of wanted.entries()) {
    if (want === '#') return true;
    if (at >= levels.length || (want !== '+' && want !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}
