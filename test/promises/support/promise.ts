/** What came of showing one promise. */
export interface Outcome {
  /** Points tried: kills, damages, jumps, whatever the promise counts. */
  readonly points: number;
  /** All there are, where only the run itself can tell. */
  readonly full?: number;
  /** Mails that should have come and did not. */
  readonly lost: number;
  /** Mails that came twice, whether that is allowed there or not. */
  readonly doubled: number;
  /** Everything that breaks the promise, lost mail included, in words. */
  readonly faults: readonly string[];
  /** Figures worth knowing besides. */
  readonly note?: string;
}

/** It could not be tried here, and why. */
export interface Skipped {
  readonly skipped: string;
}

/** One promise of QUALITY.md and how it is shown. */
export interface PromiseCheck {
  readonly id: string;
  readonly title: string;
  /** Points of a full run (`npm run promises`), and of the one in `npm test`. */
  readonly full: number;
  readonly quick: number;
  readonly run: (points: number, seed: number) => Promise<Outcome | Skipped>;
}

/** The faults of many points, with what each point was. */
export class Faults {
  readonly list: string[] = [];

  add(point: string, fault: string): void {
    this.list.push(`${point}: ${fault}`);
  }

  /** Notes a fault unless `holds`. */
  expect(holds: boolean, point: string, fault: string): void {
    if (!holds) this.add(point, fault);
  }
}
