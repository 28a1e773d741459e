/**
 * What a station signs with a DeviceSecret to show that it has the triple, where no lease says so (a triple that was
 * imported from a list): HMAC-SHA256, keyed with the secret's text, in hex, as `secretProof` beside an event's payload.
 * Good for this event of this station only.
 */
export function secretProofText(
  station: string,
  eventKey: string,
  identity: { readonly productId: string; readonly deviceName: string },
): string {
  return JSON.stringify(['gongwei secret proof', station, eventKey, identity.productId, identity.deviceName]);
}
