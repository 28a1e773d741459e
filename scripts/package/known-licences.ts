import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/run-in-place.mjs';
import type { KnownLicences } from './notices.ts';

/**
 * Packages that name their licence without its text, or contain the text without the name. A person has reviewed each in
 * the given version. Another version must be reviewed again.
 */
export function knownLicences(): KnownLicences {
  const apache = readFileSync(join(ROOT, 'LICENSE'), 'utf8');
  return {
    // The text is in its repository, vuejs/devtools-v6.
    '@vue/devtools-api@6.6.4': { licence: 'MIT', text: mit('Copyright (c) 2014-2016 Yuxi Evan You') },
    // The decoder is a port of Google's, as its files state.
    'brotli@1.3.3': {
      licence: 'MIT',
      text: `${mit('Copyright (c) Devon Govett')}\n\nThe decoder is Copyright 2013 Google Inc., under the Apache License 2.0:\n\n${apache}`,
    },
    'dfa@1.2.0': { licence: 'MIT', text: mit('Copyright (c) Devon Govett') },
    'fontkit@2.0.4': { licence: 'MIT', text: mit('Copyright (c) 2014-present Devon Govett') },
    'png-js@2.0.0': { licence: 'MIT' },
    // A fork of sax, with a function of another author, as the LICENSE of its repository, lddubeau/saxes, says.
    'saxes@6.0.0': {
      licence: 'ISC',
      text: `${isc('Copyright (c) Contributors; sax: Copyright (c) Isaac Z. Schlueter and Contributors')}\n\nString.fromCodePoint:\n\n${mit('Copyright Mathias Bynens <https://mathiasbynens.be/>')}`,
    },
  };
}

/** Source: https://spdx.org/licenses/ISC.html */
function isc(copyright: string): string {
  return `ISC License

${copyright}

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.
`;
}

/** Source: https://spdx.org/licenses/MIT.html */
function mit(copyright: string): string {
  return `MIT License

${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
