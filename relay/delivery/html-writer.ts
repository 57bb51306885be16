import type { TokenizerCallbacks } from 'htmlparser2';
import { cleanAttribute, tagRule, type TagRule } from './allowed-html.ts';
import { withoutAngles } from './escape-html.ts';
import { type ElementKind, endsWith, OpenElements } from './open-elements.ts';

/** No mail is nested deeper on purpose; beyond it tags are left out and their words stay. */
const MOST_NESTED = 100;
/** What ends a line of the text; cells end with a space. */
const LINES: ReadonlySet<string> = new Set(
  'p div tr table li h1 h2 h3 h4 h5 h6 blockquote pre br hr'.split(' '),
);
const CELLS: ReadonlySet<string> = new Set(['td', 'th']);
const VOID: ReadonlySet<string> = new Set(
  'area base basefont br col command embed frame hr img input keygen link meta param source track wbr'.split(
    ' ',
  ),
);

/** All that is known of one tag, looked up once in a document. */
interface Kind extends ElementKind {
  readonly rule: TagRule;
  readonly isVoid: boolean;
  readonly ends: ReadonlySet<string> | null;
  /** What is written where it begins, up to its attributes, and where it ends. */
  readonly begin: string;
  readonly end: string;
  /** What its end is in the words. */
  readonly mark: string;
}

/**
 * Writes anew what a tokenizer reads: the tags and attributes that are allowed, all else escaped, every element closed.
 * References (`&lt;`) stand for characters, never for markup, and stay as they came. One pass, and a time that grows with the length alone, however the HTML is nested: the service does nothing else
 * meanwhile. `wantsText`: whether the words are kept beside it, for a mail that came without a text.
 */
export class HtmlWriter implements TokenizerCallbacks {
  readonly #source: string;
  #html = '';
  #words = '';
  readonly #wantsText: boolean;
  readonly #kinds = new Map<string, Kind>();
  readonly #open = new OpenElements<Kind>((kind, isWritten) => this.#closed(kind, isWritten));
  /** How many of the open elements are left out with what they hold, and how many were written. */
  #dropping = 0;
  #nested = 0;
  /** Text that was read and is not written yet: a part of the source. */
  #textFrom = 0;
  #textTo = 0;
  /** The tag under way. Its attributes are read only where it is written. */
  #kind = kindOf('');
  #isWritten = false;
  readonly #attributes = new Map<string, string>();
  #name: string | null = null;
  #value = '';

  constructor(source: string, wantsText: boolean) {
    this.#source = source;
    this.#wantsText = wantsText;
  }

  /** The HTML that was written, once the tokenizer has ended. */
  get html(): string {
    return this.#html;
  }

  /** The words of it, with a line for each block; not tidied yet, and with references as they came. */
  get words(): string {
    return this.#words;
  }

  ontext(start: number, end: number): void {
    // Stray characters come one by one: those that lie side by side are written together.
    if (start !== this.#textTo) this.#flushText();
    if (this.#textFrom === this.#textTo) this.#textFrom = start;
    this.#textTo = end;
  }

  onopentagname(start: number, end: number): void {
    this.#flushText();
    const kind = this.#lookUp(start, end);
    if (kind.ends !== null) this.#open.closeTop(kind.ends);
    this.#kind = kind;
    this.#isWritten = kind.rule.written !== null && this.#dropping === 0 && this.#nested < MOST_NESTED;
  }

  onattribname(start: number, end: number): void {
    if (!this.#isWritten) return;
    const name = this.#source.slice(start, end).toLowerCase();
    // The first of two counts.
    if (this.#kind.rule.allowsAttribute(name) && !this.#attributes.has(name)) this.#name = name;
  }

  onattribdata(start: number, end: number): void {
    if (this.#name !== null) this.#value += this.#source.slice(start, end);
  }

  onattribend(): void {
    if (this.#name === null) return;
    this.#attributes.set(this.#name, this.#value);
    this.#name = null;
    this.#value = '';
  }

  onopentagend(): void {
    const kind = this.#kind;
    if (this.#isWritten) this.#writeTag(kind);
    if (kind.isVoid) return;
    if (kind.rule.dropsContent) this.#dropping += 1;
    if (this.#isWritten) this.#nested += 1;
    this.#open.push(kind, this.#isWritten);
  }

  /** HTML knows elements without content by their names alone. */
  onselfclosingtag(): void {
    this.onopentagend();
  }

  onclosetag(start: number, end: number): void {
    this.#flushText();
    this.#open.close(this.#lookUp(start, end));
  }

  onend(): void {
    this.#flushText();
    this.#open.closeAll();
  }

  oncomment(): void {
    this.#flushText();
  }

  oncdata(): void {
    this.#flushText();
  }

  ondeclaration(): void {
    this.#flushText();
  }

  onprocessinginstruction(): void {
    this.#flushText();
  }

  /** References stay as they are: the tokenizer is told not to look for them. */
  ontextentity(): void {}

  onattribentity(): void {}

  #lookUp(start: number, end: number): Kind {
    const tag = this.#source.slice(start, end).toLowerCase();
    let kind = this.#kinds.get(tag);
    if (kind === undefined) {
      kind = kindOf(tag);
      this.#kinds.set(tag, kind);
    }
    return kind;
  }

  #writeTag(kind: Kind): void {
    this.#html += kind.begin;
    if (this.#attributes.size > 0) {
      for (const [name, value] of this.#attributes) {
        const clean = cleanAttribute(name, value);
        if (clean !== null) this.#html += ` ${name}="${clean}"`;
      }
      this.#attributes.clear();
    }
    this.#html += kind.isVoid ? ' />' : '>';
    if (kind.isVoid && this.#wantsText) this.#words += kind.mark;
  }

  #closed(kind: Kind, isWritten: boolean): void {
    if (kind.rule.dropsContent) this.#dropping -= 1;
    if (!isWritten) return;
    this.#nested -= 1;
    this.#html += kind.end;
    if (this.#wantsText) this.#words += kind.mark;
  }

  #flushText(): void {
    if (this.#textFrom === this.#textTo) return;
    const text = this.#source.slice(this.#textFrom, this.#textTo);
    this.#textFrom = this.#textTo;
    this.#writeText(text);
  }

  #writeText(text: string): void {
    if (this.#dropping > 0) return;
    this.#html += withoutAngles(text);
    if (this.#wantsText) this.#words += text;
  }
}

function kindOf(tag: string): Kind {
  const rule = tagRule(tag);
  return {
    tag,
    open: 0,
    rule,
    isVoid: VOID.has(tag),
    ends: endsWith(tag),
    begin: `<${rule.written}`,
    end: `</${rule.written}>`,
    mark: LINES.has(tag) ? '\n' : CELLS.has(tag) ? ' ' : '',
  };
}
