/** Two readers with a mistake each, which a fuzzer must find. */
export const TARGETS = [
  {
    name: 'throws',
    seeds: [Buffer.from('{"a":[1,2,3]}')],
    feed: (bytes: Uint8Array) => void JSON.parse(Buffer.from(bytes).toString('utf8')),
  },
  {
    name: 'hangs',
    seeds: [Buffer.from('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')],
    feed: (bytes: Uint8Array) => void /^(a+)+$/.test(Buffer.from(bytes).toString('latin1')),
  },
];
