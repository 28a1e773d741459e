/**
 * The text that a station signs with a DeviceSecret to prove that it has a triple without a lease (one that was imported from
 * a list): HMAC-SHA256 with the text of the secret as key, hex, as `secretProof` beside an event's payload. Valid for this
 * event of this station only.
 */
export function secretProofText(
  station: string,
  eventKey: string,
  identity: { readonly productId: string; readonly deviceName: string },
): string {
  return JSON.stringify(['gongwei secret proof', station, eventKey, identity.productId, identity.deviceName]);
}
