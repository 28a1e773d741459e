import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Log, LogFields } from '../../../../station/core/platform/index.ts';
import { maskLog, MIN_REVEALING_LENGTH, SecretMask } from '../../../../station/core/secret-mask/index.ts';

/** Secrets as clouds make them: base64 of random bytes, and passwords of other characters. */
const base64Secret = fc
  .uint8Array({ minLength: 12, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));
const password = fc.stringMatching(/^[!-)+-~]{8,24}$/);
const secret = fc.oneof(base64Secret, password);

/** The forms in which a secret may be sent, written independently of the mask's own list. */
function textForms(value: string): string[] {
  const bytes = Buffer.from(value);
  const raw = Buffer.from(value, 'base64');
  const isBase64 = raw.length >= 8 && raw.toString('base64') === value;
  return [
    value,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64'),
    ...(isBase64 ? [raw.toString('hex'), raw.toString('hex').toUpperCase()] : []),
  ];
}

/** A secret in one of its forms, between other text. */
const message = fc
  .tuple(
    secret,
    fc.nat(),
    fc.stringMatching(/^[ -)+-~\r\n]{0,12}$/),
    fc.stringMatching(/^[ -)+-~\r\n]{0,12}$/),
  )
  .map(([value, form, before, after]) => {
    const forms = textForms(value);
    return { value, text: `${before}${forms[form % forms.length] ?? ''}${after}` };
  });

function maskOf(...secrets: string[]): SecretMask {
  const mask = new SecretMask();
  mask.protect(secrets);
  return mask;
}

/** What a revealed secret would look like: any form, whole or from its beginning on. */
function expectNothingOf(value: string, shown: string): void {
  for (const form of textForms(value)) expect(shown).not.toContain(form);
}

describe('a secret in any of its forms', () => {
  it('is masked in text and in bytes when it is not ASCII, such as the name of a network', () => {
    const mask = new SecretMask();
    mask.protectBytes([Buffer.from('产线网络')]);
    expect(mask.maskText('joined 产线网络 at -40 dBm')).toBe('joined *** at -40 dBm');
    expect(mask.maskText(Buffer.from('joined 产线网络').toString('latin1'))).toBe('joined ***');
    expect(Buffer.from(mask.maskBytes(Buffer.from('joined 产线网络'))).toString()).toBe(
      `joined ${'*'.repeat(12)}`,
    );
  });

  it('is masked in text, echoed any number of times', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 3 }), ({ value, text }, times) => {
        expectNothingOf(value, maskOf(value).maskText(text.repeat(times)));
      }),
    );
  });

  it('is masked in values and keys of JSON of any depth', () => {
    fc.assert(
      fc.property(message, ({ value, text }) => {
        const json = { [text]: [{ deep: text, number: 1, none: null }], flag: true };
        const masked = maskOf(value).maskJson(json);
        expectNothingOf(value, JSON.stringify(Object.entries(masked).flat(9)));
        expect(Object.values(masked).length).toBe(2);
      }),
    );
  });

  it('is masked in bytes, also as the bytes that it encodes', () => {
    fc.assert(
      fc.property(message, fc.uint8Array({ maxLength: 8 }), ({ value, text }, around) => {
        const raw = Buffer.from(value, 'base64');
        const bytes = Buffer.concat([around, Buffer.from(text), around, raw, around]);
        const masked = Buffer.from(maskOf(value).maskBytes(bytes));
        expect(masked.length).toBe(bytes.length);
        expectNothingOf(value, masked.toString('latin1'));
        if (raw.length >= 8 && raw.toString('base64') === value) expect(masked.includes(raw)).toBe(false);
      }),
    );
  });

  it('is masked in text that comes in chunks, and the text around it stays', () => {
    fc.assert(
      fc.property(message, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (own, sizes) => {
        const mask = maskOf(own.value);
        const masker = mask.createTextMasker();
        const whole = `${own.text}\n`;
        let shown = '';
        for (let at = 0, n = 0; at < whole.length; n++) {
          const size = sizes[n % sizes.length] ?? 1;
          shown += masker.push(whole.slice(at, at + size));
          at += size;
        }
        // The end may be held back as the beginning of a secret; what is shown is what the whole text shows.
        expectNothingOf(own.value, shown);
        expect(mask.maskText(whole).startsWith(shown)).toBe(true);
      }),
    );
  });

  it('is masked also where the text ends within it', () => {
    fc.assert(
      fc.property(secret, fc.nat(), fc.nat(), (value, form, length) => {
        const forms = textForms(value);
        const whole = forms[form % forms.length] ?? '';
        const begun = whole.slice(0, MIN_REVEALING_LENGTH + (length % (whole.length - MIN_REVEALING_LENGTH)));
        expect(maskOf(value).maskUnfinishedText(`key = ${begun}`)).toBe('key = ***');
        const bytes = maskOf(value).maskBytes(Buffer.from(`key = ${begun}`));
        expect(Buffer.from(bytes).toString('latin1')).toBe(`key = ${'*'.repeat(begun.length)}`);
      }),
    );
  });

  it('is masked in log fields, error messages and stacks; other errors are passed on as they are', () => {
    const written: string[] = [];
    const write = (_event: string, fields: LogFields = {}): void =>
      void written.push(...Object.entries(fields).flatMap(([key, value]) => [key, String(value)]));
    const log: Log = {
      info: write,
      warn: write,
      error: (event, error, fields) => {
        const { message, stack = '' } = error as Error;
        written.push(message, stack);
        write(event, fields);
      },
    };
    fc.assert(
      fc.property(message, ({ value, text }) => {
        const masked = maskLog(log, maskOf(value));
        masked.info('event', { text });
        masked.warn('event', { [text]: 1 });
        masked.error('event', new Error(text), { text });
        const shown = written.splice(0);
        expect(shown).toHaveLength(8);
        for (const part of shown) expectNothingOf(value, part);
      }),
    );
    const own = new Error('no secret');
    let passed: unknown = null;
    const other: Log = { ...log, error: (_event, error) => void (passed = error) };
    maskLog(other, maskOf('secret-of-this-run')).error('event', own);
    expect(passed).toBe(own);
  });
});

it('a mask without secrets changes nothing', () => {
  const mask = new SecretMask();
  const json = { a: ['b'] };
  mask.protect(['']);
  expect(mask.forms).toEqual([]);
  expect(mask.maskText('text')).toBe('text');
  expect(mask.maskJson(json)).toBe(json);
  expect(mask.createTextMasker().push('text')).toBe('text');
});

it('announces secrets once, when they are new', () => {
  const mask = new SecretMask();
  let calls = 0;
  mask.onProtect(() => (calls += 1));
  mask.protect(['first-secret', 'first-secret']);
  const forms = mask.forms.length;
  mask.protect(['first-secret']);
  expect(calls).toBe(1);
  expect(mask.forms).toHaveLength(forms);
  mask.protect(['second-secret']);
  expect(calls).toBe(2);
});
