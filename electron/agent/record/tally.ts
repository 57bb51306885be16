/** Lowest, mean and highest of what was added. */
export class Tally {
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #weight = 0;

  /** `weight` is the length of time for which `avg` stands, in any one unit. */
  add(min: number, avg: number, max: number, weight: number): void {
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
    this.#sum += avg * weight;
    this.#weight += weight;
  }

  get isEmpty(): boolean {
    return this.#weight === 0;
  }

  /** The mean; rounding never takes it beyond the lowest or the highest. */
  get avg(): number {
    return Math.min(this.max, Math.max(this.min, this.#sum / this.#weight));
  }
}
