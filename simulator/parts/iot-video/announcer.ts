/**
 * How a device tells the world that something has happened: a line on its console, a message to its cloud. Nobody waits
 * for the cloud's answer: the console is free for the next command.
 */
export interface Announcer {
  /** `+EVENT:<id>`, and `event_post` when the device is online. */
  event(id: number): void;
  /** `+NOTICE:<id>` or `+NOTICE:<id>,<ext>`, and `event_post` when it is online. */
  notice(id: number, ext?: number): void;
  /** Reports properties, all or those named, when it is online. */
  report(...ids: readonly string[]): void;
}
