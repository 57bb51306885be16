import type { Tone } from './tone.ts';

/**
 * What a mail says, before it is HTML or text. Facts are gathered into this once; both forms are written from it, so that
 * they hold the same facts in the same order. All strings are cleaned, single lines.
 */
export interface MailDocument {
  readonly tone: Tone;
  /** The state in a word or a few: "Critical", "Resolved after 23 min". */
  readonly state: string;
  /** What and where: "Disk nearly full on front-desk". */
  readonly headline: string;
  readonly sections: readonly Section[];
  /** Small print: where this comes from. */
  readonly smallPrint: readonly Fact[];
}

export interface Section {
  /** Null where the section needs no heading of its own. */
  readonly title: string | null;
  readonly blocks: readonly Block[];
}

/** A label and what belongs to it. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** One line of a list: what, its value, and a sentence that always says its state in words. */
export interface ListItem {
  readonly tone: Tone;
  readonly title: string;
  readonly value: string;
  readonly note: string | null;
}

/** A share of a whole, drawn as a bar. */
export interface Bar {
  readonly tone: Tone;
  readonly title: string;
  /** From 0 to 1; null where it is not known. */
  readonly fraction: number | null;
  readonly value: string;
  readonly note: string | null;
}

/** The past of some things: a chart for each of them in each column. */
export interface Charts {
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly ChartRow[];
}

/** A stretch of time. */
export interface ChartColumn {
  /** "Last 24 h", and the same in short where there is little room. */
  readonly title: string;
  readonly short: string;
  /** For how long a bar stands. */
  readonly bar: string;
  /** When it begins and ends. */
  readonly note: string;
}

export interface ChartRow {
  readonly title: string;
  /** What the height of a chart means: "0 to 100 %". */
  readonly scale: string;
  /** One for each column. */
  readonly charts: readonly Chart[];
}

export interface Chart {
  /** Heights from 0 to 1 in order of time; null is a gap. Empty where there is nothing to draw. */
  readonly bars: readonly (number | null)[];
  /** The figures in words, for whoever does not see the bars. */
  readonly note: string;
}

export type Block =
  | {
      /** The one number that matters, big, with its limit. */
      readonly kind: 'figure';
      readonly tone: Tone;
      readonly title: string;
      readonly value: string;
      readonly limit: string;
      readonly note: string | null;
    }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }
  | { readonly kind: 'bars'; readonly bars: readonly Bar[] }
  | ({ readonly kind: 'charts' } & Charts)
  | { readonly kind: 'paragraphs'; readonly paragraphs: readonly string[] }
  /** Somebody else's text, its lines kept as they are. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

/** A section of one block. */
export function section(title: string | null, ...blocks: readonly Block[]): Section {
  return { title, blocks };
}

export function paragraphs(...lines: readonly string[]): Block {
  return { kind: 'paragraphs', paragraphs: lines };
}

/** Facts from pairs; a pair without a value is left out. */
export function facts(...pairs: readonly (readonly [label: string, value: string | null])[]): Block {
  return { kind: 'facts', facts: presentFacts(pairs) };
}

/** The pairs that have a value. */
export function presentFacts(pairs: readonly (readonly [label: string, value: string | null])[]): Fact[] {
  return pairs.flatMap(([label, value]) => (value === null || value === '' ? [] : [{ label, value }]));
}
