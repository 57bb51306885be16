import type { MetricName } from '../../../shared/model/metrics.ts';
import type { MetricRequest, Reading } from '../../../shared/model/sample.ts';

/** The time of one measuring, read once so that all rates of a cycle agree. */
export interface MeasureTime {
  /** Wall-clock milliseconds since the epoch, for ages of files and the like. */
  readonly now: number;
  /** Monotonic milliseconds, for rates and durations. */
  readonly monotonic: number;
}

/** How often a source is asked that is slow, or whose figures change slowly. */
export const MINUTE_MS = 60_000;

/**
 * One place that metrics are read from, such as /proc/stat or a TCP connect. It keeps whatever it needs between two
 * measurings (the previous counters of a rate, an open file) and nothing else.
 */
export interface MetricSource {
  readonly metrics: readonly MetricName[];
  /**
   * The cost class: for so many milliseconds the collector keeps a reading and does not ask again. Every cycle where it
   * is left out, which is right for what costs microseconds or must be noticed at once.
   */
  readonly everyMs?: number;
  /**
   * Measures all requests of one cycle, all of them for this source's metrics; the answers stand in the order of the
   * requests. What can be read at once is returned as it is; what takes time is a promise, which never rejects and
   * ends within the source's own deadline. A thing that cannot be measured is an unknown reading with its reason.
   */
  measure(requests: readonly MetricRequest[], time: MeasureTime): readonly (Reading | Promise<Reading>)[];
  /** Closes files and sockets. The source is not used afterwards. */
  close?(): void;
}

/** What there is on this computer, for status reports and for the choice of targets. */
export interface Inventory {
  readonly hostName: string;
  /** Such as "Debian GNU/Linux 12 (bookworm)". */
  readonly operatingSystem: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly cpuModel: string;
  readonly cpuCores: number;
  readonly memoryTotalBytes: number;
  /** File systems that hold data: no pseudo file systems, each device once. */
  readonly disks: readonly DiskEntry[];
  /** Network interfaces except loopback. */
  readonly interfaces: readonly InterfaceEntry[];
}

export interface DiskEntry {
  readonly mount: string;
  readonly fileSystem: string;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  /** What programs without special rights may still write. */
  readonly freeBytes: number;
}

export interface InterfaceEntry {
  readonly name: string;
  readonly state: 'up' | 'down';
  readonly addresses: readonly string[];
}

/** A computer that can be measured: the sources of one operating system, and what is on it. */
export interface Platform {
  readonly sources: readonly MetricSource[];
  inventory(): Promise<Inventory>;
}
