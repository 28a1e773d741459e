/** Splits a text into sentences, so that lines can break between them. Chinese has no spaces to break at. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.。！？!?])\s*(?![\d.])/u).filter((sentence) => sentence !== '');
}
