import { ref } from 'vue';

/** What is typed into the one field of the PIN page, step after step, until there is something to send. */
export interface TypedPin {
  readonly pin: string;
  /** In the place of one that is too short by now. */
  readonly newPin: string | undefined;
}

/** The PIN; and where it is too short by now, a new one, twice. PINs live here until they are sent. */
export function usePinSteps() {
  const step = ref<'pin' | 'new' | 'again'>('pin');
  const least = ref(0);
  const said = ref<'signIn.newPinShort' | 'signIn.notTwice' | null>(null);
  let old = '';
  let chosen = '';

  /** Takes what the field holds; null when there is another step before anything is sent. */
  function take(text: string): TypedPin | null {
    said.value = null;
    switch (step.value) {
      case 'pin':
        old = text;
        return { pin: text, newPin: undefined };
      case 'new':
        if (text.length < least.value) said.value = 'signIn.newPinShort';
        else {
          chosen = text;
          step.value = 'again';
        }
        return null;
      case 'again':
        if (text === chosen) return { pin: old, newPin: chosen };
        said.value = 'signIn.notTwice';
        step.value = 'new';
        return null;
    }
  }

  /** The station wants a new PIN of at least so many characters. */
  function askNew(leastCharacters: number): void {
    least.value = leastCharacters;
    step.value = 'new';
  }

  function restart(): void {
    step.value = 'pin';
    old = chosen = '';
  }

  return { step, least, said, take, askNew, restart };
}
