/** The used part of better-queue 3.8, which has no types. */
declare module 'better-queue' {
  interface Ticket {
    on(event: 'queued', listener: () => void): this;
    on(event: 'failed', listener: (reason: string) => void): this;
  }
  class BetterQueue {
    constructor(process: (...args: never[]) => void, options: { store: object; autoResume: boolean });
    push(task: object): Ticket;
    pause(): void;
  }
  export = BetterQueue;
}
