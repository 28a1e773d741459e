import type { IdentityName } from '#shared/domain/triple.ts';

/** Topics of one device (section 6.2 of the platform's MQTT documents). */
export function thingTopics({ productId, deviceName }: IdentityName) {
  const device = `${productId}/${deviceName}`;
  return {
    propertyUp: `$thing/up/property/${device}`,
    propertyDown: `$thing/down/property/${device}`,
    eventUp: `$thing/up/event/${device}`,
    eventDown: `$thing/down/event/${device}`,
    actionUp: `$thing/up/action/${device}`,
    actionDown: `$thing/down/action/${device}`,
  };
}
