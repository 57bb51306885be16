import type { ReportData } from './compose.ts';
import { SEVERITY_WORDS, type Tone, worstTone } from './tone.ts';

/** The whole computer in one glance. */
export interface ReportState {
  readonly tone: Tone;
  /** The state in a word, such as "critical"; null where the headline says it all. */
  readonly word: string | null;
  /** For the subject: "all right", "2 alerts firing", "mail path down". */
  readonly summary: string;
  /** Gets the installation's name and says it in a sentence. */
  headline(installation: string): string;
}

/** The worst that there is to say: alerts that fire, then the mail path, then what cannot be measured or is not watched. */
export function reportState(data: ReportData): ReportState {
  const { firing, delivery } = data;
  if (firing.length > 0) {
    const severity = firing.map((alert) => alert.severity);
    const tone = worstTone(severity, 'warning');
    const summary = `${counted(firing.length, 'alert')} firing`;
    const word = tone === 'critical' || tone === 'warning' ? SEVERITY_WORDS[tone] : SEVERITY_WORDS.info;
    return { tone, word, summary, headline: (name) => `${summary} on ${name}` };
  }
  if (delivery.routes.some((route) => route.state === 'down')) {
    return calm('critical', SEVERITY_WORDS.critical, 'mail path down', 'its mail path is down');
  }
  if (delivery.failed > 0) {
    const summary = `${counted(delivery.failed, 'mail')} failed`;
    return calm('warning', SEVERITY_WORDS.warning, summary, summary);
  }
  const unknown = unknownCount(data);
  if (unknown > 0) {
    const summary = `${counted(unknown, 'item')} unknown`;
    return calm('unknown', 'unknown', summary, `${counted(unknown, 'watched item')} cannot be measured`);
  }
  if (data.watched.every((item) => item.alertPhase === 'disabled')) {
    return calm('unknown', null, 'nothing watched', 'nothing is watched');
  }
  const headline = (name: string) => `Everything is all right on ${name}`;
  return { tone: 'ok', word: null, summary: 'all right', headline };
}

/** No alert fires, but something else is to be said. */
function calm(tone: Tone, word: string | null, summary: string, clause: string): ReportState {
  return { tone, word, summary, headline: (name) => `No alert is firing on ${name}, but ${clause}` };
}

function unknownCount(data: ReportData): number {
  return data.watched.filter((item) => item.alertPhase !== 'disabled' && item.reading.value === null).length;
}

/** "1 alert", "2 alerts". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
