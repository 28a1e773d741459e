/**
 * Announces events of a device on its console and to its cloud. The methods do not wait for the cloud's reply, so that the
 * console can take the next command.
 */
export interface Announcer {
  /** `+EVENT:<id>`, and `event_post` when the device is online. */
  event(id: number): void;
  /** `+NOTICE:<id>` or `+NOTICE:<id>,<ext>`, and `event_post` when it is online. */
  notice(id: number, ext?: number): void;
  /** Reports properties, all or those named, when it is online. */
  report(...ids: readonly string[]): void;
}
