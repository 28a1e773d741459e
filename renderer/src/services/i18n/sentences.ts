/** A text as its sentences, for where a line should rather end with one than within one. Chinese has no spaces to break at. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.。！？!?])\s*(?![\d.])/u).filter((sentence) => sentence !== '');
}
