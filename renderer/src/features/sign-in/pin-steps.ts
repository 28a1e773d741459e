import { ref } from 'vue';

/** A PIN to sign in with, entered in one or more steps of the one field. */
export interface TypedPin {
  readonly pin: string;
  /** Replaces a PIN that is shorter than the station now requires. */
  readonly newPin: string | undefined;
}

/**
 * The steps of the PIN page: the PIN; if it is shorter than required, a new one, twice. PINs are in memory until they
 * are sent.
 */
export function usePinSteps() {
  const step = ref<'pin' | 'new' | 'again'>('pin');
  const minLength = ref(0);
  const message = ref<'signIn.newPinShort' | 'signIn.notTwice' | null>(null);
  let old = '';
  let chosen = '';

  /** Takes the text of the field. Returns `null` if another step follows before the PIN is sent. */
  function take(text: string): TypedPin | null {
    message.value = null;
    switch (step.value) {
      case 'pin':
        old = text;
        return { pin: text, newPin: undefined };
      case 'new':
        if (text.length < minLength.value) message.value = 'signIn.newPinShort';
        else {
          chosen = text;
          step.value = 'again';
        }
        return null;
      case 'again':
        if (text === chosen) return { pin: old, newPin: chosen };
        message.value = 'signIn.notTwice';
        step.value = 'new';
        return null;
    }
  }

  /** Asks for a new PIN of at least `characters`. */
  function askNew(characters: number): void {
    minLength.value = characters;
    step.value = 'new';
  }

  function restart(): void {
    step.value = 'pin';
    old = chosen = '';
  }

  return { step, minLength, message, take, askNew, restart };
}
