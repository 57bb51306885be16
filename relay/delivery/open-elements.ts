const P: ReadonlySet<string> = new Set(['p']);
const CELL: ReadonlySet<string> = new Set(['td', 'th']);
const ROW: ReadonlySet<string> = new Set(['tr', ...CELL]);
const SECTION: ReadonlySet<string> = new Set(['thead', 'tbody', 'tfoot', ...ROW]);
const TERM: ReadonlySet<string> = new Set(['dd', 'dt']);

/** Which elements end where another one begins, as HTML has it for those that may be left unclosed. */
const ENDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...(
    'address article aside blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre ' +
    'section table ul'
  )
    .split(' ')
    .map((tag): [string, ReadonlySet<string>] => [tag, P]),
  ['a', new Set(['a'])],
  ['li', new Set(['li', 'p'])],
  ['dd', TERM],
  ['dt', TERM],
  ['option', new Set(['option'])],
  ['td', CELL],
  ['th', CELL],
  ['tr', ROW],
  ['thead', SECTION],
  ['tbody', SECTION],
  ['tfoot', SECTION],
  ['body', new Set(['head'])],
]);

/** What the stack has to know of a tag. `open`: how many of them are open; one object stands for all of a document. */
export interface ElementKind {
  readonly tag: string;
  open: number;
}

/** Which elements end where such a tag begins; null where none does. */
export function endsWith(tag: string): ReadonlySet<string> | null {
  return ENDS.get(tag) ?? null;
}

/** The elements that are open at a place of an HTML text. Whatever is opened and closed, each costs the same. */
export class OpenElements<Kind extends ElementKind> {
  readonly #kinds: Kind[] = [];
  readonly #isWritten: boolean[] = [];
  readonly #onClosed: (kind: Kind, isWritten: boolean) => void;

  constructor(onClosed: (kind: Kind, isWritten: boolean) => void) {
    this.#onClosed = onClosed;
  }

  push(kind: Kind, isWritten: boolean): void {
    kind.open += 1;
    this.#kinds.push(kind);
    this.#isWritten.push(isWritten);
  }

  /** Closes those at the top whose tags are among these. */
  closeTop(tags: ReadonlySet<string>): void {
    for (let top = this.#kinds.at(-1); top !== undefined && tags.has(top.tag); top = this.#kinds.at(-1)) {
      this.#pop();
    }
  }

  /** Closes the innermost such element with all that is open inside of it. A stray end is known as one without a search. */
  close(kind: Kind): void {
    if (kind.open === 0) return;
    while (this.#pop() !== kind);
  }

  closeAll(): void {
    while (this.#pop() !== null);
  }

  #pop(): Kind | null {
    const kind = this.#kinds.pop();
    const isWritten = this.#isWritten.pop();
    if (kind === undefined) return null;
    kind.open -= 1;
    this.#onClosed(kind, isWritten === true);
    return kind;
  }
}
