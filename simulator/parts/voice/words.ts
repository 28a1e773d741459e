/** A word of the sample product, as defined with the vendor's tool. */
export interface Word {
  readonly id: number;
  readonly text: string;
  /** Whether the word is recognised without the wake word. */
  readonly recognisedAsleep: boolean;
  readonly does: 'wake' | 'light-on' | 'light-off' | 'louder' | 'quieter';
}

export const WORDS: readonly Word[] = [
  { id: 0x01, text: '你好小智', recognisedAsleep: true, does: 'wake' },
  { id: 0x10, text: '打开灯光', recognisedAsleep: true, does: 'light-on' },
  { id: 0x11, text: '关闭灯光', recognisedAsleep: true, does: 'light-off' },
  { id: 0x12, text: '增大音量', recognisedAsleep: false, does: 'louder' },
  { id: 0x13, text: '减小音量', recognisedAsleep: false, does: 'quieter' },
];
