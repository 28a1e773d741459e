import { ENDED_TARGET, KEY_FRAGMENT, KEY_HEADER } from '#shared/contract/kiosk-session.ts';
import { Fault } from '#shared/domain/fault.ts';

const STORED_AS = 'gongwei-key';
/** As told, renewed, and confirmed; a fourth answer of another kind is no kiosk's. */
const MOST_QUESTIONS = 3;
const ANSWER_TIMEOUT_MS = 10_000;

/** The kiosk's door, for pages in a browser: what shows that a request is one of ours; see `kiosk-session.ts`. */
export interface Door {
  /**
   * The session's key, renewed if its person has changed. Rejects with `disconnected` when nobody answers. Where the
   * session is over the page leaves for words that say how to come in again.
   */
  key(): Promise<string>;
  /** For one download. Rejects as `key` does. */
  ticket(): Promise<string>;
}

/**
 * Takes the key out of the address of a page that a link has opened, before anybody reads the address, and keeps it in
 * the storage of this origin for all its tabs and for a reload.
 */
export function openDoor(window: Window): Door {
  const { location, localStorage, history, navigator } = window;
  if (location.hash.startsWith(KEY_FRAGMENT)) {
    localStorage.setItem(STORED_AS, location.hash.slice(KEY_FRAGMENT.length));
    history.replaceState(null, '', location.pathname);
  }
  const keyNow = (): string => localStorage.getItem(STORED_AS) ?? '';
  const post = async (path: string): Promise<Response> => {
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      return await window.fetch(path, { method: 'POST', headers: { [KEY_HEADER]: keyNow() }, signal });
    } catch {
      throw new Fault('disconnected', 'the station does not answer');
    }
  };

  async function current(): Promise<string> {
    for (let asked = 0; asked < MOST_QUESTIONS; asked += 1) {
      const answer = await post('/session');
      switch (answer.status) {
        case 204:
          return keyNow();
        case 200:
          localStorage.setItem(STORED_AS, keyIn(await answer.json()));
          break;
        case 403:
          location.replace(ENDED_TARGET);
          throw new Fault('forbidden', 'the session of this page is over');
        default:
          throw new Fault('disconnected', `the station answers ${answer.status}`);
      }
    }
    throw new Fault('disconnected', 'the station does not settle on a session');
  }

  // One tab at a time: the cookie and the key of two renewals must not be mixed.
  const key = (): Promise<string> => navigator.locks.request(STORED_AS, current);
  return {
    key,
    async ticket() {
      await key();
      const answer = await post('/tickets');
      if (!answer.ok) throw new Fault('forbidden', 'the station gives no file to this page');
      return ticketIn(await answer.json());
    },
  };
}

function keyIn(answer: unknown): string {
  return String((answer as { key?: unknown } | null)?.key ?? '');
}

function ticketIn(answer: unknown): string {
  return String((answer as { ticket?: unknown } | null)?.ticket ?? '');
}
