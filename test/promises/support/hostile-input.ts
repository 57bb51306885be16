/** Pieces that parsers have stumbled over: of JSON, SMTP, MIME, HTML, addresses, templates and regular expressions. */
const NASTY: readonly string[] = [
  '[',
  '{"a":',
  '"',
  '\\',
  '\\u0000',
  '\u0000',
  '\r\n',
  '\r\n.\r\n',
  '\r\n ',
  '\t',
  ' ',
  'a',
  '1',
  '-',
  '--',
  '550-5.1.1 ',
  '250 ',
  '.',
  '@',
  'a@b.example ',
  'a@b.example\r\n',
  '<',
  '<p ',
  '<a href="',
  '<!--',
  '&#',
  '&amp;',
  '=?utf-8?b?',
  '=?utf-8?q?=',
  '=\r\n',
  '"a"@',
  '(',
  ')',
  ',',
  ';',
  ': ',
  'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n',
  '--a\r\n',
  '{{',
  '}}',
  '\u{1F600}',
  '\ufeff',
  '\u202e',
  '*/1 ',
  '__proto__',
  '1e999',
  'url(',
  'data:',
];

/** The shapes of input a point can have. */
export const SHAPES = [
  'raw bytes',
  'mutated sample',
  'deep nesting',
  'huge',
  'huge inside a sample',
] as const;
export type Shape = (typeof SHAPES)[number];

export interface HostileInput {
  readonly shape: Shape;
  readonly bytes: Buffer;
}

/** Makes one input of at most so many bytes, from valid samples of what the parser reads. */
export function hostileInput(
  shape: Shape,
  samples: readonly Buffer[],
  mostBytes: number,
  random: () => number,
): HostileInput {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const sample = () => pick(samples);
  const repeated = (piece: string, bytes: number) =>
    Buffer.from(piece.repeat(Math.max(1, Math.floor(bytes / Buffer.byteLength(piece)))));
  /** Mostly small, now and then all that is allowed. */
  const size = () => (random() < 0.5 ? mostBytes : below(mostBytes));
  const make = (): Buffer => {
    switch (shape) {
      case 'raw bytes':
        return Buffer.from(Array.from({ length: below(4096) }, () => below(256)));
      case 'mutated sample':
        return mutated(sample(), sample(), below, pick);
      case 'deep nesting': {
        const [open, close] = pick([
          ['[', ']'],
          ['{"a":', '}'],
          ['[{"a":', '}]'],
          ['<p>', '</p>'],
          ['(', ')'],
        ] as const);
        const depth = Math.floor(size() / (open.length + close.length));
        return Buffer.from(open.repeat(depth) + pick(['', '1', 'null']) + pick(['', close.repeat(depth)]));
      }
      case 'huge':
        return repeated(pick(NASTY) + pick(['', '', pick(NASTY)]), size());
      case 'huge inside a sample': {
        const text = sample().toString('latin1');
        // Inside of what looks like a value, where there is one.
        const places = [...text.matchAll(/": ?"|: |=|>|\r\n\r\n/g)].map(
          ({ index, 0: mark }) => index + mark.length,
        );
        const at = places.length === 0 ? below(text.length + 1) : pick(places);
        const head = Buffer.from(text.slice(0, at), 'latin1');
        const tail = Buffer.from(text.slice(at), 'latin1');
        const room = Math.max(1, size() - head.length - tail.length);
        return Buffer.concat([head, repeated(pick(NASTY) + pick(['', pick(NASTY)]), room), tail]);
      }
    }
  };
  return { shape, bytes: make().subarray(0, mostBytes) };
}

/** A sample with some of its bytes changed, cut out, doubled, or with something of another sample in it. */
function mutated(
  sample: Buffer,
  other: Buffer,
  below: (limit: number) => number,
  pick: <T>(list: readonly T[]) => T,
): Buffer {
  let bytes = Buffer.from(sample);
  for (let changes = 1 + below(6); changes > 0; changes -= 1) {
    const at = below(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + below(64));
    const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    switch (below(6)) {
      case 0:
        bytes = Buffer.concat([head, Buffer.from(part.map((byte) => byte ^ (1 + below(255)))), tail]);
        break;
      case 1:
        bytes = Buffer.concat([head, tail]);
        break;
      case 2:
        bytes = Buffer.concat([head, part, part, part, tail]);
        break;
      case 3:
        bytes = Buffer.concat([head, Buffer.from(pick(NASTY)), part, tail]);
        break;
      case 4:
        bytes = Buffer.concat([head, other.subarray(below(other.length)).subarray(0, 200), tail]);
        break;
      default:
        bytes = Buffer.from(
          bytes
            .toString('latin1')
            .replace(/\d+|true|false|null|"[^"]*"/g, (value) =>
              below(8) === 0
                ? pick(['-1', '1e999', '9007199254740993', 'null', '{}', '[]', '""', 'true'])
                : value,
            ),
          'latin1',
        );
    }
  }
  return bytes;
}
