import { visibleText } from '../visible-text.ts';

/*
 * Writes text in a CSV file so that spreadsheets preserve it. Excel, WPS and LibreOffice interpret a cell, quoted or not,
 * like keyboard input: 861234567890123456 becomes 8.61E+17, 000123 becomes 123, 1/2 a date, 12:30 a time.
 * All three preserve two forms, which can be converted back exactly (docs/reports.md):
 *
 * `="000123"` for text that would become another value: a formula whose result is that text. Sources: Microsoft
 * Support, "Keeping leading zeros and large numbers"; tried with LibreOffice 7.4.
 * `'=1+1` for text that would be evaluated, and for text that begins with an apostrophe. Source: OWASP, CSV Injection.
 */

/** Excel refuses a formula with a longer text in it. Source: Microsoft, "Excel specifications and limits". */
const LONGEST_IN_FORMULA = 255;

/** The first characters of formulas; Chinese and Japanese locales read full-width forms as ASCII. */
const BEGINS_FORMULA = /^['=+\-@\t\r\n＝＋－＠]/;

/** The time format of Gongwei, which every spreadsheet keeps as text. */
const OWN_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Numbers, exponents, dates, times, fractions, percentages and amounts, in any country's writing. */
const NUMBER_LIKE = /^[\p{N}\p{Pd}\p{Sc}\s+−.,:;/\\%‰'’()⁄_eEdDtTzZ]*$/u;
/** Excludes text such as `E5`, which is no number in any locale. */
const LETTER_FIRST = /^[^\p{N}]*[A-Za-z]/u;
/** Years of Japanese emperors and of Taiwan: `R8.3.1`, `令和8年3月1日`. */
const ERA = /^[mtshr]\d{1,2}[./-]\d{1,2}[./-]\d{1,2}$/i;
const AM_PM = /^[\p{N}:. ]+[ap]\.?m?\.?$/iu;
/** Chinese, Japanese, Korean. */
const CJK_TIME = /[年月日号时時点分秒년월일시분초]|[上下]午|午[前後]|오[전후]/u;
const CJK_REST =
  /^(?:明治|大正|昭和|平成|令和|民国|民國)?[\p{N}\s:：.,年元月日号时時点分秒上下午前後년월일시분초오전후]*$/u;
/** Months begin like this in English, German, French, Spanish, Italian, Portuguese, Dutch, Danish, Swedish and Russian. */
const MONTH =
  /^[\p{N}\s.,/\p{Pd}]*(?:jan|feb|fév|fev|mar|mär|apr|avr|abr|may|mai|mag|jun|jui|giu|jul|lug|aug|aoû|ago|sep|set|okt|oct|out|ott|nov|dec|dez|déc|dic|des|ene|gen|mrt|maart|mei|maj|янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек)\p{L}*[\p{N}\s.,/\p{Pd}]*$/iu;
const TRUTH = /^(?:true|false|wahr|falsch|vrai|faux|verdadero|falso|vero|verdadeiro|真|假)$/iu;

const ASCII = /^[\0-\x7f]*$/;
/** The longest date, time and truth value of any language; a longer text is not checked. */
const LONGEST_DATE = 32;
const LONGEST_WORD = 12;
const ERROR = /^#[\p{L}\p{N}/!?]+$/u;

/** Text as a cell that a spreadsheet shows unchanged; invisible and directional characters are written as escapes. */
export function spreadsheetText(text: string): string {
  const shown = visibleText(text);
  const changes = becomesAnother(text);
  if (changes && shown.length <= LONGEST_IN_FORMULA && !/[\r\n\t"]/.test(shown)) return `="${shown}"`;
  return changes || BEGINS_FORMULA.test(text) ? `'${shown}` : shown;
}

/** True for text that a spreadsheet of any locale interprets as a value. */
function becomesAnother(text: string): boolean {
  // Full-width digits and signs are those of ASCII to a Chinese or Japanese Excel.
  const ascii = ASCII.test(text);
  const plain = (ascii ? text : text.normalize('NFKC')).trim();
  if (!(ascii ? /[0-9]/ : /\p{N}/u).test(plain))
    return plain.length <= LONGEST_WORD && (TRUTH.test(plain) || ERROR.test(plain));
  if (NUMBER_LIKE.test(plain)) return !LETTER_FIRST.test(plain) && !OWN_TIME.test(text);
  if (plain.length > LONGEST_DATE) return false;
  return ERROR.test(plain) || ERA.test(plain) || AM_PM.test(plain) || MONTH.test(plain) || isCjkTime(plain);
}

function isCjkTime(plain: string): boolean {
  return CJK_TIME.test(plain) && CJK_REST.test(plain);
}
